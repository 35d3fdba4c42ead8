"""Whatever the definitions hold: exported and imported elsewhere, they are the same."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils.text import slugify
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale

from tests.examples import examples
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.spreadsheets import (
    CatalogueResult,
    RowAction,
    export_catalogue,
    import_catalogue,
)
from wagtail_gamification.spreadsheets.richtext import clean_rich_text

pytestmark = pytest.mark.django_db

MODELS = (BadgeDefinition, UnlockableDefinition, Level, Category)
MAX_NUMBER = 2_147_483_647

# Letters of all kinds, and whatever spreadsheets, XML and people make trouble with.
_TROUBLE = [
    *"=+-@'\"<>&;,|#_\t\n\r \u00a0\u200b\u202e\u2028\u3000\ufeff\ufffd＝＋",  # noqa: RUF001
    *(
        "\x07",
        "\x1f",
        "\x7f",
        "\x85",
        "é",
        "e\u0301",
        "ß",
        "İ",
        "ﷺ",
        "مرحبا",
        "🏅",
        "𝒜",  # noqa: RUF001
    ),
    *("TRUE", "1", "007", "1e5", "1/2", "50%", "#REF!", "_x0041_", "]]>", "{{", "\\n"),
    *("<b>x</b>", "&amp;", "=1+1", "\r\n", "  ", "''=", "sep=;", "xn--"),
]
odd_text = st.lists(
    st.one_of(
        st.sampled_from(_TROUBLE),
        st.characters(exclude_categories=("Cs", "Cc", "Cn")),
    ),
    max_size=12,
).map("".join)
numbers = st.one_of(st.integers(0, 20), st.just(MAX_NUMBER))
maybe_numbers = st.one_of(st.none(), st.integers(1, 20), st.just(MAX_NUMBER))


def line(text: str) -> str:
    """Give what a field of one line can hold: no line breaks, nothing around it."""
    kept = "".join(c for c in text if c == "\u00a0" or c.isprintable() or ord(c) > 159)
    return " ".join(kept.splitlines()).strip()[:120].strip()


names = odd_text.map(line).filter(bool)


@dataclass
class Thing:
    """One definition, and its translation where it has one."""

    name: str
    description: str
    sort_order: int
    translation: tuple[str, str] | None
    fields: dict[str, Any] = field(default_factory=dict)


def things(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Thing]]:
    return st.lists(
        st.builds(
            Thing,
            name=names,
            description=odd_text,
            sort_order=st.sampled_from([-2_147_483_648, -1, 0, 1, 7, MAX_NUMBER]),
            translation=st.one_of(st.none(), st.tuples(names, odd_text)),
            fields=st.fixed_dictionaries(fields),
        ),
        max_size=2,
    )


catalogues = st.fixed_dictionaries(
    {
        "categories": things(),
        "badges": things(
            points=numbers,
            progression_target=maybe_numbers,
            is_secret=st.booleans(),
            max_awards=maybe_numbers,
            expires_after=st.one_of(st.none(), st.integers(1, 3650)),
            category=st.integers(-1, 1),
            follows=st.booleans(),
        ),
        "unlockables": things(points_required=numbers, relock=st.booleans()),
        "levels": things(points_required=numbers),
    }
)


def build(catalogue: dict[str, list[Thing]], french: Locale) -> None:
    categories = store(Category, catalogue["categories"], french)
    previous = None
    for thing in catalogue["badges"]:
        fields = dict(thing.fields)
        place, follows = fields.pop("category"), fields.pop("follows")
        fields["category"] = categories[place] if 0 <= place < len(categories) else None
        fields["next_badge"] = previous if follows else None
        (previous,) = store(
            BadgeDefinition, [Thing(**{**vars(thing), "fields": fields})], french
        )
    store(UnlockableDefinition, catalogue["unlockables"], french)
    taken: set[int] = set()
    for thing in catalogue["levels"]:
        if thing.fields["points_required"] not in taken:
            store(Level, [thing], french)
            taken.add(thing.fields["points_required"])


def written(model: Any, text: str) -> str:
    """Give a description as an editor's form stores it."""
    return text if model is Category else clean_rich_text(text)


def store(model: Any, things: Sequence[Thing], french: Locale) -> list[Any]:
    stored = []
    for thing in things:
        item = model.objects.create(
            name=thing.name,
            # Those who have no letter for it get one that is free.
            slug="" if slugify(thing.name, allow_unicode=True) else "thing",
            description=written(model, thing.description),
            sort_order=thing.sort_order,
            **thing.fields,
        )
        stored.append(item)
        if thing.translation:
            translated = item.copy_for_translation(french)
            translated.name = thing.translation[0]
            translated.description = written(model, thing.translation[1])
            translated.save()
    return stored


def everything() -> Any:
    """Give all definitions as an export holds them, without what differs by site."""
    text = export_catalogue("json").decode()
    # Draftail's keys tell blocks apart, and are made anew.
    return json.loads(re.sub(r' data-block-key=\\"[^"]*\\"', "", text))


def empty() -> None:
    for model in MODELS:
        model.objects.all().delete()


def outcomes(result: CatalogueResult, wanted: RowAction) -> list[Any]:
    """Give what became of the rows that should have had another outcome."""
    return [
        (row.action, row.name, row.errors, row.changes)
        for row in result.rows
        if row.action != wanted
    ]


def assert_same(after: Any, before: Any) -> None:
    for title, rows in before.items():
        assert len(after[title]) == len(rows)
        for one, other in zip(after[title], rows, strict=True):
            assert one == other


def check(format: str, catalogue: dict[str, list[Thing]], french: Locale) -> None:
    build(catalogue, french)
    before = everything()
    sheets = [None] if format in ("xlsx", "ods", "json") else list(before)
    files = [(sheet, export_catalogue(format, sheet=sheet)) for sheet in sheets]

    empty()
    for sheet, data in files:
        result = import_catalogue(data, f"catalogue.{format}", sheet=sheet)
        assert outcomes(result, RowAction.CREATED) == []
        assert result.is_written
    assert_same(everything(), before)

    for sheet, data in files:
        result = import_catalogue(data, f"catalogue.{format}", sheet=sheet)
        assert outcomes(result, RowAction.SKIPPED) == []


@pytest.mark.parametrize("format", ["xlsx", "ods", "csv", "json"])
def test_any_catalogue_is_the_same_on_another_site(format: str, french: Locale) -> None:
    @settings(
        max_examples=examples(25),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(catalogue=catalogues)
    def same(catalogue: dict[str, list[Thing]]) -> None:
        with transaction.atomic():
            check(format, catalogue, french)
            transaction.set_rollback(True)

    same()
