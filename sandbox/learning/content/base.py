"""How a lesson of the demo is written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Text:
    """Paragraphs under a heading, which may be empty."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class TryThis:
    """A box with something to do outdoors."""

    text: str
    heading: str = "Try this"


@dataclass(frozen=True)
class Locked:
    """A section that opens with the unlockable of this slug."""

    unlockable: str
    heading: str
    text: str


@dataclass(frozen=True)
class Lesson:
    """One lesson."""

    slug: str
    title: str
    subject: str
    minutes: int
    summary: str
    body: tuple[Text | TryThis | Locked, ...]
    level: str = ""
    """The slug of the level that opens it; empty where it is open to everybody."""

    def blocks(self, unlockables: dict[str, int]) -> Iterator[dict[str, Any]]:
        """The body as Wagtail stores it; ``unlockables`` gives their keys by slug."""
        for part in self.body:
            if isinstance(part, Text):
                if part.heading:
                    yield {"type": "heading", "value": part.heading}
                text = "".join(f"<p>{paragraph}</p>" for paragraph in part.paragraphs)
                yield {"type": "paragraph", "value": text}
            elif isinstance(part, TryThis):
                value = {"heading": part.heading, "text": part.text}
                yield {"type": "try_this", "value": value}
            else:
                value = {
                    "unlockable": unlockables[part.unlockable],
                    "teaser": f"<p><b>{part.heading}</b></p>",
                    "content": [{"type": "text", "value": part.text}],
                }
                yield {"type": "locked_section", "value": value}
