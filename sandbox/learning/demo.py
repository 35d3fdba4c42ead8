"""The demo's content and people, loaded once and left alone afterwards."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from wagtail_gamification.models import (
    Award,
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    ImportJob,
    Level,
    Unlockable,
    UnlockableDefinition,
)

from .content import LESSONS
from .content.members import MEMBERS, Member
from .models import HomePage, LessonIndexPage, LessonPage, MembersPage
from .progress import Outcome, finish_lesson

PASSWORD = "lapwing"
EDITOR, ADMIN = "editor", "admin"

_PICTURES = Path(__file__).resolve().parent / "pictures"
_MANAGED = (BadgeDefinition, Category, Level, UnlockableDefinition)


def make_languages() -> None:
    """Let the site have French and Arabic beside English."""
    for code in ("en", "fr", "ar"):
        Locale.objects.get_or_create(language_code=code)


def make_pages() -> None:
    """Build the page tree; what is there already stays as its editors left it."""
    home = _home()
    index = LessonIndexPage.objects.filter(slug="lessons").first() or _publish(
        home,
        LessonIndexPage(
            title="Lessons",
            slug="lessons",
            introduction="<p>Each takes less than half an hour, and then you go "
            "outside. Begin wherever you like.</p>",
            show_in_menus=True,
        ),
    )
    if not MembersPage.objects.exists():
        _publish(
            home,
            MembersPage(
                title="Members",
                slug="members",
                introduction="<p>People who went outside. Not everybody wants to be "
                "listed, and that is fine.</p>",
                show_in_menus=True,
            ),
        )
    there = set(index.get_children().values_list("slug", flat=True))
    badges = {badge.slug: badge for badge in BadgeDefinition.objects.originals()}
    unlockables = dict(
        UnlockableDefinition.objects.originals().values_list("slug", "pk")
    )
    for lesson in LESSONS:
        if lesson.slug not in there:
            _publish(
                index,
                LessonPage(
                    title=lesson.title,
                    slug=lesson.slug,
                    subject=lesson.subject,
                    minutes=lesson.minutes,
                    summary=lesson.summary,
                    picture=_picture(lesson.subject),
                    badge=badges[lesson.badge] if lesson.badge else None,
                    body=json.dumps(list(lesson.blocks(unlockables))),
                ),
            )


def _home() -> HomePage:
    home = HomePage.objects.first()
    if home is None:
        root = Page.objects.get(depth=1)
        home = _publish(
            root,
            HomePage(
                title="The Lapwing School",
                slug="lapwing-school",
                headline="Short lessons, long walks",
                introduction="<p>Hedges, birds, shores and stars, taught by people "
                "who would rather be outside. Read for a quarter of an hour, then go "
                "and look.</p>",
                picture=_picture("school"),
            ),
        )
    site = Site.objects.get(is_default_site=True)
    if site.root_page_id != home.pk:
        welcome = site.root_page
        site.root_page = home
        site.site_name = home.title
        site.port = 8000
        site.save()
        # The page that a new Wagtail site greets its developer with.
        welcome.delete()
    return home


def _publish(parent: Page, page: Page) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _picture(name: str) -> Any:
    title = f"Lesson picture: {name.replace('-', ' ')}"
    images = get_image_model()
    picture = images.objects.filter(title=title).first()
    if picture is None:
        with (_PICTURES / f"{name}.png").open("rb") as file:
            picture = images(title=title, file=ImageFile(file, name=f"{name}.png"))
            picture.save()
    return picture


def make_staff() -> None:
    """Make an editor who runs the catalogue, and an admin who may do anything."""
    users = get_user_model().objects
    if not users.filter(username=EDITOR).exists():
        editor = users.create(
            username=EDITOR,
            first_name="Edda",
            email="editor@example.com",
            password=make_password(PASSWORD),
            is_staff=True,
        )
        editors = Group.objects.get(name="Editors")
        editor.groups.add(editors)
        # With the imports comes the permission to make some.
        models = [model._meta.model_name for model in (*_MANAGED, ImportJob)]
        editors.permissions.add(
            *Permission.objects.filter(
                content_type__app_label="wagtail_gamification",
                content_type__model__in=models,
            )
        )
    if not users.filter(username=ADMIN).exists():
        users.create_superuser(
            ADMIN, email="admin@example.com", password=PASSWORD, first_name="Adam"
        )


def make_members() -> None:
    """Make the members, each with the lessons they finished and what those earned."""
    there = set(get_user_model().objects.values_list("username", flat=True))
    lessons = {lesson.slug: lesson for lesson in LessonPage.objects.live()}
    # One hash serves all of them: hashing is slow on purpose, and these are no secrets.
    password = make_password(PASSWORD)
    for member in MEMBERS:
        if member.username not in there:
            with transaction.atomic():
                _make_member(member, lessons, password)


def _make_member(member: Member, lessons: dict[str, LessonPage], password: str) -> None:
    now = timezone.localtime()
    longest = max((sitting.days_ago for sitting in member.sittings), default=0)
    user = get_user_model().objects.create(
        username=member.username,
        first_name=member.first_name,
        email=f"{member.username}@example.com",
        password=password,
        date_joined=now - timedelta(days=longest),
    )
    interface = GamificationInterface.objects.for_user(user)
    if not member.is_public:
        interface.is_public = False
        interface.save(update_fields=["is_public"])
    for sitting in member.sittings:
        start = (now - timedelta(days=sitting.days_ago)).replace(
            hour=sitting.hour, minute=0, second=0, microsecond=0
        )
        for number, slug in enumerate(sitting.lessons):
            at = start + timedelta(minutes=8 * number)
            _backdate(finish_lesson(user, lessons[slug], at=at), at)
    for reason in member.lapwings:
        interface.award("lapwing", reason=reason)


def _backdate(outcome: Outcome, at: datetime) -> None:
    """Let what was earned have been earned then: nobody did it all this morning."""
    badges = []
    for award in outcome.awards:
        badge = award.badge
        days = badge.badge_definition.expires_after
        award.awarded_at = badge.acquired_at = at
        award.expires_at = badge.expires_at = at + timedelta(days) if days else None
        badges.append(badge)
    for unlockable in outcome.unlocked:
        unlockable.acquired_at = at
    Award.objects.bulk_update(outcome.awards, ["awarded_at", "expires_at"])
    Badge.objects.bulk_update(badges, ["acquired_at", "expires_at"])
    Unlockable.objects.bulk_update(outcome.unlocked, ["acquired_at"])


def logins() -> str:
    """Who can log in, and where, for the terminal."""
    return (
        "Log in on the site as maya (something of everything), rosa (nearly\n"
        "everything) or kit (nothing yet), and in the CMS as editor (runs the\n"
        f"catalogue) or admin (may do anything). The password is always: {PASSWORD}"
    )
