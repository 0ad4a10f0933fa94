"""From a case to its grade sheet, the way of a CI run: assemble, check, upload, grade."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import tools
from cases import Case, build_member

PARTS = {"basic": ("back",), "advanced": ("back", "front", "e2e")}
DEPENDS = {
    "back": ("back",),
    "front": ("front",),
    "e2e": ("back", "front", "e2e"),
    "grade": ("back",),
}
"""The folders whose bytes decide what a part's reports say."""


@dataclass
class Machine:
    """What every case uses."""

    bin: Path
    modules: dict[str, Path]
    chromium: str
    docent: Path
    postgres: str
    """The address of a Postgres whose user may make databases, in libpq's form."""
    work: Path


class Reuse:
    """Reports of a part whose inputs are byte for byte those of an earlier case are made once."""

    def __init__(self):
        self._locks, self._made, self._guard = {}, {}, threading.Lock()

    def get(self, key: str, make) -> Path:
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]


class Pipeline:
    def __init__(self, machine: Machine):
        self.machine = machine
        self.reuse = Reuse()
        self._databases = 0
        self._guard = threading.Lock()

    def grade(self, case: Case) -> dict:
        """The grade sheet of a case."""
        return self.sheet(case, self.uploads(case))

    def uploads(self, case: Case) -> Path:
        """The folder of the artifacts that a run of the case uploads."""
        folder = self.machine.work / "cases" / case.practice / case.name
        shutil.rmtree(folder, ignore_errors=True)
        member, tree, uploads = folder / "member", folder / "tree", folder / "artifacts"
        build_member(tools.PRACTICE, case, member)
        assemble = tools.PRACTICE / "grader/assemble.sh"
        tools.run([str(assemble), str(member), str(tools.PRACTICE / "starter"), str(tree)])
        uploads.mkdir(parents=True)
        for part in (*PARTS[case.practice], "grade"):
            reports = self.reports_of(part, case, tree, folder / "reports")
            if reports.is_dir() and any(reports.iterdir()):
                upload(reports, uploads / f"{part}-reports.zip")
        return uploads

    def reports_of(self, part: str, case: Case, tree: Path, reports: Path) -> Path:
        key = f"{case.practice}:{part}:" + fingerprint(tree, DEPENDS[part])

        def make() -> Path:
            if part == "grade":
                self.black_box(case, tree, reports / "grade-reports")
            else:
                self.check(part, case, tree, reports)
            return reports / f"{part}-reports"

        return self.reuse.get(key, make)

    def check(self, part: str, case: Case, tree: Path, reports: Path) -> None:
        if part in self.machine.modules or part == "e2e":
            for side, modules in self.machine.modules.items():
                if not (tree / side / "node_modules").exists():
                    (tree / side / "node_modules").symlink_to(modules)
        environment = self.environment(case) | {
            "API_PORT": str(free_port()),
            "FRONT_PORT": str(free_port()),
        }
        if part == "back" and case.practice == "advanced":
            environment["DATABASE_URL_PG"] = self.new_database("postgresql+psycopg")
        if part == "e2e":
            environment["DATABASE_URL"] = self.new_database("postgresql+asyncpg")
        script = tools.PRACTICE / "grader/checks.sh"
        self.logged([str(script), part, str(tree), str(reports)], environment, reports / f"{part}.log")

    def black_box(self, case: Case, tree: Path, reports: Path) -> None:
        reports.mkdir(parents=True, exist_ok=True)
        command = [
            str(self.machine.bin / "python"),
            str(tools.PRACTICE / "grader/blackbox.py"),
            *("--practice", case.practice),
            *("--tree", str(tree / "back")),
            *("--admin-url", self.new_database("postgresql")),
            *("--out", str(reports / "blackbox.xml")),
        ]
        self.logged(command, self.environment(case), reports.parent / "grade.log")

    def environment(self, case: Case) -> dict[str, str]:
        """No variable of this machine but the few that programs need to start."""
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        path = f"{self.machine.bin}:{os.environ.get('PATH', '')}"
        return kept | {
            "PATH": path,
            "PRACTICE": case.practice,
            "CHROMIUM": self.machine.chromium,
            "CI": "true",
            "NO_COLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def new_database(self, driver: str) -> str:
        with self._guard:
            self._databases += 1
            name = f"practice_{self._databases}"
        server, _, host = self.machine.postgres.partition("?")
        statement = f'CREATE DATABASE "{name}"'
        script = "import sys, psycopg; psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])"
        tools.run([str(self.machine.bin / "python"), "-c", script, self.machine.postgres, statement])
        base = server.rsplit("/", 1)[0].split("://", 1)[1]
        return f"{driver}://{base}/{name}" + (f"?{host}" if host else "")

    def logged(self, command: list[str], environment: dict, log: Path) -> None:
        """Red checks are what many cases are about; what failed is in the reports and in the log."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as out:
            subprocess.run(
                command,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                timeout=900,
                check=False,
            )

    def sheet(self, case: Case, uploads: Path) -> dict:
        environment = {"PATH": os.environ.get("PATH", ""), "DOCENT_CONTENT": str(tools.REPOSITORY)}
        command = [str(self.machine.docent), "grade", str(uploads), "--json"]
        command += ["--course", "alembic", "--practice", case.practice]
        sheet = json.loads(tools.run(command, uploads, environment))
        (uploads.parent / "sheet.json").write_text(json.dumps(sheet, indent=1, ensure_ascii=False), "utf-8")
        return sheet


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def fingerprint(tree: Path, parts: tuple[str, ...]) -> str:
    files = []
    for part in parts:
        for path in sorted((tree / part).rglob("*")):
            if path.is_file() and "node_modules" not in path.parts:
                files.append(f"{path.relative_to(tree)} {tools.digest(path)}")
    return hashlib.sha256("\n".join(files).encode()).hexdigest()


def upload(reports: Path, archive: Path) -> None:
    """A zip as upload-artifact makes it: streamed, so that sizes come after the data."""
    with archive.open("wb") as file, zipfile.ZipFile(Streamed(file), "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(reports.rglob("*")):
            if path.is_file():
                zipped.writestr(entry(path, reports), path.read_bytes())


def entry(path: Path, root: Path) -> zipfile.ZipInfo:
    changed = time.gmtime(path.stat().st_mtime)[:6]
    info = zipfile.ZipInfo(path.relative_to(root).as_posix(), changed)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


class Streamed:
    """A file that cannot be sought in."""

    def __init__(self, file):
        self._file = file

    def write(self, data: bytes) -> int:
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()
