#!/usr/bin/env python3
"""The lessons, executed: every block of every lesson, in each language.

    scripts/lessons/run.py              all lessons
    scripts/lessons/run.py al2 --lang ru

The fenced blocks of a lesson are taken in order, in a fresh folder with the files of
content/alembic/lessons/<module>/ (whose setup.sh, if any, is run first, and is not left there).
A `bash` block is run; what it exports and where it goes holds for the next. HTML comments above
a block say the rest:

    <!-- file: path -->   write the block there           <!-- fails -->         must end with an error
    <!-- edit: path -->   a `diff` block: change a file   <!-- output -->        what the block before printed
    <!-- run -->          run a `python` block            <!-- shows: path -->   an excerpt of a file
    <!-- skip: reason --> cannot be run; still has to be valid in its language

A line `...` in an output or an excerpt stands for any lines. The lesson's folder is /city in outputs,
its tools are /venv, and what else must vary is listed in compare.py. A database `city` is at
postgresql+psycopg://app:secret@localhost/city, empty at the start of each lesson.
"""

import argparse
import fcntl
import hashlib
import os
import subprocess
import sys
import time
import venv as virtual
from pathlib import Path

sys.dont_write_bytecode = True  # The folder of sources stays as it is.

import compare  # noqa: E402
from database import Database  # noqa: E402
from execute import Execution  # noqa: E402
from lesson import Lesson, LessonError, read  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "content/alembic"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
LANGUAGES = ("ru", "en")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("modules", nargs="*", help="such as al2; all when none is named")
    options.add_argument("--lang", choices=LANGUAGES, help="only this language")
    chosen = options.parse_args()
    languages = [chosen.lang] if chosen.lang else list(LANGUAGES)
    try:
        lessons = _lessons(chosen.modules, languages)
    except LessonError as error:
        print(error)
        return 1
    url = os.environ.get("LESSONS_POSTGRES")
    problems = _run(lessons, Database(url)) if url else _differences(lessons)
    for problem in problems:
        print(f"\n{problem}", flush=True)
    failed = False if url else _each_under_postgres(chosen.modules, languages)
    return 1 if problems or failed else 0


def _differences(lessons: list[Lesson]) -> list[str]:
    """What one language of a lesson has and the next has not."""
    pairs = [(one, other) for one, other in zip(lessons, lessons[1:]) if one.module == other.module]
    return [problem for pair in pairs for problem in compare.languages(*pair)]


def _each_under_postgres(modules: list[str], languages: list[str]) -> bool:
    """Runs this program for each language side by side, each with a server; whether any failed."""
    _tools()
    again = 'LESSONS_POSTGRES="$DATABASE_URL" exec "$@"'
    start = [str(ROOT / "scripts/with-postgres.sh"), "sh", "-c", again, "sh", sys.executable, __file__, *modules]
    running = [
        subprocess.Popen([*start, "--lang", language], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for language in languages
    ]
    for process in running:
        print(process.communicate()[0], end="", flush=True)
    return any(process.returncode != 0 for process in running)


def _lessons(modules: list[str], languages: list[str]) -> list[Lesson]:
    """The named modules, or all; each in every language, side by side."""
    paths = {
        (path.stem.split("-", 1)[1], language): path
        for language in languages
        for path in (COURSE / language).glob("*-al[0-9]*.md")
    }
    wanted = [(module, language) for module in modules or sorted({it[0] for it in paths}) for language in languages]
    missing = [" ".join(key) for key in wanted if key not in paths]
    if missing or not wanted:
        raise LessonError(f"{COURSE.relative_to(ROOT)}: no lesson {', '.join(missing)}")
    return [read(paths[key], paths[key].relative_to(ROOT)) for key in wanted]


def _run(lessons: list[Lesson], database: Database) -> list[str]:
    tools = _tools()
    problems: list[str] = []
    for lesson in lessons:
        began = time.monotonic()
        database.fresh()
        execution = Execution(lesson, COURSE / "lessons" / lesson.module, tools, _environment(tools, database))
        execution.run()
        problems += execution.problems
        counts = ", ".join(f"{count} {purpose}" for purpose, count in sorted(execution.counts.items()))
        verdict = f"{len(execution.problems)} PROBLEMS" if execution.problems else "ok"
        seconds = time.monotonic() - began
        print(f"{lesson.module} {lesson.language}: {len(lesson.blocks)} blocks ({counts}): {verdict}, {seconds:.1f} s", flush=True)
        for block in lesson.blocks:
            if block.purpose == "skip":
                print(f"    {block.place}: skipped: {block.directives['skip']}")
    return problems


def _tools() -> Path:
    """The virtual environment of the lessons, made anew when what it holds has changed, or its place."""
    folder = ROOT / "target/lessons"
    folder.mkdir(parents=True, exist_ok=True)
    tools, stamp = folder / "venv", folder / "stamp"
    settings = f"{sys.version} {tools}"
    holds = hashlib.sha256(REQUIREMENTS.read_bytes() + settings.encode()).hexdigest()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != holds:
            stamp.unlink(missing_ok=True)
            # A Python of Debian can make no pip of its own, so the one that is there is used.
            virtual.create(tools, clear=True, with_pip=False)
            pip = [sys.executable, "-m", "pip", "--python", str(tools / "bin/python")]
            install = ["install", "--quiet", "--disable-pip-version-check", "--requirement", str(REQUIREMENTS)]
            subprocess.run([*pip, *install], check=True)
            stamp.write_text(holds)
    return tools


def _environment(tools: Path, database: Database) -> dict[str, str]:
    """What a block starts with: nothing of this machine, and output as in a terminal of 80 columns."""
    return {
        "PATH": f"{tools}/bin:/usr/local/bin:/usr/bin:/bin",
        "VIRTUAL_ENV": str(tools),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": "80",
        "NO_COLOR": "1",
        # In a terminal, what goes to stdout and stderr comes in order.
        "PYTHONUNBUFFERED": "1",
        # A file written twice within a second would be taken for the same.
        "PYTHONDONTWRITEBYTECODE": "1",
        # All is installed already: a lesson's `pip install` finds it there, and asks nobody.
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        **database.environment(),
    }


if __name__ == "__main__":
    sys.exit(main())
