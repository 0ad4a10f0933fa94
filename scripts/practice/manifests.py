#!/usr/bin/env python3
"""Writes the manifests of the course: the starter's protected files, and the tests that it gives.

manifests.py RELEASE   such as 2026-11; a release that is there already is written anew
"""

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tools
from cases import PRACTICES, gold
from pipeline import Pipeline
from verify import in_postgres, prepare


def main(release: str) -> int:
    in_postgres()
    machine = prepare()
    pipeline = Pipeline(machine)
    folder = tools.PRACTICE.parent / "manifests"
    folder.mkdir(exist_ok=True)
    for practice in PRACTICES:
        # What members write themselves is not given to them.
        case = replace(gold(practice), name="given", delete=own_tests(practice))
        reports = pipeline.uploads(case)
        command = [str(machine.docent), "manifest", str(tools.PRACTICE / "starter")]
        command += ["--name", release, "--reports", str(reports)]
        command += ["--course", "alembic", "--practice", practice]
        command += ["-o", str(folder / f"{practice}.json")]
        print(tools.run(command, env={"DOCENT_CONTENT": str(tools.REPOSITORY)}).strip())
    return 0


def own_tests(practice: str) -> tuple[str, ...]:
    layers = PRACTICES[: PRACTICES.index(practice) + 1]
    found = set()
    for layer in layers:
        root = tools.PRACTICE / "gold" / layer
        found |= {path.relative_to(root).as_posix() for path in root.glob("*/tests/own/*.test.js")}
        found |= {path.relative_to(root).as_posix() for path in root.glob("*/tests/own/test_*.py")}
        found |= {path.relative_to(root).as_posix() for path in root.glob("*/tests/own/*.spec.js")}
    return tuple(sorted(found))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
