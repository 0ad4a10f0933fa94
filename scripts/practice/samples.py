#!/usr/bin/env python3
"""Makes samples/ anew: runs of chosen cases as GitHub shows them, with the reports they really made.

samples.toml says which cases; the bodies take their form from github/*.json.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import tomllib
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tools
from cases import Case, list_cases

sys.path.insert(0, str(tools.PRACTICE / "grader"))
from pipeline import Pipeline, upload
from proof import state
from verify import in_postgres, prepare, run_all

HERE = Path(__file__).parent
SAMPLES = tools.REPOSITORY / "samples"
RUNNER = "/home/runner/work/alembic-practice/alembic-practice"
FIRST_RUN = 7_000_000_000
STARTED = datetime(2026, 11, 22, 12, tzinfo=UTC)
PARTS = {"back": "test", "front": "test", "e2e": "test", "grade": "grade"}
"""The job of the workflow that uploads the reports of a part."""


def main() -> int:
    in_postgres()
    wanted = tomllib.loads((HERE / "samples.toml").read_text("utf-8"))["sample"]
    cases = {case.id: case for case in list_cases(tools.PRACTICE)}
    unknown = [sample["case"] for sample in wanted if sample["case"] not in cases]
    if unknown:
        print(f"practice-samples: there is no case {', '.join(unknown)}", file=sys.stderr)
        return 1
    chosen = [cases[sample["case"]] for sample in wanted]
    outcomes = run_all(Pipeline(prepare()), chosen)
    if any(outcome.wrong for outcome in outcomes):
        print("practice-samples: samples/ stays as it was: a case has not its grade", file=sys.stderr)
        return 1
    shutil.rmtree(SAMPLES, ignore_errors=True)
    for position, (sample, outcome) in enumerate(zip(wanted, outcomes)):
        write(SAMPLES / sample["folder"], position, outcome.case, outcome.sheet)
    return 0


def write(folder: Path, position: int, case: Case, sheet: dict) -> None:
    made = tools.TARGET / "cases" / case.practice / case.name
    folder.mkdir(parents=True)
    zips = []
    for archive in sorted((made / "artifacts").glob("*.zip")):
        moved = made / "moved" / archive.stem
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(moved)
        for path in moved.rglob("*"):
            if path.is_file():
                path.write_bytes(as_on_runner(path.read_bytes()))
        upload(moved, folder / archive.name)
        zips.append(folder / archive.name)
    bodies = Bodies(position, case, sheet, list_blobs(made / "member"))
    save(folder / "run.json", bodies.run())
    save(folder / "jobs.json", bodies.jobs([archive.stem for archive in zips]))
    save(folder / "artifacts.json", bodies.artifacts(zips))
    save(folder / "annotations.json", bodies.annotations(zips))
    save(folder / "tree.json", bodies.git_tree())
    save(folder / "sample.json", {"case": case.id, "practice": case.practice, "title": case.title})


def as_on_runner(report: bytes) -> bytes:
    """The folders and the name of this machine, as a hosted runner has them."""
    target = re.escape(str(tools.TARGET).encode())
    runner = RUNNER.encode()
    report = re.sub(target + rb"/cases/[a-z]+/[a-z0-9-]+/(?:tree|reports)", runner, report)
    report = re.sub(target + rb"/npm-([a-z0-9]+)-[0-9a-f]+", runner + rb"/\1", report)
    report = re.sub(target + rb"/venv-[0-9a-f]+", b"/opt/hostedtoolcache/Python/3.11/x64", report)
    report = re.sub(rb"\?host=%2F[%\w.-]+", b"", report)
    return re.sub(rb'hostname="[^"]*"', b'hostname="runner"', report)


class Bodies:
    """What GitHub's API says of one run."""

    def __init__(self, position: int, case: Case, sheet: dict, blobs: list[dict]):
        self.id = FIRST_RUN + position
        self.case = case
        self.blobs = blobs
        self.tree = hashlib.sha1(json.dumps(blobs).encode()).hexdigest()
        self.head = hashlib.sha1(f"{case.id} {self.tree}".encode()).hexdigest()
        self.started = STARTED + timedelta(minutes=10 * position)
        counts = [tool for tool in sheet["tools"].values() if isinstance(tool, dict)]
        red = any(tool.get("failed") or tool.get("errors") or tool.get("findings") for tool in counts)
        self.conclusion = "failure" if red or sheet["grade"] == "C" else "success"

    def run(self) -> dict:
        form = read_form("run")
        text = json.dumps(form)
        for old, new in (
            (str(form["id"]), str(self.id)),
            (form["head_sha"], self.head),
            (form["head_commit"]["tree_id"], self.tree),
        ):
            text = text.replace(old, new)
        run = json.loads(text)
        run |= {
            "run_number": self.id - FIRST_RUN + 1,
            "display_title": self.case.title["en"],
            "conclusion": self.conclusion,
            "created_at": stamp(self.started),
            "run_started_at": stamp(self.started),
            "updated_at": stamp(self.started + timedelta(minutes=5)),
        }
        run["head_commit"] |= {
            "message": self.case.title["en"],
            "timestamp": stamp(self.started - timedelta(minutes=1)),
        }
        return run

    def git_tree(self) -> dict:
        return {"sha": self.tree, "tree": self.blobs, "truncated": False}

    def jobs(self, artifacts: list[str]) -> dict:
        form = read_form("job")
        wanted = sorted({PARTS[name.removesuffix("-reports")] for name in artifacts}, reverse=True)
        wanted.append("proof")
        jobs = []
        for place, name in enumerate(wanted):
            # The longer number first: the shorter one is its beginning.
            text = json.dumps(form).replace(str(form["id"]), str(self.id * 10 + place))
            text = text.replace(str(form["run_id"]), str(self.id)).replace(form["head_sha"], self.head)
            job = json.loads(text)
            job |= {
                "name": f"practice / {name}",
                "conclusion": self.conclusion if name == "test" else "success",
                "created_at": stamp(self.started),
                "started_at": stamp(self.started + timedelta(seconds=2)),
                "completed_at": stamp(self.started + timedelta(minutes=4)),
                "steps": [self.step(1, "Set up job"), self.step(2, name), self.step(3, "Complete job")],
            }
            jobs.append(job)
        return {"total_count": len(jobs), "jobs": jobs}

    def step(self, number: int, name: str) -> dict:
        at = self.started + timedelta(seconds=30 * number)
        return {
            "name": name,
            "status": "completed",
            "conclusion": "success",
            "number": number,
            "started_at": stamp(at),
            "completed_at": stamp(at + timedelta(seconds=20)),
        }

    def artifacts(self, zips: list[Path]) -> dict:
        form = read_form("artifact")
        found = []
        for place, archive in enumerate(zips, start=5):
            run = form["workflow_run"]
            text = json.dumps(form).replace(str(form["id"]), str(self.id * 10 + place))
            text = text.replace(str(run["id"]), str(self.id)).replace(run["head_sha"], self.head)
            body = json.loads(text)
            at = stamp(self.started + timedelta(minutes=3))
            body |= {
                "name": archive.stem,
                "size_in_bytes": archive.stat().st_size,
                "digest": f"sha256:{hashlib.sha256(archive.read_bytes()).hexdigest()}",
                "created_at": at,
                "updated_at": at,
                "expires_at": stamp(self.started + timedelta(days=90)),
            }
            found.append(body)
        return {"total_count": len(found), "artifacts": found}


    def annotations(self, zips: list[Path]) -> list[dict]:
        """What the job `proof` writes down: the statement of the grader's own proof.py."""
        digests = [f"{path.stem}={hashlib.sha256(path.read_bytes()).hexdigest()}" for path in zips]
        message = state(digests).strip()
        return [{"job": "practice / proof", "title": "docent", "message": message}]


def list_blobs(root: Path) -> list[dict]:
    """The member's files as GitHub lists the tree of a commit."""
    blobs = []
    for path in sorted(file for file in root.rglob("*") if file.is_file()):
        data = path.read_bytes()
        sha = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        name = path.relative_to(root).as_posix()
        mode = "100755" if os.access(path, os.X_OK) else "100644"
        blobs.append({"path": name, "mode": mode, "type": "blob", "sha": sha, "size": len(data)})
    return blobs


def read_form(name: str) -> dict:
    return json.loads((HERE / "github" / f"{name}.json").read_text("utf-8"))


def save(path: Path, body: dict) -> None:
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", "utf-8")


def stamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    sys.exit(main())
