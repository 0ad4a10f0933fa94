"""What a lesson shows against what came out, and one language of it against another."""

import difflib
import re

from lesson import Block, Lesson

# What must differ from run to run, by name. Everything else has to be the same to the letter.
VARIES = {
    "revision id": (re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{12}(?![0-9A-Za-z])"), "<revision>"),
    "date and time": (re.compile(r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    "duration": (re.compile(r"\b\d+\.\d+ ?s\b"), "<duration>"),
    "port": (re.compile(r"(?<=port )\d{4,5}\b|(?<=localhost:)\d{4,5}\b|(?<=127\.0\.0\.1:)\d{4,5}\b"), "<port>"),
    "version of Python": (re.compile(r"(?<=/)python3\.\d+(?=/)"), "python3"),
    "object address": (re.compile(r"\b0x[0-9a-f]{6,}\b"), "<address>"),
}
ANY_LINES = "..."
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
COMMENT_MARKS = {"python": "#", "bash": "#", "sh": "#", "yaml": "#", "toml": "#", "ini": "#", "sql": "--", "diff": "#"}


def normal(text: str) -> list[str]:
    """Lines without what must vary, trailing blanks, and blank lines at both ends."""
    for pattern, name in VARIES.values():
        text = pattern.sub(name, text)
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def matches(shown: list[str], real: list[str]) -> bool:
    """Whether the lines are the same, where a line `...` stands for any number of lines."""
    if ANY_LINES not in (line.strip() for line in shown):
        return shown == real
    pieces: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == ANY_LINES:
            pieces.append([])
        else:
            pieces[-1].append(line)
    first, *middle, last = pieces
    if real[: len(first)] != first or len(real) < len(first) + len(last):
        return False
    at, end = len(first), len(real) - len(last)
    if real[end:] != last:
        return False
    for piece in middle:
        found = next((i for i in range(at, end - len(piece) + 1) if real[i : i + len(piece)] == piece), None)
        if found is None:
            return False
        at = found + len(piece)
    return True


def difference(shown: list[str], real: list[str], place: str, what: str = "what came out") -> str:
    """The mismatch as a unified diff, or nothing."""
    if matches(shown, real):
        return ""
    lines = difflib.unified_diff(shown, real, f"{place} shows", what, lineterm="")
    return "\n".join(lines)


def excerpt_difference(shown: list[str], real: list[str], place: str, what: str) -> str:
    """The same for an excerpt, which may begin and end anywhere."""
    return "" if matches([ANY_LINES, *shown, ANY_LINES], real) else difference(shown, real, place, what)


def languages(one: Lesson, other: Lesson) -> list[str]:
    """Where two languages of a lesson differ in more than prose."""
    found: list[str] = []
    if one.sections != other.sections:
        found.append(f"{one.path}: sections {one.sections} are not those of {other.path}: {other.sections}")
    if len(one.blocks) != len(other.blocks):
        found.append(f"{one.path}: {len(one.blocks)} blocks, but {len(other.blocks)} in {other.path}")
    for left, right in zip(one.blocks, other.blocks):
        if _kind(left) != _kind(right):
            found.append(f"{left.place}: {_kind(left)}, but {right.place}: {_kind(right)}")
        elif not _same_code(left, right):
            diff = difflib.unified_diff(
                _code(left), _code(right), left.place, right.place, lineterm=""
            )
            found.append(f"{left.place}: differs from {right.place}\n" + "\n".join(diff))
    return found


def _kind(block: Block) -> tuple[str, dict[str, str]]:
    # A reason to skip is prose and may be said in either language.
    directives = {name: "" if name == "skip" else value for name, value in block.directives.items()}
    return block.language, directives


def _code(block: Block) -> list[str]:
    """The block's lines without comments."""
    lines = normal(block.text)
    mark = COMMENT_MARKS.get(block.language)
    if block.purpose in ("output", "shows") or mark is None:
        return lines
    return [re.sub(rf"(^|\s+){mark}(\s.*)?$", "", line) for line in lines]


def _same_code(left: Block, right: Block) -> bool:
    one, other = _code(left), _code(right)
    return len(one) == len(other) and all(_same_line(a, b) for a, b in zip(one, other))


def _same_line(left: str, right: str) -> bool:
    """Equal, except that a quoted text with Cyrillic letters may be another quoted text."""
    if left == right:
        return True
    if QUOTED.sub("", left) != QUOTED.sub("", right):
        return False
    pairs = zip(QUOTED.findall(left), QUOTED.findall(right))
    return all(a == b or bool(CYRILLIC.search(a)) != bool(CYRILLIC.search(b)) for a, b in pairs)
