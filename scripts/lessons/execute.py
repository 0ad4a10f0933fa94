"""Runs the blocks of one lesson in a fresh folder, as a reader would in one terminal."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

import compare
from lesson import SHELLS, Block, Lesson

SECONDS = 180
COMMAND_NOT_FOUND = 127
# What the folder of the lesson and the one of its tools are called in what a lesson shows.
FOLDER, TOOLS = "/city", "/venv"
# Runs a block in the state that the one before left, and leaves its own.
TERMINAL = """
cd "$(cat "$1/folder")"
[ ! -e "$1/environment" ] || . "$1/environment"
trap 'export -p > "$1/environment"; pwd > "$1/folder"' EXIT
set -euo pipefail
. "$1/block"
"""


class Execution:
    """One lesson in one language, block after block."""

    def __init__(self, lesson: Lesson, start: Path, venv: Path, environment: dict[str, str]) -> None:
        self.lesson = lesson
        self.venv = venv
        self.problems: list[str] = []
        self.counts: Counter[str] = Counter()
        self._environment = environment
        self._output: str | None = None
        self._groups: list[int] = []
        # The name is always as long, since Alembic breaks its lines by their length; and not
        # TMPDIR, for the same reason.
        self._root = Path(tempfile.mkdtemp(prefix="lesson-", dir="/tmp"))
        self._folder = self._root / "city"
        self._state = self._root / "state"
        self._state.mkdir()
        (self._state / "folder").write_text(f"{self._folder}\n")
        if start.is_dir():
            shutil.copytree(start, self._folder)
        else:
            self._folder.mkdir()

    def run(self) -> None:
        """Runs every block; the first that cannot be run ends the lesson."""
        try:
            if not self._set_up():
                return
            for block in self.lesson.blocks:
                self.counts[block.purpose] += 1
                if not self._take(block):
                    self.problems.append(f"{block.place}: the rest of the lesson was not run")
                    return
        finally:
            self._clean_up()

    def _set_up(self) -> bool:
        """Runs `setup.sh` of the starting files: what earlier lessons have done."""
        script = self._folder / "setup.sh"
        if not script.exists():
            return True
        text = script.read_text(encoding="utf-8")
        script.unlink()
        code, output = self._shell(text)
        if code != 0:
            self.problems.append(f"{self.lesson.module}/setup.sh: ended with {code}\n{output}")
        return code == 0

    def _take(self, block: Block) -> bool:
        match block.purpose:
            case "run":
                return self._run(block)
            case "file":
                return self._write(block)
            case "edit":
                return self._edit(block)
            case "output":
                self._compare_output(block)
            case "shows":
                self._compare_file(block)
            case "skip":
                return self._well_formed(block)
        return True

    def _run(self, block: Block) -> bool:
        text = block.text
        if block.language not in SHELLS:
            (self._state / "block.py").write_text(text, encoding="utf-8")
            text = f'PYTHONPATH=. python "{self._state}/block.py"'
        code, self._output = self._shell(text)
        if code == COMMAND_NOT_FOUND:
            self.problems.append(f"{block.place}: a command was not found\n{self._output}")
            return False
        if "fails" in block.directives:
            if code == 0:
                self.problems.append(f"{block.place}: should have failed, but did not\n{self._output}")
            return code != 0
        if code != 0:
            self.problems.append(f"{block.place}: ended with {code}\n{self._output}")
        return code == 0

    def _shell(self, text: str) -> tuple[int, str]:
        (self._state / "block").write_text(text, encoding="utf-8")
        later = (self._state / "environment").exists()
        with (self._state / "output").open("w+b") as output:
            process = subprocess.Popen(
                ["/bin/bash", "-c", TERMINAL, "bash", str(self._state)],
                env={} if later else self._environment | {"HOME": str(self._root)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._groups.append(process.pid)
            try:
                code = process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                code = process.wait()
            output.seek(0)
            printed = output.read().decode("utf-8", "replace")
        # The file that the block was read from is no name a reader could know.
        printed = printed.replace(f"{self._state}/block: ", "bash: ").replace(f"{self._state}/block.py", "block.py")
        return code, printed.replace(str(self._folder), FOLDER).replace(str(self.venv), TOOLS)

    def _path(self, block: Block) -> Path | None:
        name = block.directives[block.purpose]
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            self.problems.append(f"{block.place}: {name} is outside the lesson's folder")
            return None
        return path

    def _write(self, block: Block) -> bool:
        path = self._path(block)
        if path is None or not self._well_formed(block):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        return True

    def _edit(self, block: Block) -> bool:
        """Changes the only place of the file that has the lines of each hunk."""
        path = self._existing(block)
        if path is None:
            return False
        lines = path.read_text(encoding="utf-8").splitlines()
        for hunk in _hunks(block.text):
            before = [line[1:] for line in hunk if line[:1] != "+"]
            after = [line[1:] for line in hunk if line[:1] != "-"]
            found = [at for at in range(len(lines)) if before and lines[at : at + len(before)] == before]
            if len(found) != 1:
                text = "\n".join(before)
                self.problems.append(f"{block.place}: these lines are {len(found)} times in {path.name}\n{text}")
                return False
            lines[found[0] : found[0] + len(before)] = after
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return True

    def _existing(self, block: Block) -> Path | None:
        name = block.directives[block.purpose]
        found = sorted(self._folder.glob(name))
        if len(found) != 1:
            self.problems.append(f"{block.place}: {name} is {len(found)} files, not one")
            return None
        return found[0]

    def _compare_output(self, block: Block) -> None:
        if self._output is None:
            self.problems.append(f"{block.place}: no block was run before this output")
            return
        shown, real = compare.normal(block.text), compare.normal(self._output)
        self._note(block, compare.difference(shown, real, block.place))

    def _compare_file(self, block: Block) -> None:
        path = self._existing(block)
        if path is None:
            return
        shown, real = compare.normal(block.text), compare.normal(path.read_text(encoding="utf-8"))
        self._note(block, compare.excerpt_difference(shown, real, block.place, path.name))

    def _note(self, block: Block, diff: str) -> None:
        if diff:
            self.problems.append(f"{block.place}: not what the lesson shows\n{diff}")

    def _well_formed(self, block: Block) -> bool:
        """Whether a block that is only written, or skipped, is at least in its language."""
        error = _syntax_error(block, self.venv)
        if error:
            self.problems.append(f"{block.place}: no valid {block.language}: {error}")
        return not error

    def _clean_up(self) -> None:
        for group in self._groups:
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                pass  # All that the block started has ended.
        shutil.rmtree(self._root)


def _hunks(diff: str) -> list[list[str]]:
    hunks: list[list[str]] = [[]]
    for line in diff.splitlines():
        if line.startswith("@@"):
            hunks.append([])
        else:
            hunks[-1].append(line or " ")
    return [hunk for hunk in hunks if hunk]


def _syntax_error(block: Block, venv: Path) -> str:
    try:
        match block.language:
            case "python":
                compile(block.text, block.place, "exec")
            case "toml":
                tomllib.loads(block.text)
            case "json":
                json.loads(block.text)
            case "bash" | "sh":
                return _complaint(["/bin/bash", "-n"], block.text)
            case "yaml" | "yml":
                reads = "import sys, yaml; yaml.safe_load(sys.stdin)"
                return _complaint([str(venv / "bin/python"), "-c", reads], block.text)
    except (SyntaxError, tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        return str(error)
    return ""


def _complaint(command: list[str], text: str) -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip() or f"ended with {done.returncode}"
