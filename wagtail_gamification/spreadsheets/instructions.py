"""What the template says about each column, in the language of its reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Locale

from wagtail_gamification.conf import app_settings

from .children import ChildResource
from .codes import CodeWidget
from .fields import ChoiceWidget, ValueWidget
from .headings import column_label, is_required, lacking_keys, model_field
from .objects import ObjectWidget
from .references import (
    ChildrenWidget,
    ImageWidget,
    LocaleWidget,
    ManyReferenceWidget,
    ReferenceWidget,
)
from .widgets import MAX_NUMBER, BooleanWidget, NumberWidget, RichTextWidget
from .workbooks import Workbook

# Made up, and only to be looked at: these stand on the sheet of instructions.
_EXAMPLES: dict[str, tuple[Any, Any]] = {
    "slug": ("early-bird", "night-owl"),
    "name": (gettext_lazy("Early bird"), gettext_lazy("Night owl")),
    "title": (gettext_lazy("Early bird"), gettext_lazy("Night owl")),
    "description": (
        gettext_lazy("For everybody who is up before the sun."),
        gettext_lazy("For everybody who is still awake."),
    ),
    "image": ("early-bird.png", "night-owl.png"),
    "category": ("habits", "habits"),
    "next_badge": ("night-owl", ""),
    "points": (10, 25),
    "points_required": (100, 250),
    "price": (50, 80),
    "progression_target": (5, ""),
    "max_awards": ("", 3),
    "expires_after": ("", 365),
    "awarding_groups": ("", "Moderators, Editors"),
    "awards_per_giver": ("", 3),
    "sort_order": (1, 2),
    "kind": ("event", "level"),
    "event": ("visited", ""),
    "how_many": (10, ""),
    "count": ("days", ""),
    "within_days": (30, ""),
    "object": ("", ""),
    "level": ("", "expert"),
    "group": (1, 1),
    "multiplier": (2, 1.5),
    "go_live_at": ("2030-06-01 08:00", "2030-12-01 08:00"),
    "expire_at": ("2030-09-01 08:00", ""),
}


@dataclass(frozen=True)
class ColumnHelp:
    """What the template says about one column."""

    column: str
    label: str
    meaning: str
    is_needed: bool
    allowed: str
    examples: tuple[Any, Any]


def column_help(resource: Any, column: str) -> ColumnHelp:
    """Describe a column of a resource, in the active language."""
    field = model_field(resource, column)
    is_key = column in lacking_keys(
        resource, [name for name in resource._meta.fields if name != column]
    )
    return ColumnHelp(
        column=column,
        label=column_label(resource, column),
        meaning=_meaning(column, field),
        is_needed=is_key or (is_required(resource, column) and column != "slug"),
        allowed=_allowed(resource.fields[column].widget, field),
        examples=_examples(column, resource.fields[column].widget),
    )


def introduction(workbook: Workbook) -> Iterator[str]:
    """Give the paragraphs that stand before the columns."""
    yield _(
        "Write one row for each item below the headings of the other sheets. A row "
        "whose key exists on the site changes that item; any other row adds one."
    )
    yield _(
        "Before anything is written you see what would change, and can still say no."
    )
    yield _(
        "An empty cell empties the field. To leave a field as it is, delete its whole "
        "column. Columns may stand in any order."
    )
    columns = {column for names in workbook.columns.values() for column in names}
    if "image" in columns:
        yield _(
            "Images: pack the files into one ZIP, send it along, and write each file's "
            "name into the column “image”. Images that the site has are named by their "
            "titles."
        )
    if "locale" in columns:
        codes = ", ".join(Locale.objects.values_list("language_code", flat=True))
        yield _(
            "Languages: a translation has a row of its own, with the slug of what it "
            "translates and its language in the column “locale” (%(codes)s). It has "
            "its own name, description and image; leave its other cells empty."
        ) % {"codes": codes}
    for title, resource in workbook.sheets.items():
        if issubclass(resource, ChildResource):
            (column,) = resource._meta.import_id_fields
            yield _(
                "Sheet “%(title)s”: all rows that name the same item in the column "
                "“%(column)s” belong to it together, in their order, and replace those "
                "that it has. A row with nothing but this name takes all of them away. "
                "An item that no row names keeps its own."
            ) % {"title": title, "column": column}
    yield _("Text that begins with “=” has to stay text: put an apostrophe before it.")
    yield _(
        "A sheet may have %(rows)d rows and the file %(size)s. This sheet isn't "
        "imported, nor is any other that isn't named below."
    ) % {
        "rows": app_settings.IMPORT_MAX_ROWS,
        "size": filesizeformat(app_settings.IMPORT_MAX_FILE_SIZE),
    }


def _meaning(column: str, field: Any) -> str:
    if column == "locale":
        return _("The language of the row.")
    if column == "sort_order":
        return _("Its place in lists: smaller numbers come first.")
    return str(getattr(field, "help_text", ""))


def _allowed(widget: Any, field: Any) -> str:
    if isinstance(widget, BooleanWidget):
        return _("TRUE or FALSE. Empty means FALSE.")
    if isinstance(widget, LocaleWidget):
        return _("The code of a language of the site. Empty means its main language.")
    if isinstance(widget, ImageWidget):
        return _("The name of a file in the ZIP, or the title of an image of the site.")
    if isinstance(widget, ManyReferenceWidget):
        return _("Several, by key or exact name, with commas between them.")
    if isinstance(widget, ReferenceWidget):
        return _("The key or the exact name of one that the site or this file has.")
    if isinstance(widget, ChildrenWidget):
        return _("One in each line of the cell.")
    if isinstance(widget, CodeWidget):
        return ", ".join(widget.labels())
    if isinstance(widget, ObjectWidget):
        return _("A page's path on the site, such as “/news/”, or an object's key.")
    if isinstance(widget, ChoiceWidget):
        return ", ".join(str(label) for _value, label in field.flatchoices)
    if isinstance(widget, NumberWidget):
        return _allowed_numbers(*number_limits(widget))
    if isinstance(widget, ValueWidget):
        return f"{capfirst(widget.wanted())}."
    if isinstance(widget, RichTextWidget):
        return _("Text, or HTML with what the editor has buttons for.")
    longest = getattr(field, "max_length", None)
    if longest:
        return ngettext(
            "Text of at most %(count)d character.",
            "Text of at most %(count)d characters.",
            longest,
        ) % {"count": longest}
    return _("Text.")


def _allowed_numbers(minimum: int, maximum: int) -> str:
    if maximum < MAX_NUMBER:
        return _("A whole number from %(minimum)d to %(maximum)d.") % {
            "minimum": minimum,
            "maximum": maximum,
        }
    if minimum <= -MAX_NUMBER:
        return _("A whole number.")
    return _("A whole number, %(minimum)d or more.") % {"minimum": minimum}


def number_limits(widget: NumberWidget) -> tuple[int, int]:
    """Give the smallest and the largest number that a column takes."""
    return widget.minimum, getattr(widget, "maximum", MAX_NUMBER)


def _examples(column: str, widget: Any) -> tuple[Any, Any]:
    if column in _EXAMPLES:
        first, second = _EXAMPLES[column]
        return _plain(first), _plain(second)
    if isinstance(widget, BooleanWidget):
        return True, False
    if isinstance(widget, LocaleWidget):
        code = widget.default.language_code if widget.default else ""
        return code, code
    if isinstance(widget, NumberWidget):
        return max(widget.minimum, 1), ""
    return "", ""


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float)) else str(value)
