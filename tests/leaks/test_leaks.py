"""Nobody gets to see what isn't theirs, and everybody what is: cell by cell.

What is expected stands in ``who_sees_what.md``.
"""

import re
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TestCase, override_settings
from django.urls import get_resolver, resolve
from django.urls.resolvers import URLResolver

from tests.testapp.models import BlocksPage, LessonPage
from wagtail_gamification import blocks, compat
from wagtail_gamification.api import serializers
from wagtail_gamification.templatetags.gamification_tags import register

from . import showing, table
from .table import read_rows
from .urls import SERIALIZERS
from .world import LETTERS, VIEWERS, WORDS, committed, make_world

ROWS = read_rows()
SHOWN_BY = {
    "Tags": showing.show_tag,
    "Blocks": showing.show_block,
    "Pages": showing.show_address,
    "API v2": showing.show_address,
    "API v3": showing.show_address,
    "The site's own": showing.show_address,
}


@override_settings(
    ROOT_URLCONF="tests.leaks.urls",
    WAGTAIL_GAMIFICATION_PROFILES=True,
    WAGTAILAPI_LIMIT_MAX=100,
)
class LeakTests(TestCase):
    """Each row of the tables is a test of its own, numbered as they stand there."""

    maxDiff = None

    @classmethod
    def setUpTestData(cls):
        cls.world = make_world(lambda: committed(cls))
        cls.sessions, cls.tokens = {}, {}
        for name, user in cls.world.users.items():
            if not user.is_authenticated:
                continue
            client = Client()
            client.force_login(user)
            cls.sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
            if compat.HAS_API_V3:
                from wagtail.models import APIToken

                cls.tokens[name] = APIToken.create_token(user=user, name="App")[1]

    def check(self, row):
        if "search" in row.surface and connection.vendor == "mysql":
            self.skipTest("InnoDB's full-text index has only what is committed.")
        if row.section == "API v3" and not compat.HAS_API_V3:
            self.skipTest("Wagtail 7.4 has no API v3.")
        seen = {}
        for letter, name in VIEWERS.items():
            shown = SHOWN_BY[row.section](row.surface, self.visit(name), self.world)
            for form, (answer, text) in shown.items():
                seen.setdefault(form, {})[letter] = (answer, text.lower())

        for form, by_viewer in seen.items():
            if form == showing.PLACEHOLDER:
                for _answer, text in by_viewer.values():
                    assert not [word for word in WORDS.values() if word.lower() in text]
                assert len({text for _answer, text in by_viewer.values()}) == 1
                continue
            assert (form, _cells(by_viewer)) == (form, row.cells)

    def visit(self, name):
        client = Client()
        if name in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[name]
        user = self.world.users[name]
        return SimpleNamespace(client=client, user=user, token=self.tokens.get(name))


def _cells(by_viewer):
    cells = {"answer": "".join(by_viewer[letter][0] for letter in LETTERS)}
    for column, word in WORDS.items():
        cells[column] = "".join(
            letter if word.lower() in by_viewer[letter][1] else "-"
            for letter in LETTERS
        )
    return cells


def _test_of(row):
    def test(self):
        self.check(row)

    test.__doc__ = row.surface
    return test


for _number, _row in enumerate(ROWS, 1):
    setattr(LeakTests, f"test_{_number:03}", _test_of(_row))


def names_in(patterns, prefix=""):
    """Give the names of addresses, with their namespaces."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names_in(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{prefix}{pattern.name}"


def surfaces(*sections):
    return [row.surface for row in ROWS if row.section in sections]


def test_every_tag_has_a_row():
    tags = {showing.tag_of(source) for source in surfaces("Tags")}

    assert tags == set(register.tags)


def test_every_block_has_a_row():
    kinds = {surface.split()[0] for surface in surfaces("Blocks")}
    streams = [model.body.field.stream_block for model in (BlocksPage, LessonPage)]
    assert kinds == {kind for stream in streams for kind in stream.child_blocks}

    shown = {
        type(block) for stream in streams for block in stream.child_blocks.values()
    }
    ours = {getattr(blocks, name) for name in blocks.__all__}
    are_bases = {blocks.GamificationBlock, blocks.PersonalBlock, blocks.TagBlock}
    are_choosers = {blocks.DefinitionChooserBlock, blocks.PlayerChooserBlock}
    assert ours - are_bases - are_choosers <= shown


# Wagtail's own, of which only the reading ones are about pages that visitors see.
PAGES_IN_V3 = ("list_pages", "find_page", "detail_page")


@override_settings(ROOT_URLCONF="tests.leaks.urls")
def test_every_address_has_a_row():
    asked = set()
    for surface in surfaces("Pages", "API v2", "API v3", "The site's own"):
        path = surface.split(" ")[1].partition("?")[0]
        path = re.sub(r"{(\w+)}", _stand_in, path)
        if not (path.startswith("/api/v3/") and not compat.HAS_API_V3):
            asked.add(resolve(path).view_name)
    ours = ("wagtail_gamification:", "api_v2:", "gated_api:")
    there = {
        name
        for name in names_in(get_resolver().url_patterns)
        if name.startswith(ours) or name in _names_in_v3()
    }
    assert there - asked == set()


def _stand_in(match):
    name = match[1]
    is_uuid = name.endswith(("_award", "_profile"))
    return str(UUID(int=1)) if is_uuid else "1"


def _names_in_v3():
    if not compat.HAS_API_V3:
        return set()
    from wagtail_gamification.api.v3 import KINDS

    names = {"my_shelf", "my_notices", "read_my_notices", "leaderboard_entries"}
    names |= {f"{what}_{kind}" for kind in KINDS for what in ("list", "find", "detail")}
    return {f"wagtailapi_v3:{name}" for name in (*names, *PAGES_IN_V3)}


def test_every_serializer_has_a_row():
    # This one is given numbers alone, which others have in them.
    without_player = {"ProgressionSerializer"}
    ours = {
        name
        for name, value in vars(serializers).items()
        if name.endswith("Serializer") and not name.startswith("_")
        if value.__module__ == serializers.__name__
    }
    rows = " ".join(surfaces("The site's own"))

    assert {kind.__name__ for kind in SERIALIZERS} == ours - without_player
    assert all(name in rows for name in ours - without_player)


def test_nothing_is_told_where_there_is_no_answer():
    for row in ROWS:
        for name, cell in row.cells.items():
            pairs = zip(row.cells["answer"], cell, strict=True)
            told = {answer for answer, letter in pairs if letter in LETTERS}
            assert name == "answer" or "0" not in told, row.surface


def test_each_word_is_told_to_somebody_but_those_that_are_for_nobody():
    for word in WORDS:
        is_told = any(set(row.cells[word]) - {"-"} for row in ROWS)
        assert is_told is (word not in ("secret", "draft"))


def test_a_row_that_says_less_than_everything_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "FILE", tmp_path / "table.md")
    good = ["222222", *["amopwe"] * len(WORDS)]
    for cells in (good[:-1], [*good[:-1], "amope"], ["2", *good[1:]]):
        table.FILE.write_text(f"| `x` | {' | '.join(cells)} |")
        with pytest.raises(ValueError, match=r"^`?x`?"):
            table.read_rows()
