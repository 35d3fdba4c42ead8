"""Write the demo's catalogue again: ``python sandbox/make_catalogue.py [FILE]``.

The rows are in ``badge_rows.py``, ``rule_rows.py`` and ``catalogue_rows.py`` and, for
the second language, in ``catalogue_french.py``. Needs nothing but openpyxl. The same
rows give the same bytes, so the file changes in a commit only when they do.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from badge_rows import BADGES
from catalogue_french import FRENCH
from catalogue_rows import CATEGORIES, LEVELS, UNLOCKABLES
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from rule_rows import CAMPAIGNS, POINT_RULES, REQUIREMENTS

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE / "catalogue.xlsx"
Cell = str | int | bool | None

_TIMESTAMP = (2026, 1, 1, 0, 0, 0)
_SAVED_AT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_WIDTHS = {
    "slug": 22,
    "name": 26,
    "description": 60,
    "image": 26,
    "category": 16,
    "badge": 22,
    "event": 20,
    "object": 44,
    "required_badge": 22,
}

COLUMNS: dict[str, Sequence[str]] = {
    "Categories": ("slug", "locale", "name", "description", "sort_order"),
    "Badges": (
        "slug",
        "locale",
        "name",
        "description",
        "image",
        "category",
        "points",
        "next_badge",
        "is_secret",
        "max_awards",
        "expires_after",
        "sort_order",
    ),
    "Unlockables": (
        "slug",
        "locale",
        "name",
        "description",
        "image",
        "points_required",
        "price",
        "relock",
        "sort_order",
    ),
    "Levels": ("slug", "locale", "name", "image", "points_required", "sort_order"),
    "Requirements": (
        "badge",
        "kind",
        "event",
        "how_many",
        "count",
        "within_days",
        "rest_days",
        "object",
        "required_badge",
        "category",
        "level",
        "group",
    ),
    "Point rules": (
        "slug",
        "name",
        "event",
        "points",
        "once_per_object",
        "daily_limit",
        "total_limit",
    ),
    "Campaigns": ("slug", "name", "event", "multiplier", "go_live_at", "expire_at"),
}


def rows() -> Iterator[tuple[str, dict[str, Cell]]]:
    """Each row of the catalogue, with the sheet it belongs to."""
    for order, (slug, name, text) in enumerate(CATEGORIES):
        yield (
            "Categories",
            {"slug": slug, "name": name, "description": text, "sort_order": order},
        )
    for order, badge in enumerate(BADGES):
        yield (
            "Badges",
            {
                "slug": badge.slug,
                "name": badge.name,
                "description": badge.description,
                "image": f"{badge.slug}.png",
                "category": badge.category,
                "points": badge.points,
                "next_badge": badge.next_badge or None,
                "is_secret": badge.secret,
                "max_awards": badge.max_awards,
                "expires_after": badge.expires_after,
                "sort_order": order,
            },
        )
    for order, row in enumerate(UNLOCKABLES):
        slug, name, points, price, relock, text = row
        yield (
            "Unlockables",
            {
                "slug": slug,
                "name": name,
                "description": text,
                "image": f"{slug}.png",
                "points_required": points,
                "price": price,
                "relock": relock,
                "sort_order": order,
            },
        )
    for order, (slug, name, points) in enumerate(LEVELS):
        yield (
            "Levels",
            {
                "slug": slug,
                "name": name,
                "image": f"level-{slug}.png",
                "points_required": points,
                "sort_order": order,
            },
        )


def rules() -> Iterator[tuple[str, dict[str, Cell]]]:
    """What badges ask for and what pays points, which has no language."""
    for row in REQUIREMENTS:
        yield "Requirements", {"kind": "event", **row}
    for row in POINT_RULES:
        yield "Point rules", {**row}
    for row in CAMPAIGNS:
        yield "Campaigns", {**row}


def translated(
    originals: Iterable[tuple[str, dict[str, Cell]]],
) -> Iterator[tuple[str, dict[str, Cell]]]:
    """Each row, followed by its French one where there is a translation."""
    for sheet, row in originals:
        yield sheet, {**row, "locale": "en"}
        texts = FRENCH.get((sheet, str(row["slug"])))
        if texts:
            name, description = texts
            french = {**row, "locale": "fr", "name": name}
            if "description" in row:
                french["description"] = description
            yield sheet, french


def workbook() -> Workbook:
    """The catalogue, with a heading that stays in view and columns wide enough."""
    book = Workbook()
    book.remove(book.active)
    for title, columns in COLUMNS.items():
        sheet = book.create_sheet(title)
        sheet.append(columns)
        sheet.freeze_panes = "C2"
        for number, column in enumerate(columns, start=1):
            letter = get_column_letter(number)
            sheet.column_dimensions[letter].width = _WIDTHS.get(column, 14)
            sheet[f"{letter}1"].font = Font(bold=True, color="FFFFFF")
            sheet[f"{letter}1"].fill = PatternFill("solid", fgColor="1F5F52")
    for title, row in chain(translated(rows()), rules()):
        sheet = book[title]
        sheet.append([row.get(column) for column in COLUMNS[title]])
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    return book


def write(path: Path) -> None:
    """Save the workbook without the moment of saving, which openpyxl puts in."""
    buffer = io.BytesIO()
    workbook().save(buffer)
    with zipfile.ZipFile(buffer) as saved, zipfile.ZipFile(path, "w") as archive:
        for name in saved.namelist():
            content = saved.read(name)
            if name == "docProps/core.xml":
                content = _SAVED_AT.sub(rb"\g<1>2026-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, _TIMESTAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else CATALOGUE)
