"""Award a badge to those who qualify already, and measure everyone's progress anew.

Players are gone through in the order of their keys, some thousands in a transaction.
That transaction also moves the job on: what is interrupted goes on behind the last
that was committed, and of two workers at one job only one can move it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import router, transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Failure,
    GamificationInterface,
    Level,
    Requirement,
    RetroactiveAward,
)
from wagtail_gamification.models.sql import database_settings
from wagtail_gamification.requirements.index import (
    RuledBadge,
    ask_kinds,
    forget_index,
    rule_index,
)
from wagtail_gamification.requirements.rules import BadgeRules

from .award_range import award_range
from .failures import note_failure
from .player_range import PlayerRange
from .stepping import try_step

PLAYERS_AT_ONCE = 20_000
# Longer than any step takes.
SILENCE = timedelta(minutes=10)
# What says what a requirement asks for.
ASKED = (
    "kind",
    "event",
    "badge_id",
    "category_id",
    "level_id",
    "target",
    "counting",
    "within_days",
    "allows_rest_days",
    "object_key",
    "is_below",
    "group",
)

State = RetroactiveAward.State


def start_retroactive_award(
    definition: BadgeDefinition,
    *,
    by: Any = None,
    awards: bool = True,
    tells: bool = False,
) -> RetroactiveAward:
    """Award ``definition`` to those who qualify, in a task after the commit.

    ``by`` is the user who wants it. With ``awards`` False the progress is measured and
    nobody gets the badge; with ``tells`` signals are sent as for any award.
    """
    job = make_retroactive_award(definition, by=by, awards=awards, tells=tells)
    transaction.on_commit(partial(_enqueue, str(job.uuid)), robust=True)
    return job


def make_retroactive_award(
    definition: BadgeDefinition, *, by: Any = None, awards: bool, tells: bool
) -> RetroactiveAward:
    """Make the job that :func:`run_retroactive_award` runs."""
    definition = BadgeDefinition.objects.get(pk=definition.state_id)
    return RetroactiveAward.objects.create(
        badge_definition=definition,
        started_by=by,
        awards=awards,
        tells_players=tells,
        fingerprint=_fingerprint(definition, requirements_of(definition)),
    )


def run_retroactive_award(
    uuid: str, watch: Callable[[RetroactiveAward], None] | None = None
) -> None:
    """Run a job from where it stands to its end; one that is done stays as it is.

    ``watch`` is called with the job after each step. Where another worker is at the
    job, that one goes on and this one ends.
    """
    job = _begin(uuid)
    if job is None:
        return
    try:
        while try_step(partial(_step, job)):
            if watch:
                watch(job)
    except Exception as error:
        _current(job).update(
            state=State.FAILED, error=str(error), updated_at=timezone.now()
        )
        note_failure(
            Failure.Source.REQUIREMENT,
            str(job.badge_definition),
            error,
            {
                "definition": job.badge_definition_id,
                "interface": None,
                "awards": job.awards,
                "tells": job.tells_players,
            },
        )
        raise


def follow_publication(
    definition: BadgeDefinition, *, by: Any = None, joins: bool = False
) -> None:
    """Start what follows where other rules than before are live for a badge now.

    With ``joins`` what waits already is enough: many may change at once.
    """
    requirements = requirements_of(definition)
    if not requirements:
        published = {definition.first_published_at, definition.last_published_at}
        if len(published) > 1:
            forget_publication(definition)
        return
    # What is published may only be scheduled: what is live counts.
    live = BadgeDefinition.objects.live().filter(pk=definition.pk).first()
    if live is None:
        return
    definition = live
    before = definition.retroactive_awards.exclude(state=State.FAILED).first()
    now = _fingerprint(definition, requirements)
    if before and before.fingerprint == now:
        return
    if joins and before:
        # One that hasn't begun reads the rules when it does.
        waiting = definition.retroactive_awards.filter(
            pk=before.pk, state=State.WAITING
        )
        if waiting.update(fingerprint=now):
            return
    start_retroactive_award(
        definition,
        by=by,
        awards=definition.awards_retroactively,
        tells=definition.tells_retroactively,
    )


def follow_level(level: Level, *, by: Any = None) -> None:
    """Start what follows for the badges that ask for a level that has changed."""
    asking = BadgeDefinition.objects.live().originals()
    asking = asking.filter(requirements__level=level.pk, requirements__kind="level")
    for definition in asking.distinct():
        follow_publication(definition, by=by)


def follow_category(badge: BadgeDefinition, *, by: Any = None) -> None:
    """Start what follows for those that ask for a category that ``badge`` came into.

    Or left. Where nobody has the badge, nobody's count is another one.
    """
    asking = BadgeDefinition.objects.live().originals().exclude(pk=badge.pk)
    asking = asking.filter(
        requirements__kind="badge", requirements__category__isnull=False
    )
    definitions = list(asking.distinct())
    held = Badge.acquired_objects.filter(badge_definition=badge.pk)
    if not definitions or not held.exists():
        return
    for definition in definitions:
        follow_publication(definition, by=by, joins=True)


def forget_publication(definition: BadgeDefinition) -> None:
    """Measure anew at the next publication: meanwhile nothing is counted."""
    definition.retroactive_awards.exclude(fingerprint="").update(fingerprint="")


def unfinished_award(
    definition: BadgeDefinition, *, awards: bool, tells: bool
) -> RetroactiveAward | None:
    """Give the award to go on with, where the latest isn't done and does the same."""
    latest = definition.retroactive_awards.first()
    if latest is None or latest.state == State.FINISHED:
        return None
    is_same = (latest.awards, latest.tells_players) == (awards, tells)
    return latest if is_same else None


def interrupted_awards() -> QuerySet[RetroactiveAward]:
    """Give those that have shown no sign of life for some time."""
    return RetroactiveAward.objects.filter(
        state__in=[State.WAITING, State.RUNNING],
        updated_at__lt=timezone.now() - SILENCE,
    ).order_by("pk")


def requirements_of(definition: BadgeDefinition) -> list[Requirement]:
    """Give the live requirements, as the rules count them."""
    rows = Requirement.objects.filter(badge_definition=definition.pk)
    return list(rows.select_related("level"))


def _enqueue(uuid: str) -> None:
    from wagtail_gamification.tasks import award_retroactively

    award_retroactively.enqueue(uuid)


def _begin(uuid: str) -> RetroactiveAward | None:
    jobs = RetroactiveAward.objects.filter(uuid=uuid).exclude(state=State.FINISHED)
    if not jobs.update(state=State.RUNNING, error="", updated_at=timezone.now()):
        return None
    job = jobs.select_related("badge_definition").first()
    if job is None:
        return None
    if job.is_replaced:
        _replace(jobs)
        return None
    # Those before it would go on for rules, or a choice, that count no more.
    older = RetroactiveAward.objects.filter(
        badge_definition=job.badge_definition_id,
        pk__lt=job.pk,
    )
    _replace(older.exclude(state=State.FINISHED))
    job.players = GamificationInterface.objects.count()
    jobs.update(players=job.players)
    return job


def _replace(jobs: QuerySet[RetroactiveAward]) -> None:
    jobs.update(
        state=State.FINISHED,
        finished_at=timezone.now(),
        error=_("A later publication has taken its place."),
    )


def _current(job: RetroactiveAward) -> QuerySet[RetroactiveAward]:
    """Give the job as a query, none where somebody else has moved it."""
    return RetroactiveAward.objects.filter(
        pk=job.pk, state=State.RUNNING, reached=job.reached
    )


def _step(job: RetroactiveAward) -> bool:
    """Do the next players; give whether there are more to do."""
    alias = router.db_for_write(RetroactiveAward)
    # Compiling the queries takes longer than running them.
    with transaction.atomic(using=alias), database_settings(alias, jit="off"):
        # Who is at it holds this row, so that a second worker waits here and then
        # finds that the job has moved.
        now = timezone.now()
        if not _current(job).update(updated_at=now):
            return False
        last = end_of_range(job.reached)
        badge = _badge_of(job)
        # Without a badge that is live and asks for something, there is nothing to do.
        if last is None or badge is None:
            _current(job).update(state=State.FINISHED, finished_at=now)
            job.state = State.FINISHED
            return False
        players = PlayerRange(badge, job.reached, last)
        number, awarded = players.measure(), 0
        if job.awards:
            reason = _("Awarded retroactively.")
            awarded = award_range(players, reason, tells=job.tells_players)
        _current(job).update(
            reached=last,
            players_done=F("players_done") + number,
            awarded=F("awarded") + awarded,
            updated_at=timezone.now(),
        )
    job.reached = last
    job.players_done += number
    job.awarded += awarded
    return True


def _badge_of(job: RetroactiveAward) -> RuledBadge | None:
    """Give the badge as the database has it, None where it asks for nothing now."""
    live = BadgeDefinition.objects.live().originals()
    definition = live.filter(pk=job.badge_definition_id).first()
    requirements = requirements_of(definition) if definition else []
    if definition is None or not requirements:
        return None
    badge = rule_index().by_definition.get(definition.pk)
    if badge is None or _fingerprint(definition, requirements) != _fingerprint(
        badge.definition, badge.rules.requirements
    ):
        # Without a shared cache a process may hear late of what was published.
        forget_index()
        badge = rule_index().by_definition.get(definition.pk)
    if badge is None:
        # A kind that raises is the reason: so does it here.
        ask_kinds(BadgeRules(tuple(requirements)))
        forget_index()
        badge = rule_index().by_definition[definition.pk]
    return badge


def end_of_range(reached: int) -> int | None:
    """Give the key of the last of the players that come next, None at the end."""
    players = GamificationInterface.objects.filter(pk__gt=reached).order_by("pk")
    keys = players.values_list("pk", flat=True)
    # Where there are enough, the index alone finds it.
    full = keys[PLAYERS_AT_ONCE - 1 : PLAYERS_AT_ONCE].first()
    return full or keys.aggregate(last=Max("pk"))["last"]


def _fingerprint(
    definition: BadgeDefinition, requirements: Sequence[Requirement]
) -> str:
    """Tell these rules from others."""
    rules = [
        definition.award_limit,
        definition.can_be_earned_again,
        *([getattr(each, name) for name in ASKED] for each in requirements),
        # A level begins with other points than before, or not at all any more.
        *(
            each.level.points_required * each.level.live
            for each in requirements
            if each.level
        ),
        # A badge was moved into a category, or out of it.
        *(
            sorted(
                BadgeDefinition.objects.originals()
                .ever_published()
                .filter(category=each.category_id)
                .exclude(pk=definition.pk)
                .order_by()
                .values_list("pk", flat=True)
            )
            for each in requirements
            if each.kind == "badge" and each.category_id
        ),
    ]
    return hashlib.sha256(json.dumps(rules).encode()).hexdigest()
