"""Give a badge or points to many players: in the background, in steps, and undone.

The rows of a job are gone through in the order of their keys, some thousands in a
transaction. That transaction also moves the job on: what is interrupted goes on behind
the last that was committed, and of two workers at one job only one can move it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import router, transaction
from django.db.models import Count, Max, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from wagtail_gamification.conf import app_settings
from wagtail_gamification.exceptions import NotAllowed
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.giving_jobs import GivingJob, GivingRow
from wagtail_gamification.models.players import GamificationInterface
from wagtail_gamification.models.sql import database_settings, insert_from_select

from .award_at_once import are_looked_at
from .award_chosen import award_chosen, give_points_to_chosen
from .chosen_players import ChosenPlayers
from .giving import Giver
from .prepare_rows import give_interface_to_everyone
from .stepping import try_step
from .undo_giving import revoke_chosen, take_points_from_chosen

logger = logging.getLogger("wagtail_gamification")

PLAYERS_AT_ONCE = 25_000
# Where each of them has to be looked at, or told.
PLAYERS_SINGLY = 2_000

LOG_BULK_AWARD = "wagtail_gamification.bulk_award"
LOG_BULK_POINTS = "wagtail_gamification.bulk_points"
LOG_BULK_UNDO = "wagtail_gamification.bulk_undo"
LOG_GO_ON = "wagtail_gamification.bulk_go_on"

Kind, State = GivingJob.Kind, GivingJob.State


def preview_giving(
    players: QuerySet[GamificationInterface],
    user: Any,
    definition: BadgeDefinition | None = None,
) -> dict[str, int]:
    """Say how many of ``players`` would get it, and how many not, by reason code.

    Without ``definition`` it is about points. One query, however many players.
    """
    giver = _giver(user, definition)
    answers: QuerySet = giver.decide_for(players)
    answers = answers.order_by().values("giving_code")
    found = Counter(dict(_counted(answers, "giving_code")))
    left = giver.awards_left if giver.decision.allowed else None
    if left is not None and found["allowed"] > left:
        found["monthly_limit"] += found["allowed"] - left
        found["allowed"] = left
    return dict(found)


def start_bulk_award(
    players: QuerySet[GamificationInterface],
    definition: BadgeDefinition,
    *,
    by: Any,
    reason: str = "",
    note: str = "",
    tells: bool = True,
) -> GivingJob:
    """Award ``definition`` to ``players`` in the name of ``by``, after the commit.

    The players are those of now; who may get it is decided when it is their turn. The
    reason may be seen by the players, the note never. Unless it ``tells``, no signal
    is sent.

    :raises NotAllowed: where ``by`` may not award it at all
    """
    _allowed(_giver(by, definition))
    return _start(
        players,
        kind=Kind.AWARD,
        badge_definition=definition.source,
        title=definition.source.name,
        started_by=by,
        reason=reason,
        note=note,
        tells_players=tells,
    )


def start_bulk_points(
    players: QuerySet[GamificationInterface],
    amount: int,
    *,
    by: Any,
    reason: str = "",
    note: str = "",
    tells: bool = True,
) -> GivingJob:
    """Book ``amount`` points for each of ``players``, as :func:`start_bulk_award`.

    :raises NotAllowed: where ``by`` may not adjust points
    """
    _allowed(_giver(by, None))
    return _start(
        players,
        kind=Kind.POINTS,
        amount=amount,
        title=_("Points: %(amount)+d") % {"amount": amount},
        started_by=by,
        reason=reason,
        note=note,
        tells_players=tells,
    )


def players_of(users: QuerySet) -> QuerySet[GamificationInterface]:
    """Give the players that these users are, without making any."""
    field = app_settings.USER_INTERFACE_FIELD
    players = GamificationInterface.objects.all()
    if field:
        keys = users.exclude(**{field: None}).order_by().values(field)
        return players.filter(pk__in=keys)
    return players.filter(user__in=users.order_by().values("pk"))


def make_players_of(users: QuerySet) -> QuerySet[GamificationInterface]:
    """Give the players that these users are; who is none yet becomes one."""
    give_interface_to_everyone(among=users)
    return players_of(users)


def run_giving(uuid: str, watch: Callable[[GivingJob], None] | None = None) -> None:
    """Run a job, or take it back, from where it stands to its end.

    ``watch`` is called with the job after each step. Where another worker is at the
    job, that one goes on and this one ends.
    """
    ended = [State.DRAFT, State.FINISHED]
    jobs = GivingJob.objects.filter(uuid=uuid).exclude(state__in=ended)
    if not jobs.update(state=State.RUNNING, error="", updated_at=timezone.now()):
        return
    job = jobs.select_related("badge_definition").get()
    try:
        while try_step(partial(_step, job)):
            if watch:
                watch(job)
    except Exception as error:
        logger.exception("The bulk award %s failed.", uuid)
        _current(job).update(
            state=State.FAILED, error=str(error), updated_at=timezone.now()
        )
        raise


def may_undo(job: GivingJob) -> bool:
    """Whether there is something to take back, and nobody has begun to."""
    return job.state == State.FINISHED and not job.is_undone and job.given > 0


def undo_decision(job: GivingJob, user: Any) -> Any:
    """Say whether ``user`` may take back what the job gave.

    Of a list each badge is decided about when it is its turn.
    """
    if job.kind == Kind.POINTS:
        return Giver(user, "adjust_points").decision
    return Giver(user, "revoke", job.badge_definition).decision


def start_undo(job: GivingJob, *, by: Any) -> bool:
    """Take back what a job gave, after the commit; give whether it wasn't begun yet.

    :raises NotAllowed: where ``by`` may not take it back
    """
    decision = undo_decision(job, by)
    if not decision.allowed:
        raise NotAllowed(decision)
    with transaction.atomic():
        jobs = GivingJob.objects.filter(pk=job.pk, state=State.FINISHED, given__gt=0)
        if not jobs.filter(is_undone=False).update(
            is_undone=True,
            undone_by=by.pk,
            state=State.WAITING,
            reached=0,
            players_done=0,
            updated_at=timezone.now(),
        ):
            return False
        data = {"title": job.title, "players": job.given}
        log(instance=job, action=LOG_BULK_UNDO, user=by, data=data)
        enqueue_on_commit(job)
    return True


def enqueue_on_commit(job: GivingJob) -> None:
    """Have a worker run the job once the transaction is committed."""
    transaction.on_commit(partial(_enqueue, str(job.uuid)), robust=True)


def start_checked(job: GivingJob) -> bool:
    """Start a job whose rows are written; give whether it wasn't started yet."""
    with transaction.atomic():
        drafts = GivingJob.objects.filter(pk=job.pk, state=State.DRAFT)
        if not drafts.update(state=State.WAITING, updated_at=timezone.now()):
            return False
        data = {"title": job.title, "players": job.players, "reason": job.reason}
        log(
            instance=job,
            action=LOG_BULK_POINTS if job.kind == Kind.POINTS else LOG_BULK_AWARD,
            user=job.started_by,
            data=data | {"points": job.amount},
        )
        enqueue_on_commit(job)
    return True


def _start(players: QuerySet[GamificationInterface], **fields: Any) -> GivingJob:
    with transaction.atomic():
        job = GivingJob.objects.create(state=State.DRAFT, **fields)
        job.players = insert_from_select(
            GivingRow,
            ("job", "interface", "reason", "detail", "outcome"),
            players.order_by("pk").values_list(
                Value(job.pk), "pk", Value(""), Value(""), Value("")
            ),
        )
        job.save(update_fields=["players"])
        start_checked(job)
    return job


def _enqueue(uuid: str) -> None:
    from wagtail_gamification.tasks import give_to_many

    give_to_many.enqueue(uuid)


def _giver(user: Any, definition: BadgeDefinition | None) -> Giver:
    action = "adjust_points" if definition is None else "award"
    return Giver(user, action, definition)


def _allowed(giver: Giver) -> None:
    if not giver.decision.allowed:
        raise NotAllowed(giver.decision)


def _counted(rows: QuerySet, name: str) -> QuerySet:
    return rows.annotate(number=Count("pk")).values_list(name, "number")


def _current(job: GivingJob) -> QuerySet[GivingJob]:
    """Give the job as a query, none where somebody else has moved it."""
    return GivingJob.objects.filter(
        pk=job.pk, state=State.RUNNING, reached=job.reached, is_undone=job.is_undone
    )


def _step(job: GivingJob) -> bool:
    """Do the next players; give whether there are more to do."""
    alias = router.db_for_write(GivingJob)
    # Compiling the queries takes longer than running them.
    with transaction.atomic(using=alias), database_settings(alias, jit="off"):
        # Who is at it holds this row, so that a second worker waits here and then
        # finds that the job has moved.
        now = timezone.now()
        if not _current(job).update(updated_at=now):
            return False
        found = _next_rows(job)
        if found is None:
            _finish(job)
            return False
        first, last = found
        # As they are now: somebody may have lost a permission, or be gone.
        current = GivingJob.objects.select_related("started_by", "undone_by")
        done = current.get(pk=job.pk)
        chosen = ChosenPlayers(done, first, last)
        chosen.lock()
        if job.is_undone:
            done.undone += _take_back(chosen)
        else:
            refused = Counter(done.refused)
            done.given += _give(chosen, refused)
            done.refused = dict(refused)
        chosen.check()
        done.reached, done.updated_at = last, timezone.now()
        done.players_done += chosen.size
        done.save(
            update_fields=[
                "reached",
                "players_done",
                "given",
                "undone",
                "refused",
                "updated_at",
            ]
        )
    for name in ("reached", "players_done", "given", "undone", "refused"):
        setattr(job, name, getattr(done, name))
    return True


def _give(chosen: ChosenPlayers, refused: Counter[str]) -> int:
    """Give to those who may get it, and count the others; give to how many."""
    job = chosen.job
    is_award = job.kind != Kind.POINTS
    definition = BadgeDefinition(pk=chosen.badge_definition_id or 0)
    giver = _giver(job.started_by or _Nobody(), definition if is_award else None)
    refused_now = chosen.refuse(giver)
    refused.update(refused_now)
    number = chosen.size - refused_now.total()
    if not number:
        return 0
    if giver.definition:
        return award_chosen(chosen, giver.definition, number=number)
    return give_points_to_chosen(chosen, number=number)


def _take_back(chosen: ChosenPlayers) -> int:
    job = chosen.job
    if job.kind == Kind.POINTS:
        return take_points_from_chosen(chosen)
    published = BadgeDefinition.objects.filter(pk=chosen.badge_definition_id or 0)
    definition = published.first()
    if definition is None or not job.undone_by:
        return 0
    if not Giver(job.undone_by, "revoke", definition).decision.allowed:
        return 0
    return revoke_chosen(chosen, definition)


def _finish(job: GivingJob) -> None:
    now = timezone.now()
    if job.is_undone:
        _current(job).update(state=State.FINISHED, undone_at=now)
    else:
        refused = dict(job.refused)
        if gone := job.players - job.players_done:
            refused["player_gone"] = gone
        _current(job).update(state=State.FINISHED, finished_at=now, refused=refused)
    job.state = State.FINISHED


def _next_rows(job: GivingJob) -> tuple[GivingRow, int] | None:
    """Give the first of the rows that come next and the key of the last, if any.

    Those of a list are cut where another badge or another day begins.
    """
    rows = GivingRow.objects.filter(job=job.pk, pk__gt=job.reached).order_by("pk")
    if job.kind == Kind.LIST:
        rows = rows.filter(outcome="")
    first = rows.first()
    if first is None:
        return None
    if job.kind == Kind.LIST:
        # They stand in that order.
        rows = rows.filter(
            badge_definition=first.badge_definition_id, given_at=first.given_at
        )
    at_once = PLAYERS_AT_ONCE
    if job.tells_players or are_looked_at():
        at_once = PLAYERS_SINGLY
    keys = rows.values_list("pk", flat=True)
    full = keys[at_once - 1 : at_once].first()
    return first, full or keys.aggregate(last=Max("pk"))["last"]


class _Nobody:
    """Who started it is gone, and may do nothing."""

    pk = None

    def has_perm(self, permission: str) -> bool:
        return False
