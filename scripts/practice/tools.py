"""What the checks need, installed once under target/practice and used again: Python, npm, a browser."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PRACTICE = REPOSITORY / "content/alembic/practice"
TARGET = Path(os.environ.get("PRACTICE_TARGET") or REPOSITORY / "target/practice")


def digest(*files: Path) -> str:
    joined = hashlib.sha256()
    for file in files:
        joined.update(file.read_bytes())
    return joined.hexdigest()[:12]


def run(command: list[str], cwd: Path | None = None, env: dict | None = None) -> str:
    """Runs a command and returns what it said; its words become the error when it fails."""
    done = subprocess.run(command, cwd=cwd, env=env, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        said = (done.stdout + done.stderr)[-3000:]
        raise RuntimeError(f"{' '.join(command)} failed with {done.returncode}:\n{said}")
    return done.stdout


def python_tools() -> Path:
    """The bin folder of an environment with the pinned requirements of the starter and the grader."""
    wanted = [PRACTICE / "starter/back/requirements.txt", PRACTICE / "grader/requirements.txt"]
    files = [file for file in wanted if file.is_file()]
    folder = TARGET / f"venv-{digest(*files)}"
    complete = folder / "complete"
    # Its programs name the folder they were made in.
    if not complete.exists() or complete.read_text() != str(folder):
        shutil.rmtree(folder, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(folder)])
        required = [word for file in files for word in ("-r", str(file))]
        run([str(folder / "bin/pip"), "install", "--quiet", *required])
        complete.write_text(str(folder))
    return folder / "bin"


def node_modules(part: str) -> Path:
    """The packages of front or e2e, as its lockfile has them."""
    source = PRACTICE / "starter" / part
    files = [source / "package.json", source / "package-lock.json"]
    folder = TARGET / f"npm-{part}-{digest(*files)}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder)
        environment = dict(os.environ, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD="1")
        run(["npm", "ci", "--no-audit", "--no-fund"], folder, environment)
        (folder / "complete").touch()
    return folder / "node_modules"


def browser() -> str:
    said = run([str(REPOSITORY / "scripts/find-chromium.sh")])
    return said.splitlines()[0]


def docent() -> Path:
    """The program that grades: DOCENT, else the one that cargo built."""
    named = os.environ.get("DOCENT")
    target = Path(os.environ.get("CARGO_TARGET_DIR") or REPOSITORY / "target")
    program = Path(named) if named else target / "debug/docent"
    if not program.is_file():
        raise RuntimeError(f"there is no program at {program}: run `cargo build --bin docent`")
    return program
