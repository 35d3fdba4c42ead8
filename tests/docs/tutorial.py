"""The tutorial as a list of steps, read from its Markdown and from nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"

_FENCE = re.compile(
    r"^```(?:\{code-block\} )?(?P<language>\w+)\n"
    r"(?::caption: (?P<caption>[^\n]+)\n\n)?"
    r"(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_CAPTION = re.compile(
    r"(?P<path>\S+), "
    r"(?:(?P<whole>the whole file|a new file)|below the line (?P<line>.+))"
)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_TABLE_ROW = re.compile(
    r"^ +\| (?P<label>[^|]+?) \| (?P<value>[^|]+?) \|$", re.MULTILINE
)
_ADDRESS = re.compile(r"Go to <(?P<address>http://127\.0\.0\.1:8000[^>]*)>")


@dataclass(frozen=True)
class Run:
    """Commands to type into a terminal."""

    commands: tuple[str, ...]


@dataclass(frozen=True)
class Shell:
    """Python to type into the shell that the command before has opened."""

    code: str


@dataclass(frozen=True)
class Write:
    """A file to write, or lines to insert into one below ``line``."""

    path: str
    text: str
    line: str | None


@dataclass(frozen=True)
class Visit:
    """An address to open in the browser."""

    address: str
    logs_in: bool


@dataclass(frozen=True)
class Press:
    """What to choose one after another, and the fields to fill in before that."""

    names: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class See:
    """Texts that the page shows."""

    texts: tuple[str, ...]


Step = Run | Shell | Write | Visit | Press | See


def read_tutorial(markdown: str) -> list[Step]:
    """Give every step of a tutorial, in its order."""
    steps: list[Step] = []
    end = 0
    for fence in _FENCE.finditer(markdown):
        steps += _prose(markdown[end : fence.start()])
        steps.append(_code(fence))
        end = fence.end()
    steps += _prose(markdown[end:])
    return steps


def _code(fence: re.Match[str]) -> Step:
    caption, code = fence["caption"], fence["code"]
    if fence["language"] == "console":
        lines = code.splitlines()
        assert all(line.startswith("$ ") for line in lines), code
        return Run(tuple(line[2:] for line in lines))
    if caption == "in the shell":
        return Shell(code)
    named = _CAPTION.fullmatch(caption or "")
    assert named, f"Nobody can tell what to do with this:\n{fence[0]}"
    return Write(named["path"], code, named["line"])


def _prose(text: str) -> Iterator[Step]:
    """Give the steps that are words: addresses, numbered lists, and what to see."""
    for paragraph in re.split(r"\n{2,}(?! )|\n(?=\d+\. )", text):
        numbered = re.match(r"\d+\. ", paragraph)
        if numbered:
            rows = dict(_TABLE_ROW.findall(paragraph))
            rows.pop("Field", None)
            rows = {name: value for name, value in rows.items() if set(name) != {"-"}}
            yield Press(tuple(_BOLD.findall(paragraph)), rows)
            continue
        address = _ADDRESS.search(paragraph)
        if address:
            yield Visit(address["address"], "log in" in paragraph)
        if "You should see" in paragraph:
            seen = paragraph.partition("You should see")[2]
            yield See(tuple(_BOLD.findall(seen)))
