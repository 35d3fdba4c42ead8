"""The blocks of code in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"

_BLOCK = re.compile(
    r"^```(?:\{code-block\} )?(?P<language>\w+)\n"
    r"(?::\w+: [^\n]+\n\n?)*(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def pages() -> list[Path]:
    """Give every page, the README among them."""
    return [
        *sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts),
        DOCS.parent / "README.md",
    ]


def blocks(page: Path, language: str) -> list[str]:
    """Give the blocks of one language on a page."""
    return [
        block["code"]
        for block in _BLOCK.finditer(page.read_text(encoding="utf-8"))
        if block["language"] == language
    ]
