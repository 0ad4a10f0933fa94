"""Tests of the verification itself: what is wrong has to be seen."""

import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tools
from cases import Case, CaseError, build_member, list_cases, read_mutant
from judge import judge
from pipeline import Reuse, fingerprint, upload

sys.path.insert(0, str(tools.PRACTICE / "grader"))

from proof import audience, state
from samples import as_on_runner, list_blobs
from verify import Outcome, choose, table

MUTANT = """
title = { ru = "нет отката", en = "no downgrade" }
base = "gold"
bands = ["C"]
pointer = "al5-downgrade"
"""


def case(**changes) -> Case:
    fields = {
        "practice": "basic",
        "name": "01-x",
        "base": "gold",
        "title": {"ru": "а", "en": "a"},
        "bands": ("C",),
        "pointer": "al5-downgrade",
    }
    return Case(**(fields | changes))


def sheet(**changes) -> dict:
    pointers = [{"section": "al5-downgrade"}, {"section": "al2-autogenerate"}]
    return {"grade": "C", "pointers": pointers, "findings": [{}], "missing": []} | changes


class Judging(unittest.TestCase):
    def test_a_sheet_as_expected_passes(self):
        self.assertEqual(judge(case(), sheet()), [])

    def test_a_wrong_band_is_caught(self):
        self.assertEqual(judge(case(), sheet(grade="S")), ["the band is S, not C"])

    def test_one_of_several_bands_is_enough(self):
        self.assertEqual(judge(case(bands=("A", "B")), sheet(grade="B")), [])

    def test_a_wrong_first_pointer_is_caught(self):
        wrong = judge(case(pointer="al2-autogenerate"), sheet())
        self.assertEqual(wrong, ["the first pointer is al5-downgrade, not al2-autogenerate"])

    def test_a_pointer_because_of_another_finding_is_caught(self):
        found = sheet(pointers=[{"section": "al5-downgrade", "because": "tests.unit.test_x::test_y"}])
        self.assertEqual(judge(case(because="test_y$"), found), [])
        self.assertTrue(judge(case(because="test_z$"), found))

    def test_a_pointer_where_none_is_due_is_caught(self):
        self.assertTrue(judge(case(pointer=None), sheet()))

    def test_a_finding_without_any_pointer_is_caught(self):
        wrong = judge(case(pointer=None), sheet(pointers=[]))
        self.assertEqual(wrong, ["the first of 1 findings leads to no section"])

    def test_a_missing_report_is_caught(self):
        lost = [{"artifact": "back-reports", "path": "junit.xml"}]
        wrong = judge(case(), sheet(missing=lost))
        self.assertEqual(wrong, ["missing reports: back-reports/junit.xml, expected: none"])

    def test_a_report_that_should_be_missing_and_is_there_is_caught(self):
        self.assertTrue(judge(case(missing=("back-reports/junit.xml",)), sheet()))

    def test_a_sheet_without_the_list_of_missing_reports_is_caught(self):
        bare = sheet()
        del bare["missing"]
        self.assertTrue(judge(case(), bare))

    def test_no_sheet_is_caught(self):
        self.assertEqual(judge(case(), None), ["there is no grade sheet"])


class Cases(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = Path(holder.name)
        self.write("starter/back/a.py", "x = 1\n")
        self.write("starter/back/b.py", "keep\n")
        self.write("gold/basic/back/a.py", "x = 2\n")
        self.write("gold/advanced/back/a.py", "x = 3\n")
        self.write("mutants/basic/01-x/mutant.toml", MUTANT)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def build(self, chosen: Case, name: str) -> Path:
        out = self.root / "out" / name
        build_member(self.root, chosen, out)
        return out

    def read(self, text: str = MUTANT) -> Case:
        self.write("mutants/basic/01-x/mutant.toml", text)
        return read_mutant("basic", self.root / "mutants/basic/01-x")

    def test_layers_lie_over_one_another(self):
        first = self.build(case(base="starter"), "1") / "back/a.py"
        advanced = self.build(case(practice="advanced", base="starter"), "2") / "back/a.py"
        last = self.build(case(practice="advanced"), "3") / "back/a.py"
        self.assertEqual([first.read_text(), advanced.read_text(), last.read_text()], ["x = 1\n", "x = 2\n", "x = 3\n"])

    def test_a_mutant_lays_over_deletes_and_replaces(self):
        self.write("mutants/basic/01-x/back/c.py", "new\n")
        text = MUTANT + 'delete = ["back/b.py"]\n[[replace]]\npath = "back/a.py"\nold = "2"\nnew = "9"\n'
        out = self.build(self.read(text), "1")
        self.assertEqual((out / "back/a.py").read_text(), "x = 9\n")
        self.assertEqual((out / "back/c.py").read_text(), "new\n")
        self.assertFalse((out / "back/b.py").exists() or (out / "mutant.toml").exists())

    def test_a_replacement_that_no_longer_fits_is_caught(self):
        text = MUTANT + '[[replace]]\npath = "back/a.py"\nold = "gone"\nnew = "9"\n'
        with self.assertRaisesRegex(CaseError, "0 times"):
            self.build(self.read(text), "1")

    def test_deleting_what_is_not_there_is_caught(self):
        with self.assertRaisesRegex(CaseError, "nothing at"):
            self.build(self.read(MUTANT + 'delete = ["back/none.py"]\n'), "1")

    def test_wrong_fields_are_caught(self):
        for broken in ('bands = ["C"]', 'base = "gold"', 'pointer = "al5-downgrade"'):
            with self.assertRaises(CaseError):
                self.read(MUTANT.replace(broken, ""))
        for extra in ("colour = 1", "bands = []", 'base = "silver"'):
            name = extra.split(" ")[0]
            lines = [line for line in MUTANT.splitlines() if not line.startswith(name)]
            with self.assertRaises(CaseError):
                self.read("\n".join([*lines, extra]))

    def test_all_cases_are_listed_and_a_filter_that_fits_none_is_caught(self):
        names = [found.id for found in list_cases(self.root)]
        self.assertEqual(names, ["basic/gold", "basic/01-x", "advanced/gold"])
        with self.assertRaises(CaseError):
            choose(list_cases(self.root), ["nothing like it"])


class Reports(unittest.TestCase):
    def test_an_artifact_is_a_streamed_zip_that_can_be_read(self):
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            (root / "reports/coverage").mkdir(parents=True)
            (root / "reports/coverage/x.json").write_text("{}")
            (root / "reports/flake8.txt").write_text("")
            upload(root / "reports", root / "a.zip")
            with zipfile.ZipFile(root / "a.zip") as archive:
                self.assertEqual(archive.namelist(), ["coverage/x.json", "flake8.txt"])
                self.assertTrue(all(info.flag_bits & 8 for info in archive.infolist()))

    def test_a_blob_has_the_id_that_git_gives_it(self):
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "back").mkdir()
            (Path(name) / "back/a.txt").write_text("hello\n")
            (blob,) = list_blobs(Path(name))
            self.assertEqual((blob["path"], blob["size"]), ("back/a.txt", 6))
            self.assertEqual(blob["sha"], "ce013625030ba8dba906f756967f9e9ca394464a")

    def test_a_sample_does_not_tell_where_it_was_made(self):
        target = str(tools.TARGET)
        said = f'hostname="box" {target}/cases/basic/01-x/tree/back/a.py {target}/npm-front-0a1/x'
        moved = as_on_runner(said.encode()).decode()
        self.assertNotIn(target, moved)
        self.assertNotIn("box", moved)
        self.assertIn("/alembic-practice/back/a.py", moved)

    def test_a_statement_is_what_sha256sum_writes_and_leaves_out_what_was_not_made(self):
        hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        world = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
        said = state([f"grade-reports={hello}", f"back-reports=sha256:{world}", "e2e-reports="])
        self.assertEqual(said, f"{world}  back-reports\n{hello}  grade-reports\n")
        self.assertRegex(audience(said), "^docent#sha256=[0-9a-f]{64}$")
        for wrong in (["a=b"], [f"a\nb={hello}"], ["e2e-reports="]):
            with self.assertRaises(SystemExit):
                state(wrong)

    def test_the_same_bytes_are_checked_once_and_other_bytes_again(self):
        with tempfile.TemporaryDirectory() as name:
            tree = Path(name)
            (tree / "back").mkdir()
            (tree / "back/a.py").write_text("1")
            made, reuse = [], Reuse()
            for text in ("1", "1", "2"):
                (tree / "back/a.py").write_text(text)
                reuse.get(fingerprint(tree, ("back",)), lambda: made.append(1) or tree)
            self.assertEqual(len(made), 2)

    def test_a_case_that_went_wrong_is_marked_in_the_table(self):
        text = table([Outcome(case(), None, ["there is no grade sheet"], 1.0)])
        self.assertIn("! basic/01-x", text)


if __name__ == "__main__":
    unittest.main()
