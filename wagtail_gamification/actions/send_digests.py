"""Write e-mail digests to those who want them: what is new, once a day or a week."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext
from wagtail.models import Site

from wagtail_gamification.compat import mailer
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models.notices import Notice
from wagtail_gamification.models.preferences import Digest, PlayerPreferences
from wagtail_gamification.notices import NoticeItem, read_notices

from .players import left_out

logger = logging.getLogger("wagtail_gamification")

SALT = "wagtail_gamification.digest"
AT_ONCE = 100
# That many are named in one mail.
MOST = 20
# A run may be a little earlier than the one of the day before.
SLACK = timedelta(hours=1)
PERIODS = {Digest.DAILY: timedelta(days=1), Digest.WEEKLY: timedelta(days=7)}
# What wasn't mailed by then, because mail failed or nobody ran it, isn't news.
OLDEST = timedelta(days=30)


@dataclass(frozen=True)
class _Letter:
    """One mail to one person about one player."""

    interface: int
    address: str
    language: str
    items: Sequence[NoticeItem]


def send_digests() -> tuple[int, int]:
    """Send the digests that are due; give how many were sent, and how many failed.

    Who claims a player, by an update of the row, writes to them: two runs at once send
    one mail. A notice counts as mailed once its mail is handed over, so what fails is
    in the next one. There is no mail where nothing is new.
    """
    sent, failed = 0, 0
    # Each is looked at once in a run, whatever comes of it.
    last = 0
    connection = mailer()
    while keys := list(
        due_preferences()
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    ):
        last = keys[-1]
        claimed = _claim(keys)
        for letter in _letters(claimed):
            if _send(letter, connection):
                sent += 1
            else:
                failed += 1
                # The next run tries it again.
                rows = PlayerPreferences.objects.filter(interface=letter.interface)
                rows.update(digest_sent_at=claimed[letter.interface])
    return sent, failed


def due_preferences() -> QuerySet[PlayerPreferences]:
    """Give the choices of those who are to get a digest now."""
    now = timezone.now()
    news = _news(now).filter(interface=OuterRef("interface"))
    wanted = Q(pk__in=[])
    for digest, period in PERIODS.items():
        # Whoever has just asked for it gets no history.
        fresh = news.filter(created_at__gt=now - period)
        is_news = Q(Exists(fresh)) | Q(Exists(news), digest_sent_at__isnull=False)
        wanted |= Q(digest=digest) & is_news
    rows = PlayerPreferences.objects.filter(_is_due(now), wanted)
    if app_settings.USER_INTERFACE_FIELD:
        return rows
    rows = rows.exclude(left_out("interface__user"))
    return rows.filter(interface__user__in=_with_address())


def stop_digest(interface: int) -> bool:
    """Send no digest to this player any more; give whether there was one."""
    rows = PlayerPreferences.objects.filter(interface=interface)
    return bool(rows.exclude(digest=Digest.NEVER).update(digest=Digest.NEVER))


def token_for(interface: int) -> str:
    """Give what is in the address that stops a player's digest."""
    return signing.dumps(interface, salt=SALT)


def interface_of(token: str) -> int:
    """Give the player whom a token is for.

    It never expires: mail is kept for years.

    :raises BadSignature: where it isn't one of ours
    """
    return int(signing.loads(token, salt=SALT))


def _news(now: datetime) -> QuerySet[Notice]:
    notices = Notice.objects.current().unread().order_by()
    return notices.filter(mailed_at=None, created_at__gt=now - OLDEST)


def _is_due(now: datetime) -> Q:
    due = Q(pk__in=[])
    for digest, period in PERIODS.items():
        since = now - period + SLACK
        is_late = Q(digest_sent_at=None) | Q(digest_sent_at__lte=since)
        due |= Q(digest=digest) & is_late
    return due


def _claim(keys: Sequence[int]) -> dict[int, datetime | None]:
    """Claim these; give the players that we got, with when they were written to."""
    now = timezone.now()
    rows = PlayerPreferences.objects.filter(pk__in=keys)
    before = dict(rows.values_list("interface", "digest_sent_at"))
    # Whoever else claims them leaves another moment there.
    rows.filter(_is_due(now)).update(digest_sent_at=now)
    won = rows.filter(digest_sent_at=now).order_by("pk")
    return {key: before.get(key) for key in won.values_list("interface", flat=True)}


def _letters(claimed: Mapping[int, datetime | None]) -> Iterator[_Letter]:
    readers = _readers(list(claimed))
    by_language: dict[str, list[tuple[int, str]]] = {}
    for interface, address, language in readers:
        by_language.setdefault(language, []).append((interface, address))
    news = _news(timezone.now()).order_by("-pk")
    for language, addresses in by_language.items():
        interfaces = {interface for interface, _address in addresses}
        items: dict[int, list[NoticeItem]] = {}
        with translation.override(language):
            for item in read_notices(news.filter(interface__in=interfaces)):
                items.setdefault(item.interface, []).append(item)
        for interface, address in addresses:
            if found := items.get(interface):
                yield _Letter(interface, address, language, found)


def _readers(interfaces: Sequence[int]) -> list[tuple[int, str, str]]:
    """Give the players, each with an address and a language to write in."""
    path = app_settings.USER_INTERFACE_FIELD or "gamification_interface"
    users = _with_address().filter(**{f"{path}__in": interfaces})
    email = users.model.EMAIL_FIELD
    columns = [path, email]
    if apps.is_installed("wagtail.users"):
        columns.append("wagtail_userprofile__preferred_language")
    known = dict(settings.LANGUAGES)
    found = []
    for interface, address, *languages in users.order_by("pk").values_list(*columns):
        chosen = languages[0] if languages and languages[0] in known else ""
        found.append((interface, address, chosen or settings.LANGUAGE_CODE))
    return found


def _with_address() -> QuerySet:
    users = get_user_model()._base_manager.all()
    names = {field.name for field in users.model._meta.get_fields()}
    email = getattr(users.model, "EMAIL_FIELD", "")
    if email not in names:
        return users.none()
    if "is_active" in names:
        users = users.filter(is_active=True)
    return users.exclude(**{email: ""}).exclude(**{email: None})


def _send(letter: _Letter, connection: Any) -> bool:
    try:
        with translation.override(letter.language):
            connection.send_messages([_message(letter)])
    except Exception:
        # Each mail server, and each backend, raises its own.
        logger.exception("A digest couldn't be sent.")
        return False
    told = Notice.objects.filter(interface=letter.interface, mailed_at=None)
    told.filter(pk__lte=letter.items[0].key).update(mailed_at=timezone.now())
    return True


def _message(letter: _Letter) -> EmailMultiAlternatives:
    root = _root_url()
    path = "wagtail_gamification:stop_digest"
    stop_url = f"{root}{reverse(path, args=[token_for(letter.interface)])}"
    number = len(letter.items)
    context = {
        "notices": letter.items[:MOST],
        "more": max(0, number - MOST),
        "list_url": f"{root}{reverse('wagtail_gamification:notices')}",
        "stop_url": stop_url,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "language": letter.language,
        "is_rtl": translation.get_language_bidi(),
    }
    subject = ngettext(
        "%(count)d new thing on %(site)s", "%(count)d new things on %(site)s", number
    ) % {"count": number, "site": settings.WAGTAIL_SITE_NAME}
    folder = "wagtail_gamification/notices"
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        render_to_string(f"{folder}/digest.txt", context),
        to=[letter.address],
        headers={
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(
        render_to_string(f"{folder}/digest.html", context), "text/html"
    )
    return message


def _root_url() -> str:
    """Give the site's address, as visitors know it."""
    site = Site.objects.filter(is_default_site=True).first() or Site.objects.first()
    return site.root_url if site else getattr(settings, "WAGTAILADMIN_BASE_URL", "")
