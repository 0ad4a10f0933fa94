"""Compares a grade sheet with what a case has to get. Nothing passes because something is absent."""

import re

from cases import Case


def judge(case: Case, sheet: dict | None) -> list[str]:
    """What is wrong with the sheet, in sentences; an empty list: all is as the case says."""
    if not sheet:
        return ["there is no grade sheet"]
    wrong = []
    band = sheet.get("grade")
    if band not in case.bands:
        wrong.append(f"the band is {band}, not {' or '.join(case.bands)}")
    pointer = first_pointer(sheet)
    if pointer != case.pointer:
        wrong.append(f"the first pointer is {pointer or 'none'}, not {case.pointer or 'none'}")
    because = sheet["pointers"][0].get("because", "") if pointer else ""
    if not re.search(case.because, because):
        wrong.append(f"the first pointer comes from {because or 'nothing'}, not from {case.because}")
    missing = missing_reports(sheet)
    if missing != set(case.missing):
        wrong.append(f"missing reports: {listed(missing)}, expected: {listed(case.missing)}")
    wrong.extend(f"{finding} leads to no section" for finding in unpointed(sheet))
    return wrong


def first_pointer(sheet: dict) -> str | None:
    pointers = sheet.get("pointers") or []
    return pointers[0].get("section") if pointers else None


def missing_reports(sheet: dict) -> set[str]:
    if "missing" not in sheet:
        return {"the list of missing reports itself"}
    return {f"{report['artifact']}/{report['path']}" for report in sheet["missing"]}


def unpointed(sheet: dict) -> list[str]:
    """With findings there has to be a pointer."""
    if sheet.get("findings") and not sheet.get("pointers"):
        return [f"the first of {len(sheet['findings'])} findings"]
    return []


def listed(items) -> str:
    return ", ".join(sorted(items)) or "none"
