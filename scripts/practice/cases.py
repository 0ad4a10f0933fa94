"""The cases of the verification: what is built, and the grade that it has to get."""

import shutil
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

PRACTICES = ("basic", "advanced")
KNOWN = {"title", "base", "delete", "replace", "bands", "pointer", "because", "missing"}


class CaseError(Exception):
    """A case is written wrongly, or no longer fits the tree that it changes."""


@dataclass(frozen=True)
class Case:
    """One repository of a member, and the grade that its state deserves."""

    practice: str
    name: str
    base: str
    title: dict[str, str]
    bands: tuple[str, ...]
    pointer: str | None
    """The section that the first pointer leads to; None: there is nothing to point at."""
    because: str = ""
    """A pattern over the id of the finding that the first pointer comes from."""
    missing: tuple[str, ...] = ()
    """Required reports, as artifact/path, that the mistake keeps from being written."""
    folder: Path | None = None
    delete: tuple[str, ...] = ()
    replace: tuple[dict, ...] = field(default=(), hash=False)

    @property
    def id(self) -> str:
        return f"{self.practice}/{self.name}"


def gold(practice: str) -> Case:
    return Case(
        practice,
        "gold",
        "gold",
        {"ru": "образцовое решение", "en": "the model solution"},
        ("S",),
        None,
    )


def read_mutant(practice: str, folder: Path) -> Case:
    """A learner's mistake: mutant.toml, and the files that replace those of its base."""
    where = f"mutants/{practice}/{folder.name}/mutant.toml"
    try:
        data = tomllib.loads((folder / "mutant.toml").read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CaseError(f"{where}: {error}") from error
    unknown = sorted(set(data) - KNOWN)
    if unknown:
        raise CaseError(f"{where}: unknown fields {', '.join(unknown)}")
    title, bands, base = data.get("title", {}), data.get("bands", []), data.get("base")
    if set(title) != {"ru", "en"} or not all(title.values()):
        raise CaseError(f"{where}: title needs ru and en")
    if base not in ("gold", "starter"):
        raise CaseError(f"{where}: base is gold or starter")
    if not bands or not set(bands) <= set("SABC"):
        raise CaseError(f"{where}: bands is a list of S, A, B, C")
    if "pointer" not in data:
        raise CaseError(f'{where}: pointer is missing; "" says that there is none')
    return Case(
        practice,
        folder.name,
        base,
        title,
        tuple(bands),
        data["pointer"] or None,
        data.get("because", ""),
        tuple(data.get("missing", ())),
        folder,
        tuple(data.get("delete", ())),
        tuple(data.get("replace", ())),
    )


def list_cases(root: Path) -> list[Case]:
    """Every case of both practices, the model solution first."""
    found = []
    for practice in PRACTICES:
        found.append(gold(practice))
        folders = sorted(path for path in (root / "mutants" / practice).glob("*") if path.is_dir())
        found.extend(read_mutant(practice, folder) for folder in folders)
    return found


def build_member(root: Path, case: Case, into: Path) -> None:
    """Writes the member's repository: the starter, the solution as far as the case has it, the mistake."""
    layers = [root / "starter"]
    if case.practice == "advanced":
        layers.append(root / "gold" / "basic")
    if case.base == "gold":
        layers.append(root / "gold" / case.practice)
    for layer in layers:
        if not layer.is_dir():
            raise CaseError(f"{case.id}: there is no folder {layer}")
        lay_over(layer, into)
    for path in case.delete:
        remove(case, into / path)
    if case.folder is not None:
        lay_over(case.folder, into)
        (into / "mutant.toml").unlink()
    for change in case.replace:
        replace_once(case, into, change)


def lay_over(layer: Path, into: Path) -> None:
    skipped = shutil.ignore_patterns("node_modules", "__pycache__", ".venv", "dist", "*.pyc")
    shutil.copytree(layer, into, dirs_exist_ok=True, ignore=skipped)


def remove(case: Case, path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    elif path.is_file():
        path.unlink()
    else:
        raise CaseError(f"{case.id}: delete: there is nothing at {path.name}")


def replace_once(case: Case, into: Path, change: dict) -> None:
    """One replacement in a file; the old text has to be there exactly once."""
    if set(change) != {"path", "old", "new"}:
        raise CaseError(f"{case.id}: replace takes path, old and new")
    path = into / change["path"]
    if not path.is_file():
        raise CaseError(f"{case.id}: replace: there is no file {change['path']}")
    text = path.read_text("utf-8")
    if text.count(change["old"]) != 1:
        count = text.count(change["old"])
        raise CaseError(f"{case.id}: replace: the old text is {count} times in {change['path']}, not once")
    path.write_text(text.replace(change["old"], change["new"]), "utf-8")
