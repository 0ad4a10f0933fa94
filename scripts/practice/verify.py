#!/usr/bin/env python3
"""Verifies the practices: every case is built, checked and graded for real, and has to get its grade.

verify.py [words]   only the cases whose name has one of the words; the model solutions run always
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tools
from cases import Case, CaseError, list_cases
from judge import first_pointer, judge
from pipeline import Machine, Pipeline

SIDE_BY_SIDE = 2


@dataclass
class Outcome:
    case: Case
    sheet: dict | None
    wrong: list[str]
    seconds: float


def main(words: list[str]) -> int:
    in_postgres()
    try:
        chosen = choose(list_cases(tools.PRACTICE), words)
        pipeline = Pipeline(prepare())
    except (CaseError, RuntimeError) as error:
        print(f"practice-verify: {error}", file=sys.stderr)
        return 1
    started = time.monotonic()
    outcomes = run_all(pipeline, chosen)
    print(table(outcomes))
    failed = [outcome for outcome in outcomes if outcome.wrong]
    minutes = (time.monotonic() - started) / 60
    print(f"{len(outcomes)} cases, {len(failed)} not as expected, {minutes:.1f} min")
    return 1 if failed or not outcomes else 0


def in_postgres() -> None:
    """Starts the program again with a Postgres of its own, unless it has one."""
    if "DATABASE_URL" not in os.environ:
        script = str(tools.REPOSITORY / "scripts/with-postgres.sh")
        os.execv(script, [script, sys.executable, *sys.argv])


def choose(cases: list[Case], words: list[str]) -> list[Case]:
    chosen = [case for case in cases if not words or any(word in case.id for word in words)]
    if not chosen:
        raise CaseError(f"no case has {' or '.join(words)} in its name")
    return chosen


def prepare() -> Machine:
    tools.TARGET.mkdir(parents=True, exist_ok=True)
    return Machine(
        bin=tools.python_tools(),
        modules={part: tools.node_modules(part) for part in ("front", "e2e")},
        chromium=tools.browser(),
        docent=tools.docent(),
        postgres=os.environ["DATABASE_URL"],
        work=tools.TARGET,
    )


def run_all(pipeline: Pipeline, cases: list[Case]) -> list[Outcome]:
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(lambda case: run_one(pipeline, case), cases))


def run_one(pipeline: Pipeline, case: Case) -> Outcome:
    started = time.monotonic()
    sheet, wrong = None, []
    try:
        sheet = pipeline.grade(case)
        wrong = judge(case, sheet)
    except Exception as error:  # One broken case must not hide what the others showed.
        wrong = [f"{type(error).__name__}: {error}"]
    outcome = Outcome(case, sheet, wrong, time.monotonic() - started)
    mark = "ok  " if not wrong else "FAIL"
    print(f"{mark} {case.id} ({outcome.seconds:.0f} s) {'; '.join(wrong)}", flush=True)
    return outcome


def table(outcomes: list[Outcome]) -> str:
    rows = [("case", "score", "band", "expected", "pointer", "expected", "seconds")]
    for outcome in outcomes:
        case, sheet = outcome.case, outcome.sheet or {}
        rows.append(
            (
                ("" if not outcome.wrong else "! ") + case.id,
                str(sheet.get("score_bp", "-")),
                sheet.get("grade", "-"),
                "/".join(case.bands),
                first_pointer(sheet) or "-",
                case.pointer or "-",
                f"{outcome.seconds:.1f}",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
