"""A small catalogue with something of everything that must not be told."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction

from tests.shelf_data import make_badge, make_image, make_user, translate
from wagtail_gamification.models import (
    Category,
    GamificationInterface,
    Level,
    UnlockableDefinition,
)

# Words that stand only in what not everybody may know.
WORDS = ("Hush", "Unfinished", "Hidden in", "Later")


def skip_where_nothing_is_found(query):
    """Skip a search for what isn't committed, where that is in no full-text index."""
    if "search=" in query and connection.vendor == "mysql":
        pytest.skip("InnoDB's full-text index has only what is committed.")


@pytest.fixture
def catalogue():
    reading = Category.objects.create(name="Reading", description="Books and more")
    secret = make_badge("Hush", is_secret=True, description="Hush words", points=7)
    draft = make_badge("Unfinished", live=False, description="Unfinished words")
    last = make_badge("Gold", points=30, image=make_image(), category=reading)
    first = make_badge(
        "Bronze",
        description='<p>Read <a linktype="page" id="2">here</a>.</p>',
        points=10,
        progression_target=5,
        image=make_image("Bronze medal"),
        category=reading,
        next_badge=last,
        expires_after=30,
    )
    before_secret = make_badge("Whisper", next_badge=secret, max_awards=3)
    before_draft = make_badge("Sketch", next_badge=draft)
    translate(first, "fr", name="Bronze en français", description="<p>Lis.</p>")
    translate(reading, "fr", name="Lecture", description="Livres")
    unlockable = UnlockableDefinition.objects.create(name="Lounge", points_required=50)
    UnlockableDefinition.objects.create(
        name="Later lounge", points_required=60, live=False
    )
    level = Level.objects.create(
        name="Novice", points_required=0, description="<b>Start</b>"
    )
    Level.objects.create(name="Later level", points_required=90, live=False)
    Level.objects.create(name="Master", points_required=40)
    return SimpleNamespace(
        reading=reading,
        secret=secret,
        draft=draft,
        first=first,
        last=last,
        before_secret=before_secret,
        before_draft=before_draft,
        unlockable=unlockable,
        level=level,
    )


@pytest.fixture
def ada():
    return make_user("ada", password="let me in")


@pytest.fixture
def bert():
    return make_user("bert", password="let me in")


@pytest.fixture
def editor():
    """Somebody who may see everything in the CMS."""
    user = make_user("editor", password="let me in")
    group = Group.objects.create(name="Gamification editors")
    group.permissions.set(
        Permission.objects.filter(content_type__app_label="wagtail_gamification")
    )
    user.groups.add(group)
    return user


@pytest.fixture
def interface(ada):
    return GamificationInterface.objects.for_user(ada)


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Run a block as if it were committed, so that the catalogue is cached again."""

    @contextmanager
    def committed():
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            yield

    return committed
