"""The demo's content and people, loaded once and left alone afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.files.images import ImageFile
from django.db.models import Q
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from wagtail_gamification.events.builtin import form_submitted, logged_in
from wagtail_gamification.models import (
    Award,
    Badge,
    BadgeDefinition,
    Campaign,
    Category,
    ClaimCode,
    GamificationInterface,
    ImportJob,
    Level,
    Nomination,
    Notice,
    PointChange,
    PointRule,
    Unlockable,
    UnlockableDefinition,
)
from wagtail_gamification.shelf import GateKind

from .content import LESSONS
from .content.members import MEMBERS, Member
from .gamification import comment_written
from .models import (
    FieldNotesField,
    FieldNotesPage,
    HomePage,
    LessonComment,
    LessonIndexPage,
    LessonPage,
    MembersPage,
)
from .progress import finish_lessons

PASSWORD = "lapwing"
EDITOR, ADMIN = "editor", "admin"

_PICTURES = Path(__file__).resolve().parent / "pictures"
# Members propose one another for it.
NOMINABLE = "lapwing"
_MANAGED = (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
    PointRule,
    Campaign,
)


def make_languages() -> None:
    """Let the site have French and Arabic beside English."""
    for code in ("en", "fr", "ar"):
        Locale.objects.get_or_create(language_code=code)


def make_pages() -> list[LessonPage]:
    """Build the page tree; what is there already stays as its editors left it.

    The lessons are made without their text, because it names unlockables of the
    catalogue, and the catalogue names lessons. Give those that were made to
    :func:`fill_lessons`, when the catalogue is there.
    """
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
    if not FieldNotesPage.objects.exists():
        _publish(home, _field_notes())
    there = set(index.get_children().values_list("slug", flat=True))
    return [
        index.add_child(
            instance=LessonPage(
                title=lesson.title,
                slug=lesson.slug,
                subject=lesson.subject,
                minutes=lesson.minutes,
                summary=lesson.summary,
                picture=_picture(lesson.subject),
            )
        )
        for lesson in LESSONS
        if lesson.slug not in there
    ]


def fill_lessons(pages: list[LessonPage]) -> None:
    """Give lessons their text, and what opens them."""
    unlockables = dict(
        UnlockableDefinition.objects.originals().values_list("slug", "pk")
    )
    levels = dict(Level.objects.originals().values_list("slug", "pk"))
    written = {lesson.slug: lesson for lesson in LESSONS}
    for page in pages:
        lesson = written[page.slug]
        page.body = json.dumps(list(lesson.blocks(unlockables)))
        if lesson.level:
            page.gate = GateKind.LEVEL
            page.gate_level_id = levels[lesson.level]
        page.save_revision().publish()


def _field_notes() -> FieldNotesPage:
    questions = (
        ("What did you see?", "singleline", True),
        ("Where?", "singleline", True),
        ("Anything else?", "multiline", False),
    )
    page = FieldNotesPage(
        title="Field notes",
        slug="field-notes",
        introduction="<p>You went outside and saw something? Tell us. We collect "
        "everything, also the third robin of the day.</p>",
        thanks="<p>Thank you. It is on its way to the big map in the hall.</p>",
        show_in_menus=True,
    )
    page.form_fields = [
        FieldNotesField(
            label=label, field_type=kind, required=is_required, sort_order=order
        )
        for order, (label, kind, is_required) in enumerate(questions)
    ]
    return page


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


def let_members_nominate() -> None:
    """Let members propose one another for the badge that no rule gives."""
    badge = BadgeDefinition.objects.by_slug(NOMINABLE)
    if not badge.allows_nominations:
        badge.allows_nominations = True
        badge.save_revision().publish()


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
        managed = (*_MANAGED, ImportJob, ClaimCode, Nomination)
        models = [model._meta.model_name for model in managed]
        editors.permissions.add(
            *Permission.objects.filter(
                Q(content_type__model__in=models) | Q(codename="award_badge"),
                content_type__app_label="wagtail_gamification",
            )
        )
    if not users.filter(username=ADMIN).exists():
        users.create_superuser(
            ADMIN, email="admin@example.com", password=PASSWORD, first_name="Adam"
        )


def make_members() -> None:
    """Make the members, and say what they did.

    Each thing that happened has a key, so that a second run says it all again and
    changes nothing.
    """
    there = set(get_user_model().objects.values_list("username", flat=True))
    lessons = {lesson.slug: lesson for lesson in LessonPage.objects.live()}
    # One hash serves all of them: hashing is slow on purpose, and these are no secrets.
    password = make_password(PASSWORD)
    for member in MEMBERS:
        if member.username not in there:
            _make_member(member, password)
        _say_what_happened(member, lessons)


def _make_member(member: Member, password: str) -> None:
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
    tutor = get_user_model().objects.get(username=EDITOR)
    if not member.is_public:
        interface.is_public = False
        interface.save(update_fields=["is_public"])
    for reason in member.lapwings:
        # By hand, as a tutor does it in the CMS: no rule gives this badge.
        interface.award("lapwing", by=tutor, reason=reason)


def _say_what_happened(member: Member, lessons: dict[str, LessonPage]) -> None:
    user = get_user_model().objects.get(username=member.username)
    for sitting in member.sittings:
        start = _days_ago(sitting.days_ago, sitting.hour)
        finished = [
            (lessons[slug], start + timedelta(minutes=8 * number))
            for number, slug in enumerate(sitting.lessons)
        ]
        with _backdated(user, finished[-1][1]):
            finish_lessons(user, finished)
    logged_in.record_many(
        {
            "user": user,
            "at": _days_ago(days, 8),
            "key": f"demo-{member.username}-{days}",
        }
        for days in member.logins
    )
    for days, slug, text in member.comments:
        at = _days_ago(days, 21)
        comment, _is_new = LessonComment.objects.get_or_create(
            user=user, lesson=lessons[slug], text=text, defaults={"written_at": at}
        )
        with _backdated(user, at):
            comment_written.record(user, comment.lesson, at=at, key=comment.key)
    form = FieldNotesPage.objects.get()
    for days, notes in member.field_notes:
        at = _days_ago(days, 20)
        submission, _is_new = form.get_submission_class().objects.get_or_create(
            page=form, form_data=notes
        )
        with _backdated(user, at):
            form_submitted.record(
                user, form, at=at, key=f"{submission._meta.label_lower}-{submission.pk}"
            )


def _days_ago(days: int, hour: int) -> datetime:
    day = timezone.localtime() - timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


@contextmanager
def _backdated(user: Any, at: datetime) -> Iterator[None]:
    """Let what is earned have been earned then: nobody did it all this morning.

    An award's moment is the one at which it was made, as everywhere. A demo in which
    all of it is today would show little.
    """
    awards = Award.objects.filter(badge__interface__user=user)
    opened = Unlockable.objects.filter(interface__user=user, acquired=True)
    had = set(awards.values_list("pk", flat=True))
    was_open = set(opened.values_list("pk", flat=True))
    booked = PointChange.objects.filter(interface__user=user)
    was_booked = set(booked.values_list("pk", flat=True))
    notices = Notice.objects.filter(interface__user=user)
    was_told = set(notices.values_list("pk", flat=True))
    yield
    # They have been here since, and have read it.
    notices.exclude(pk__in=was_told).update(created_at=at, shown_at=at, read_at=at)
    opened.exclude(pk__in=was_open).update(acquired_at=at)
    booked.exclude(pk__in=was_booked).update(time=at)
    for award in awards.exclude(pk__in=had).select_related("badge__badge_definition"):
        days = award.badge.badge_definition.expires_after
        expiry = at + timedelta(days) if days else None
        Award.objects.filter(pk=award.pk).update(awarded_at=at, expires_at=expiry)
        Badge.objects.filter(pk=award.badge_id).update(
            acquired_at=at, expires_at=expiry
        )


def logins() -> str:
    """Who can log in, and where, for the terminal."""
    return (
        "Log in on the site as maya (something of everything), rosa (nearly\n"
        "everything) or kit (nothing yet), and in the CMS as editor (runs the\n"
        f"catalogue) or admin (may do anything). The password is always: {PASSWORD}"
    )
