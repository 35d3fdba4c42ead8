"""What each line of a list means, and what is wrong with it."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification.actions.giving import Giver, definitions_for, start_of_month
from wagtail_gamification.actions.giving_jobs import start_checked
from wagtail_gamification.actions.prepare_rows import give_interface_to_everyone
from wagtail_gamification.models import (
    BadgeDefinition,
    GamificationInterface,
    GivingJob,
    GivingRow,
)
from wagtail_gamification.models.giving_jobs import SEE_PLAYERS

from .people import find_people, interfaces_of, suggest_people
from .reading import Line

LONGEST_REASON = 2000
LONGEST_DETAIL = 200
MOST_CHOICES = 300
# Before there were any of these sites; what is older is a mistake.
FIRST_DAY = datetime.date(1990, 1, 1)
FIXABLE = ("unknown_person", "ambiguous_person")


def check_list(
    lines: Sequence[Line],
    *,
    user: Any,
    badge: BadgeDefinition | None,
    **fields: Any,
) -> GivingJob:
    """Write down what the lines mean as a job that isn't started.

    ``badge`` is meant where a line names none; ``fields`` are those of the job. Users
    who are no players yet become some: that gives them nothing.
    """
    badges = _Badges(user, {line.badge for line in lines if line.badge})
    people = find_people({line.person for line in lines if line.person})
    single = [found[0] for found in people.values() if len(found) == 1]
    with transaction.atomic():
        keys = [each.pk for each in single]
        users = get_user_model()._base_manager.filter(pk__in=keys)
        give_interface_to_everyone(among=users)
        interfaces = interfaces_of(single)
        job = GivingJob.objects.create(
            kind=GivingJob.Kind.LIST,
            state=GivingJob.State.DRAFT,
            badge_definition=badge,
            title=badge.name if badge else _("Several badges"),
            started_by=user,
            **fields,
        )
        rows = [
            _row(job, line, people.get(line.person, []), interfaces, badges, badge)
            for line in lines
        ]
        _mark_twice(rows)
        _decide(rows, user)
        if user.has_perm(SEE_PLAYERS):
            _suggest(rows, people)
        GivingRow.objects.bulk_create(rows, batch_size=1000)
        _count(job)
    return job


def start_list(job: GivingJob, choices: dict[int, int]) -> bool:
    """Start a job that was checked; give whether it wasn't started yet.

    ``choices`` say, by the key of a row, which of the suggested players is meant.
    """
    with transaction.atomic():
        drafts = GivingJob.objects.filter(pk=job.pk, state=GivingJob.State.DRAFT)
        if not drafts.update(updated_at=timezone.now()):
            return False
        rows = list(job.rows.select_related("badge_definition").order_by("pk"))
        there = set(
            GamificationInterface.objects.filter(
                pk__in=set(choices.values())
            ).values_list("pk", flat=True)
        )
        for row in rows:
            chosen = choices.get(row.pk)
            is_suggested = chosen in (row.suggestions or []) and chosen in there
            if row.outcome in FIXABLE and is_suggested:
                row.interface_id, row.outcome, row.detail = chosen, "", ""
            row.suggestions = None
        _mark_twice(rows)
        # Those of one badge and one day together, as they are awarded.
        rows.sort(key=_order)
        job.rows.all().delete()
        for row in rows:
            row.pk = None
        GivingRow.objects.bulk_create(rows, batch_size=1000)
        _count(job)
        return start_checked(job)


def discard_list(drafts: QuerySet[GivingJob]) -> bool:
    """Forget a job that was checked; give whether it wasn't started yet."""
    with transaction.atomic():
        keys = list(drafts.select_for_update().values_list("pk", flat=True))
        rows = GivingRow.objects.filter(job__in=keys)
        rows._raw_delete(rows.db)  # type: ignore[attr-defined]
        # Not by delete(): no award can be of a draft, so none is looked through.
        jobs = GivingJob.objects.filter(pk__in=keys)
        jobs._raw_delete(jobs.db)  # type: ignore[attr-defined]
    return bool(keys)


def moment_of(value: Any) -> datetime.datetime | None:
    """Give when something written as a date was, None where that is today.

    A day is taken at noon in the site's time zone, so that it is the same day for
    most people.

    :raises forms.ValidationError: with the code ``wrong_date`` or ``future_date``
    """
    if isinstance(value, datetime.datetime):
        value = value.date()
    if not isinstance(value, datetime.date):
        try:
            text = str(value).strip()[:40]
            value = forms.DateField().clean(text.partition("T")[0])
        except forms.ValidationError as error:
            raise forms.ValidationError("", code="wrong_date") from error
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    if value > today:
        raise forms.ValidationError("", code="future_date")
    if value < FIRST_DAY:
        raise forms.ValidationError("", code="wrong_date")
    if value == today:
        return None
    noon = datetime.datetime.combine(value, datetime.time(12))
    return timezone.make_aware(noon, timezone.get_default_timezone())


def _row(
    job: GivingJob,
    line: Line,
    people: Sequence[Any],
    interfaces: dict[Any, int],
    badges: _Badges,
    badge: BadgeDefinition | None,
) -> GivingRow:
    row = GivingRow(
        job=job,
        line=line.number,
        reason=line.reason or job.reason,
        badge_definition=badge,
    )
    if len(people) == 1:
        row.interface_id = interfaces[people[0].pk]
    else:
        _refuse(row, FIXABLE[bool(people)], line.person)
    if line.badge:
        row.badge_definition, code = badges.find(line.badge)
        _refuse(row, code, line.badge)
    elif badge is None:
        _refuse(row, "no_badge", "")
    if len(row.reason) > LONGEST_REASON:
        row.reason = row.reason[:LONGEST_REASON]
        _refuse(row, "long_reason", "")
    if line.date not in (None, ""):
        try:
            row.given_at = moment_of(line.date)
        except forms.ValidationError as error:
            _refuse(row, error.code, str(line.date))
    _refuse(row, _obstacle_of_date(row), "")
    return row


def _obstacle_of_date(row: GivingRow) -> str:
    """Say why a badge can't have been awarded then, if so."""
    definition, moment = row.badge_definition, row.given_at
    if definition is None or moment is None:
        return ""
    ends = definition.expiry_from(moment)
    if ends is not None and ends <= timezone.now():
        return "has_ended"
    # Otherwise nothing would be left of the limit.
    is_limited = definition.awards_per_giver and moment < start_of_month()
    return "limited_date" if is_limited else ""


def _refuse(row: GivingRow, code: str, detail: str) -> None:
    """Write down the first thing that is wrong."""
    if code and not row.outcome:
        row.outcome, row.detail = code, detail.replace("\0", "")[:LONGEST_DETAIL]


def _mark_twice(rows: Iterable[GivingRow]) -> None:
    seen: set[tuple[Any, Any]] = set()
    for row in rows:
        if row.outcome or row.interface_id is None:
            continue
        key = (row.interface_id, row.badge_definition_id)
        if key in seen:
            row.outcome = "twice"
        seen.add(key)


def _decide(rows: Iterable[GivingRow], user: Any) -> None:
    """Say already now who can't get it: some queries for each badge."""
    by_badge: dict[Any, list[GivingRow]] = defaultdict(list)
    for row in rows:
        if not row.outcome:
            by_badge[row.badge_definition].append(row)
    for definition, own in by_badge.items():
        keys = [row.interface_id for row in own]
        players = GamificationInterface.objects.filter(pk__in=keys)
        answers = Giver(user, "award", definition).decide_for(players)
        codes = dict(answers.values_list("pk", "giving_code"))
        for row in own:
            code = codes.get(row.interface_id, "player_gone")
            row.outcome = "" if code == "allowed" else code


def _suggest(rows: Iterable[GivingRow], people: dict[str, list[Any]]) -> None:
    """Add who may be meant; who isn't a player yet becomes one when chosen."""
    # A form takes no more fields than DATA_UPLOAD_MAX_NUMBER_FIELDS.
    open_rows = [row for row in rows if row.outcome in FIXABLE][:MOST_CHOICES]
    unknown = {row.detail for row in open_rows if row.outcome == "unknown_person"}
    looking_like = suggest_people(sorted(unknown - {""}))
    meant = {
        id(row): (people.get(row.detail) or looking_like.get(row.detail) or [])[:5]
        for row in open_rows
    }
    users = {user.pk: user for found in meant.values() for user in found}
    interfaces = interfaces_of(users.values())
    for row in open_rows:
        keys = [interfaces.get(user.pk) for user in meant[id(row)]]
        row.suggestions = [key for key in keys if key] or None


def _order(row: GivingRow) -> tuple[Any, ...]:
    moment = row.given_at.isoformat() if row.given_at else ""
    is_refused = bool(row.outcome)
    return (is_refused, row.badge_definition_id or 0, moment, row.interface_id or 0)


def _count(job: GivingJob) -> None:
    codes = Counter(job.rows.values_list("outcome", flat=True))
    job.players = codes.pop("", 0)
    job.refused = dict(codes)
    job.save(update_fields=["players", "refused"])


class _Badges:
    """The badges that lines name, by slug or name."""

    def __init__(self, user: Any, names: Iterable[str]) -> None:
        wanted = {name.lower() for name in names} | set(names)
        self.allowed = set(definitions_for(user, "award").values_list("pk", flat=True))
        self.by_name: dict[str, list[BadgeDefinition]] = defaultdict(list)
        if not wanted:
            return
        for definition in BadgeDefinition.objects.originals().order_by("pk"):
            for text in {definition.slug.lower(), definition.name.lower()} & wanted:
                self.by_name[text].append(definition)

    def find(self, name: str) -> tuple[BadgeDefinition | None, str]:
        """Give the badge of that name, and what stands in the way."""
        found = self.by_name.get(name.lower(), [])
        if not found:
            return None, "unknown_badge"
        by_slug = [each for each in found if each.slug.lower() == name.lower()]
        found = by_slug or found
        if len(found) > 1:
            return None, "ambiguous_badge"
        [definition] = found
        if not definition.live:
            return definition, "not_live"
        return definition, "" if definition.pk in self.allowed else "not_in_group"
