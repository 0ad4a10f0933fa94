"""A lesson's Markdown as its sections and fenced blocks, each with the directives above it."""

import re
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> *)(?P<mark>`{3,}|~{3,})(?P<language>[^`]*)$")
COMMENT = re.compile(r"^ *<!--(?P<body>.*)-->\s*$")
ANCHOR = re.compile(r"^#{1,6} .*\{#(?P<anchor>[\w-]+)[^}]*\}\s*$")

# Directive -> whether it takes a value after the colon.
DIRECTIVES = {
    "file": True,  # write the block to this path
    "edit": True,  # a `diff` block: change this file
    "shows": True,  # the block is an excerpt of this file (a glob that matches one)
    "output": False,  # what the block before printed
    "run": False,  # run a `python` block
    "fails": False,  # the block must end with an error
    "skip": True,  # cannot be run here, for this reason
}
SHELLS = {"bash", "sh"}
# Directives that say what a block is; `fails` only qualifies one that is run.
PURPOSES = set(DIRECTIVES) - {"fails"}


class LessonError(Exception):
    """Something in a lesson's text that the runner cannot accept: `file:line: what`."""


@dataclass
class Block:
    """A fenced block: what it is for, and where it stands."""

    path: Path
    line: int
    language: str
    text: str
    directives: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def purpose(self) -> str:
        """One of PURPOSES."""
        named = [name for name in self.directives if name in PURPOSES]
        if named:
            return named[0]
        return "run" if self.language in SHELLS else ""

    def check(self) -> None:
        """Refuses a block that nothing would be done with, or two things."""
        named = [name for name in self.directives if name in PURPOSES]
        if len(named) > 1:
            raise LessonError(f"{self.place}: directives exclude each other: {', '.join(named)}")
        if not self.purpose:
            raise LessonError(
                f"{self.place}: a `{self.language or 'plain'}` block without a directive: "
                "say <!-- file: path -->, <!-- output -->, <!-- shows: path --> or <!-- skip: reason -->"
            )
        if self.purpose == "run" and self.language not in SHELLS | {"python"}:
            raise LessonError(f"{self.place}: only bash and python blocks can be run")
        if "fails" in self.directives and self.purpose != "run":
            raise LessonError(f"{self.place}: `fails` says something only about a block that is run")
        if self.purpose in ("output", "shows") and not self.text.replace("...", "").strip():
            raise LessonError(f"{self.place}: nothing is compared with `...` alone, or with no line")
        if self.purpose == "edit" and self.language != "diff":
            raise LessonError(f"{self.place}: an edit is written as a `diff` block")


@dataclass
class Lesson:
    """A lesson in one language."""

    module: str
    language: str
    path: Path
    sections: list[str]
    blocks: list[Block]


def read(path: Path, shown_as: Path) -> Lesson:
    """Reads a lesson; `NN-al1.md` in a language's folder is module `al1`."""
    sections: list[str] = []
    blocks: list[Block] = []
    waiting: dict[str, str] = {}
    waiting_line = 0
    # What a reader has seen of the section: comments do not show in Discord.
    seen = ""
    lines = iter(enumerate(path.read_text(encoding="utf-8").splitlines(), start=1))
    for number, line in lines:
        if fence := FENCE.match(line):
            text = _inside(lines, fence, f"{shown_as}:{number}")
            block = Block(shown_as, number, fence["language"].strip(), text, waiting)
            block.check()
            if (name := _changed_file(block)) and name not in seen:
                raise LessonError(f"{block.place}: the section does not name {name} before, and comments do not show")
            seen += text
            blocks.append(block)
            waiting = {}
        elif comment := COMMENT.match(line):
            name, value = _directive(comment["body"], f"{shown_as}:{number}")
            if name in waiting:
                raise LessonError(f"{shown_as}:{number}: `{name}` is there twice")
            waiting[name] = value
            waiting_line = number
        elif "<!--" in line:
            raise LessonError(f"{shown_as}:{number}: a directive stands on a line of its own")
        elif line.strip():
            if waiting:
                raise LessonError(f"{shown_as}:{waiting_line}: no block follows this directive")
            seen += line
            if heading := ANCHOR.match(line):
                seen = line
                sections.append(heading["anchor"])
    if waiting:
        raise LessonError(f"{shown_as}:{waiting_line}: no block follows this directive")
    return Lesson(path.stem.split("-", 1)[1], path.parent.name, shown_as, sections, blocks)


def _changed_file(block: Block) -> str:
    """The name of the file that a reader has to write or change."""
    return block.directives.get("file", block.directives.get("edit", "")).rsplit("/", 1)[-1]


def _inside(lines, fence: re.Match[str], place: str) -> str:
    indent = len(fence["indent"])
    kept: list[str] = []
    for _, line in lines:
        stripped = line.strip()
        if stripped.startswith(fence["mark"]) and not stripped.strip(fence["mark"][0]):
            return "".join(f"{line}\n" for line in kept)
        kept.append(line[indent:] if not line[:indent].strip() else line)
    raise LessonError(f"{place}: the block is never closed")


def _directive(body: str, place: str) -> tuple[str, str]:
    name, colon, value = (part.strip() for part in body.partition(":"))
    if name not in DIRECTIVES:
        raise LessonError(f"{place}: unknown directive `{name}`; there are {', '.join(DIRECTIVES)}")
    if DIRECTIVES[name] != bool(value) or bool(colon) != bool(value):
        wanted = f"`{name}: ...`" if DIRECTIVES[name] else f"`{name}` alone"
        raise LessonError(f"{place}: write {wanted}")
    return name, value
