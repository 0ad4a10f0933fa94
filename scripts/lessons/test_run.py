"""The runner itself: what is wrong in a lesson is found."""

import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import compare  # noqa: E402
from execute import Execution  # noqa: E402
from lesson import Lesson, LessonError, read  # noqa: E402

ENVIRONMENT = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LANG": "C.UTF-8"}


class Case(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def lesson(self, text: str, language: str = "en") -> Lesson:
        path = self.folder / language / "11-al1.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return read(path, path.relative_to(self.folder))

    def run_lesson(self, text: str) -> str:
        """All problems of a lesson."""
        execution = Execution(self.lesson(text), self.folder / "start", Path(sys.prefix), ENVIRONMENT)
        execution.run()
        return "\n".join(execution.problems)

    def refused(self, text: str) -> str:
        with self.assertRaises(LessonError) as caught:
            self.lesson(text)
        return str(caught.exception)


class Reading(Case):
    def test_a_block_without_a_directive_is_refused(self) -> None:
        self.assertIn("en/11-al1.md:3: a `text` block without", self.refused("A\n\n```text\nx\n```\n"))
        self.assertIn("a `plain` block without", self.refused("```\nx\n```\n"))
        self.assertIn("a `python` block without", self.refused("```python\nx\n```\n"))

    def test_an_unknown_directive_is_refused(self) -> None:
        self.assertIn("unknown directive `outptu`", self.refused("<!-- outptu -->\n```text\nx\n```\n"))
        self.assertIn("write `skip: ...`", self.refused("<!-- skip -->\n```text\nx\n```\n"))

    def test_a_directive_without_its_block_is_refused(self) -> None:
        self.assertIn(":1: no block follows", self.refused("<!-- output -->\nProse\n\n```bash\ntrue\n```\n"))
        self.assertIn(":3: no block follows", self.refused("```bash\ntrue\n```\n<!-- output -->\n".replace("true\n", "", 1)))
        self.assertIn("on a line of its own", self.refused("Prose <!-- skip: x -->\n"))

    def test_directives_that_exclude_each_other_are_refused(self) -> None:
        self.assertIn("exclude each other", self.refused("<!-- output -->\n<!-- skip: x -->\n```text\nx\n```\n"))
        self.assertIn("only about a block that is run", self.refused("<!-- fails -->\n<!-- output -->\n```text\nx\n```\n"))

    def test_a_comparison_with_nothing_is_refused(self) -> None:
        self.assertIn("nothing is compared", self.refused("<!-- output -->\n```text\n...\n```\n"))
        self.assertIn("nothing is compared", self.refused("<!-- shows: x -->\n```text\n```\n"))

    def test_a_block_that_is_never_closed_is_refused(self) -> None:
        self.assertIn(":2: the block is never closed", self.refused("A\n```bash\ntrue\n"))


    def test_a_file_that_only_a_comment_names_is_refused(self) -> None:
        text = "#### A {#a}\nWrite x.py:\n\n#### B {#b}\nThis:\n\n<!-- file: app/x.py -->\n```python\nx\n```\n"
        self.assertIn(":8: the section does not name x.py", self.refused(text))
        self.lesson(text.replace("This", "`x.py`"))


class Running(Case):
    def test_a_right_lesson_has_no_problem(self) -> None:
        text = (
            "x.py:\n<!-- file: app/x.py -->\n```python\nprint('one')\nprint('two')\n```\n"
            "```bash\ncd app\nexport NAME=city\n```\n"
            "```bash\npython x.py; echo $NAME\n```\n"
            "<!-- output -->\n```text\n...\ntwo\ncity\n```\n"
            "<!-- edit: app/x.py -->\n```diff\n print('one')\n-print('two')\n+print('three')\n```\n"
            "<!-- shows: app/x.py -->\n```python\nprint('three')\n```\n"
            "<!-- fails -->\n```bash\necho broken; false; echo not reached\n```\n"
            "<!-- output -->\n```text\nbroken\n```\n"
        )
        self.assertEqual(self.run_lesson(text), "")

    def test_a_wrong_output_is_found(self) -> None:
        problems = self.run_lesson("```bash\necho right\n```\n<!-- output -->\n```text\nwrong\n```\n")
        self.assertIn("en/11-al1.md:5: not what the lesson shows", problems)
        self.assertIn("-wrong\n+right", problems)

    def test_an_output_of_nothing_is_found(self) -> None:
        self.assertIn("no block was run before", self.run_lesson("<!-- output -->\n```text\nx\n```\n"))

    def test_a_failing_block_is_found_and_ends_the_lesson(self) -> None:
        problems = self.run_lesson("```bash\necho before; false | cat\n```\n```bash\ntouch after\n```\n")
        self.assertIn("en/11-al1.md:1: ended with 1\nbefore", problems)
        self.assertIn("the rest of the lesson was not run", problems)

    def test_a_block_that_should_fail_and_does_not_is_found(self) -> None:
        self.assertIn("should have failed", self.run_lesson("<!-- fails -->\n```bash\ntrue\n```\n"))

    def test_a_mistyped_command_is_no_expected_failure(self) -> None:
        self.assertIn("was not found", self.run_lesson("<!-- fails -->\n```bash\nalembik upgrade head\n```\n"))

    def test_an_edit_needs_its_only_place(self) -> None:
        start = "x:\n<!-- file: x -->\n```text\na\na\n```\n<!-- edit: x -->\n```diff\n"
        self.assertIn("are 2 times in x", self.run_lesson(f"{start}-a\n+b\n```\n"))
        self.assertIn("are 0 times in x", self.run_lesson(f"{start}-c\n+b\n```\n"))

    def test_a_wrong_excerpt_and_a_missing_file_are_found(self) -> None:
        start = "x:\n<!-- file: x -->\n```text\na\nb\n```\n"
        self.assertIn("-c", self.run_lesson(f"{start}<!-- shows: x -->\n```text\na\nc\n```\n"))
        self.assertIn("is 0 files", self.run_lesson(f"{start}<!-- shows: y* -->\n```text\na\n```\n"))

    def test_a_skipped_block_is_still_read(self) -> None:
        self.assertIn("no valid python", self.run_lesson("<!-- skip: needs Docker -->\n```python\ndef x(\n```\n"))
        self.assertIn("no valid bash", self.run_lesson("<!-- skip: needs Docker -->\n```bash\nif\n```\n"))

    def test_no_file_is_written_outside_the_folder(self) -> None:
        self.assertIn("outside", self.run_lesson("x:\n<!-- file: ../x -->\n```text\na\n```\n"))

    def test_the_set_up_runs_first_and_its_failure_is_found(self) -> None:
        (self.folder / "start").mkdir()
        (self.folder / "start/setup.sh").write_text("export READY=yes\n")
        self.assertEqual(self.run_lesson("```bash\necho $READY $(ls)\n```\n<!-- output -->\n```text\nyes\n```\n"), "")
        (self.folder / "start/setup.sh").write_text("false\n")
        self.assertIn("al1/setup.sh: ended with 1", self.run_lesson("```bash\ntrue\n```\n"))


class Comparing(Case):
    def test_only_what_must_vary_is_left_out(self) -> None:
        self.assertEqual(
            compare.normal("Running upgrade  -> ee6efb4a28b3 at 2026-11-01 10:00:00.12, port 5433, in 0.53s"),
            compare.normal("Running upgrade  -> 0123456789ab at 2027-01-31 00:00:01, port 5432, in 1.20s"),
        )
        self.assertNotEqual(compare.normal("0001 -> 0002"), compare.normal("0001 -> 0003"))

    def test_any_lines_do_not_hide_a_missing_one(self) -> None:
        self.assertTrue(compare.matches(["a", "...", "c"], ["a", "b", "b", "c"]))
        self.assertFalse(compare.matches(["a", "...", "d", "...", "c"], ["a", "b", "c"]))
        self.assertFalse(compare.matches(["a", "...", "a"], ["a"]))
        self.assertFalse(compare.matches(["...", "b"], ["b", "c"]))

    def differences(self, ru: str, en: str) -> list[str]:
        return compare.languages(self.lesson(ru, "ru"), self.lesson(en, "en"))

    def test_languages_may_differ_in_prose_only(self) -> None:
        ru = '#### Имя {#a}\nx.py\n<!-- file: x.py -->\n```python\nx = "город"  # имя\n```\n'
        en = '#### Name {#a}\nx.py\n<!-- file: x.py -->\n```python\nx = "city"  # the name\n```\n'
        self.assertEqual(self.differences(ru, en), [])

    def test_differences_of_languages_are_found(self) -> None:
        ru = "#### Имя {#a}\n```bash\nalembic upgrade head\n```\n<!-- output -->\n```text\nx\n```\n"
        for changed in (
            ru.replace("head", "+1"),
            ru.replace("```text\nx", "```text\ny"),
            ru.replace("#a", "#b"),
            ru.replace("<!-- output -->", "<!-- skip: x -->"),
            ru.split("<!--")[0],
        ):
            self.assertEqual(len(self.differences(ru, changed)), 1, changed)
        code = '<!-- run -->\n```python\nprint("a")\n```\n'
        self.assertEqual(len(self.differences(code, code.replace('"a"', '"b"'))), 1)


if __name__ == "__main__":
    unittest.main()
