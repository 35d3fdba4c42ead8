"""Who may give what to whom: the one answer that everything else asks for.

Views, bulk actions, imports, the API and a site's own code ask :func:`may_give` about
one player, and :func:`decide_for` about any number of them, in SQL. Neither changes
anything: what is decided and then done belongs into one transaction, with the giver
locked (:func:`lock_giver`), as :mod:`.give` does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_gamification.models.achievements import Award, Badge
from wagtail_gamification.models.claims import ClaimCode
from wagtail_gamification.models.definitions import BadgeDefinition
from wagtail_gamification.models.managers import owner
from wagtail_gamification.models.players import GamificationInterface

from .players import left_out, locked_rows

# What can be asked for, and the permission that it takes.
PERMISSIONS = {
    "award": "wagtail_gamification.award_badge",
    "renew": "wagtail_gamification.award_badge",
    "revoke": "wagtail_gamification.revoke_badge",
    "adjust_points": "wagtail_gamification.adjust_points",
    "reset": "wagtail_gamification.reset_player",
}
# Each of these makes an award.
AWARDING = ("award", "renew")


@dataclass(frozen=True)
class Decision:
    """Whether something may be given, and why not."""

    allowed: bool

    code: str
    """``allowed``, or what stands in the way: a name that code can rely on."""

    message: str
    """The same for the person who asked, in the active language."""


def may_give(
    user: Any,
    action: str,
    definition: BadgeDefinition | None = None,
    interface: GamificationInterface | None = None,
) -> Decision:
    """Say whether ``user`` may do ``action`` now, and why not.

    ``action`` is ``award``, ``renew``, ``revoke``, ``adjust_points`` or ``reset``.
    Without ``interface``, the answer is about the giver and the badge alone: whether a
    button is worth showing. Without ``definition``, it is about the permission. What
    counts of a badge is what is published, whatever draft or translation is handed in.

    :raises KeyError: for another action
    """
    giver = Giver(user, action, definition)
    return giver.decision if interface is None else giver.decide(interface)


def decide_for(
    players: QuerySet[GamificationInterface],
    user: Any,
    action: str,
    definition: BadgeDefinition | None = None,
) -> QuerySet[GamificationInterface]:
    """Annotate ``players`` with ``giving_code``: ``allowed``, or why not.

    The same answers as :func:`may_give`, in one condition: filter by it, or count by
    it. A monthly limit isn't in it, as long as one award is left: how many are is
    ``Giver(user, action, definition).awards_left``.
    """
    return Giver(user, action, definition).decide_for(players)


class Giver:
    """Somebody who wants to do ``action``, asked about once or about many players."""

    def __init__(
        self, user: Any, action: str, definition: BadgeDefinition | None = None
    ) -> None:
        self.user = user
        self.action = action
        self.permission = PERMISSIONS[action]
        self._asked = definition

    @cached_property
    def definition(self) -> BadgeDefinition | None:
        """What is published of the badge, None where no badge was named."""
        if self._asked is None:
            return None
        groups = _groups_of_badge()
        definitions = BadgeDefinition.objects.annotate(
            is_restricted=Exists(groups),
            is_in_group=Exists(groups.filter(group__in=_groups_of(self.user))),
        )
        return definitions.filter(pk=self._asked.state_id).first()

    @cached_property
    def decision(self) -> Decision:
        """What can be said before a player is known."""
        return self.decision_of(self._code())

    @property
    def limit(self) -> int | None:
        """How many the giver may award of it a month, None without a limit.

        Where there is one, the giver is to be locked before it is decided.
        """
        if self.action not in AWARDING or self.definition is None:
            return None
        return self.definition.awards_per_giver

    @cached_property
    def awards_left(self) -> int | None:
        """How many the giver may award of it this month, None without a limit."""
        limit = self.limit
        if not limit:
            return None
        given = Award.objects.filter(
            awarded_by=self.user.pk,
            awarded_at__gte=start_of_month(),
            revoked_at=None,
            badge_definition=self.definition,
        ).order_by()
        # Whoever makes codes gives away what they may be claimed for.
        codes = ClaimCode.objects.filter(
            created_by=self.user.pk,
            badge_definition=self.definition,
            created_at__gte=start_of_month(),
        )
        claims = codes.aggregate(claims=Sum("max_claims"))["claims"] or 0
        return max(0, limit - given[:limit].count() - claims)

    def decide(self, interface: GamificationInterface) -> Decision:
        """Say whether it may be done to this player."""
        if not self.decision.allowed:
            return self.decision
        players = GamificationInterface.objects.filter(pk=interface.pk)
        decided: Any = self.decide_for(players)
        code = decided.values_list("giving_code", flat=True).first()
        return self.decision_of(code or "player_gone")

    def decide_for(
        self, players: QuerySet[GamificationInterface]
    ) -> QuerySet[GamificationInterface]:
        """Annotate ``players`` with ``giving_code``."""
        if not self.decision.allowed:
            code: Any = Value(self.decision.code, output_field=CharField())
            return players.annotate(giving_code=code)
        reasons = [
            When(condition, then=Value(code))
            for code, condition in self._reasons().items()
        ]
        code = Case(*reasons, default=Value("allowed"), output_field=CharField())
        return players.annotate(giving_code=code)

    def decision_of(self, code: str) -> Decision:
        """Give the decision that a code stands for."""
        message = MESSAGES[code]() if code in MESSAGES else ""
        if code == "monthly_limit":
            message = _limit_message(self.limit or 0)
        return Decision(code == "allowed", code, message)

    def _code(self) -> str:
        if not self.user.has_perm(self.permission):
            return "no_permission"
        if self._asked is None:
            return "allowed"
        definition = self.definition
        if definition is None:
            return "badge_gone"
        if self.action in AWARDING and not definition.live:
            return "not_live"
        if definition.is_restricted and not (
            definition.is_in_group or _is_superuser(self.user)
        ):
            return "not_in_group"
        return "monthly_limit" if self.awards_left == 0 else "allowed"

    def _reasons(self) -> dict[str, Q]:
        """Give, on rows of players, what stands in the way, in order of weight."""
        reasons = {}
        definition = self.definition
        if self.action in (*AWARDING, "adjust_points"):
            if not (definition and definition.may_award_oneself):
                reasons["oneself"] = owner(self.user)
            reasons["player_left_out"] = left_out()
        if definition:
            badges = Badge._base_manager.filter(
                interface=OuterRef("pk"), badge_definition=definition.pk
            )
            if self.action == "award":
                has_expired = Q(expires_at__lte=timezone.now())
                full = badges.filter(times_awarded__gte=definition.award_limit)
                still_counts = Q(expires_at=None) | ~has_expired
                reasons["has_it_already"] = Q(Exists(full.filter(still_counts)))
            elif self.action in ("revoke", "renew"):
                held = badges.filter(acquired=True)
                reasons["has_it_not"] = ~Q(Exists(held))
                if self.action == "renew":
                    never_ends = held.filter(expires_at=None)
                    reasons["never_ends"] = Q(Exists(never_ends))
        return reasons


def definitions_for(user: Any, action: str) -> QuerySet[BadgeDefinition]:
    """Give the badges that ``user`` may award or take back, as far as groups decide.

    Monthly limits are left aside: they change with each award.
    """
    definitions = BadgeDefinition.objects.originals()
    if action in AWARDING:
        definitions = definitions.live()
    if not user.has_perm(PERMISSIONS[action]):
        return definitions.none()
    return definitions & definitions_open_to(user)


def definitions_open_to(user: Any) -> QuerySet[BadgeDefinition]:
    """Give the badges that aren't reserved for groups that ``user`` isn't in."""
    definitions = BadgeDefinition.objects.originals()
    if _is_superuser(user):
        return definitions
    groups = _groups_of_badge()
    own = groups.filter(group__in=_groups_of(user))
    return definitions.filter(~Exists(groups) | Exists(own))


def lock_giver(user: Any) -> None:
    """Keep others from giving in the name of ``user`` until the transaction ends.

    What makes a monthly limit hold. The players are locked first: whoever awards
    writes a row that refers to the giver while they are.
    """
    rows = locked_rows(get_user_model()._base_manager.filter(pk=user.pk))
    if rows is not None:
        list(rows.values_list("pk"))


def start_of_month(now: datetime | None = None) -> datetime:
    """Give when the month began in which it is ``now``, in the site's time zone."""
    zone = timezone.get_default_timezone()
    here = timezone.localtime(now or timezone.now(), zone)
    first = here.replace(
        day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, fold=0
    )
    return timezone.make_aware(first, zone)


def _groups_of_badge() -> QuerySet:
    """Give, within a query for badges, the rows that name groups for each."""
    through = BadgeDefinition.awarding_groups.through
    return through.objects.filter(badgedefinition=OuterRef("pk"))


def _groups_of(user: Any) -> QuerySet[Group]:
    # Not every user model has groups.
    groups = getattr(user, "groups", None)
    return Group.objects.none() if groups is None else groups.values("pk")


def _is_superuser(user: Any) -> bool:
    return bool(getattr(user, "is_superuser", False))


def _limit_message(limit: int) -> str:
    return ngettext(
        "One person may award this badge %(count)d time a month, and you have done so "
        "this month.",
        "One person may award this badge %(count)d times a month, and you have done "
        "so this month.",
        limit,
    ) % {"count": limit}


MESSAGES: dict[str, Callable[[], str]] = {
    "no_permission": lambda: _("You don't have the permission to do this."),
    "badge_gone": lambda: _("This badge has been deleted."),
    "not_live": lambda: _("This badge isn't published."),
    "not_in_group": lambda: _(
        "Only members of certain groups may award this badge and take it back."
    ),
    "player_gone": lambda: _("This player has been deleted."),
    "oneself": lambda: _("You can't give this to yourself."),
    "player_left_out": lambda: _(
        "This player isn't counted: the account is inactive, or in a group that the "
        "site leaves out."
    ),
    "has_it_already": lambda: _(
        "This player has this badge already, as often as it can be had."
    ),
    "has_it_not": lambda: _("This player doesn't have this badge."),
    "never_ends": lambda: _("This player has this badge for good."),
    "awarded_meanwhile": lambda: _(
        "Meanwhile this player was awarded this badge. Award it again if it is to be "
        "one more."
    ),
    "changed_meanwhile": lambda: _(
        "Meanwhile something has changed. Read again what would be taken back."
    ),
}
