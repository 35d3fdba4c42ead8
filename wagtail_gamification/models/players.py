"""Players: each has one interface that keeps all that is theirs together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from .definitions import BadgeDefinition, UnlockableDefinition
from .levels import Level
from .managers import GamificationInterfaceManager
from .progression import LevelProgress
from .protection import erase_with_user

if TYPE_CHECKING:
    from wagtail_gamification.actions import BuyOutcome

    from .achievements import Award, Badge
    from .ledger import PointChange


class GamificationInterface(models.Model):
    """Everything that one player has: badges, points and unlockables.

    A player is mostly one user. An interface without a user serves a team or a
    class, or a user model that has a foreign key of its own to it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=erase_with_user,
        related_name="gamification_interface",
    )
    name = models.CharField(
        _("name"),
        max_length=128,
        blank=True,
        default="",
        db_default="",
        help_text=_("What a team or a class is called. Users have names of their own."),
    )
    points = models.BigIntegerField(
        _("points"),
        default=0,
        editable=False,
        help_text=_("The balance: the sum of all point changes."),
    )
    points_spent = models.BigIntegerField(
        _("points spent"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("What unlockables were bought for."),
    )
    points_earned = models.GeneratedField(
        expression=F("points") + F("points_spent"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("points earned"),
        help_text=_(
            "What levels and unlockables go by, so that spending costs nobody a level."
        ),
    )
    is_public = models.BooleanField(
        _("public"),
        default=True,
        help_text=_("Whether other visitors may see this player's badges and points."),
    )
    on_boards = models.BooleanField(
        _("on leaderboards"),
        default=True,
        db_default=True,
        help_text=_("Whether this player takes part in leaderboards."),
    )
    counts_after = models.BigIntegerField(
        _("counts after"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("The last booking before a reset: what came before is no score."),
    )
    # Lists of players are ordered and filtered by it, which must not take a look at
    # what each of them did.
    last_active_day = models.PositiveIntegerField(
        _("last active day"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The latest day for which an event of the player was recorded."),
    )

    objects = GamificationInterfaceManager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("gamification interface")
        verbose_name_plural = _("gamification interfaces")
        indexes = [
            models.Index(fields=["-points", "id"], name="player_by_points"),
            models.Index(fields=["-points_earned", "id"], name="player_by_earned"),
        ]
        permissions = [
            ("export_player", "Can export players' data"),
            ("erase_player", "Can erase players"),
            ("adjust_points", "Can adjust points"),
            ("reset_player", "Can reset players"),
            ("manage_teams", "Can manage teams"),
        ]

    def __str__(self) -> str:
        if self.user_id:
            return str(self.user)
        return self.name or str(_("Player %(number)s") % {"number": self.pk})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save what may be edited. The points are only changed by the ledger."""
        if self._state.adding:
            self.points = self.points_spent = 0
        elif kwargs.get("update_fields") is None:
            kwargs["update_fields"] = ["user", "name", "is_public", "on_boards"]
        super().save(*args, **kwargs)

    @property
    def last_active(self) -> date | None:
        """The latest day for which an event was recorded, in the player's time zone."""
        if self.last_active_day is None:
            return None
        return date.fromordinal(self.last_active_day)

    @property
    def level(self) -> Level | None:
        """The highest published level that is reached, or None below all.

        It goes by the points that were earned, whether or not they were spent.
        """
        return Level.objects.reached_with(self.points_earned).first()

    @property
    def level_progress(self) -> LevelProgress:
        """The level, the one after it, and what is missing to that."""
        # All of them: levels are few, and one query is better than two.
        levels = Level.objects.live().originals()
        return LevelProgress.from_levels(self.points_earned, levels)

    def badge(self, slug: str) -> Badge:
        """This player's badge of the definition that ``slug`` names.

        :raises UnknownDefinition: where there is no such definition
        """
        from .achievements import Badge

        definition = BadgeDefinition.objects.by_slug(slug)
        badge, _created = Badge.objects.get_or_create(
            interface=self, badge_definition=definition
        )
        badge.interface = self
        badge.badge_definition = definition
        return badge

    def award(
        self, slug: str, by: Any = None, reason: str = "", note: str = ""
    ) -> Award | None:
        """Give the badge that ``slug`` names; as :meth:`BadgeDefinition.award`.

        :raises UnknownDefinition: where there is no such definition
        """
        definition = BadgeDefinition.objects.by_slug(slug)
        return definition.award(self, by=by, reason=reason, note=note)

    def revoke(
        self, slug: str, by: Any = None, reason: str = "", note: str = ""
    ) -> bool:
        """Take the badge that ``slug`` names back; as :meth:`BadgeDefinition.revoke`.

        :raises UnknownDefinition: where there is no such definition
        """
        definition = BadgeDefinition.objects.by_slug(slug)
        return definition.revoke(self, by=by, reason=reason, note=note)

    def increment(self, slug: str, by: int = 1) -> Award | None:
        """Add ``by`` steps to the badge that ``slug`` names.

        Gives the award that this earned, or None.

        :raises UnknownDefinition: where there is no such definition
        :raises InvalidAmount: where ``by`` isn't a whole number above zero
        """
        from wagtail_gamification.actions import AdvanceBadgeAction

        definition = BadgeDefinition.objects.by_slug(slug)
        return AdvanceBadgeAction(definition, self, by=by).execute()

    def change_points(self, amount: int, reason: str = "") -> PointChange:
        """Book ``amount`` points, below zero to take them.

        :raises InvalidAmount: where ``amount`` isn't a whole number
        """
        from .ledger import PointChange

        return PointChange.objects.create(interface=self, amount=amount, reason=reason)

    def buy(self, slug: str) -> BuyOutcome:
        """Buy the unlockable that ``slug`` names; as :meth:`UnlockableDefinition.buy`.

        :raises UnknownDefinition: where there is no such definition
        """
        definition = UnlockableDefinition.objects.by_slug(slug)
        return definition.buy(self)

    def has_unlocked(self, slug: str) -> bool:
        """Whether this player has the unlockable that ``slug`` names.

        One that isn't published any more stays with those who have it.
        """
        return self.unlockables.filter(
            acquired=True,
            unlockable_definition__slug=slug,
            unlockable_definition__original__isnull=True,
        ).exists()

    def reset(self, by: Any = None) -> None:
        """Take back all badges, progress, points and unlockables.

        The record stays: awards are revoked and the ledger gets a row.
        """
        from wagtail_gamification.actions import ResetInterfaceAction

        ResetInterfaceAction(self, by=by).execute()
