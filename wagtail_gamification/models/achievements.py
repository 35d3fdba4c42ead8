"""What players have achieved: their badges, and each award of one."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .definitions import BadgeDefinition, Category
from .managers import AcquiredBadgeManager, BadgeManager
from .players import GamificationInterface
from .progression import Progression
from .protection import cascade_unless_awarded, erase_with_player


class Badge(models.Model):
    """What one player has of one badge definition.

    ``name``, ``description``, ``points``, ``category`` and ``next_badge`` read
    through to the definition, so an edited definition is right everywhere at once.
    """

    interface = models.ForeignKey(
        GamificationInterface,
        verbose_name=_("interface"),
        on_delete=erase_with_player,
        related_name="badges",
        db_index=False,  # the unique constraint begins with it
    )
    badge_definition = models.ForeignKey(
        BadgeDefinition,
        verbose_name=_("badge definition"),
        on_delete=cascade_unless_awarded,
        related_name="badges",
        db_index=False,  # the index for lists of players begins with it
    )
    progress = models.PositiveBigIntegerField(_("progress"), default=0)
    acquired = models.BooleanField(_("acquired"), default=False)
    acquired_at = models.DateTimeField(_("acquired at"), null=True, blank=True)
    revoked = models.BooleanField(_("revoked"), default=False)
    is_hidden = models.BooleanField(
        _("hidden"),
        default=False,
        db_default=False,
        help_text=_("Whether the player hides it from everybody else."),
    )
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    # Two counters beside the flags, so that one conditional UPDATE of this row
    # decides whether a further award is due and which number it has.
    times_awarded = models.PositiveIntegerField(
        _("times awarded"),
        default=0,
        help_text=_("Awards that count now: neither revoked nor expired."),
    )
    last_award_number = models.PositiveIntegerField(
        _("last award number"), default=0, editable=False
    )
    rounds = models.PositiveIntegerField(
        _("rounds"),
        default=0,
        editable=False,
        help_text=_("How many times the requirements were met and used up."),
    )

    objects = BadgeManager()
    acquired_objects = AcquiredBadgeManager()

    wagtail_reference_index_ignore = True

    # What was read from the database, or written to it.
    _read: dict[str, Any] = {}

    class Meta:
        verbose_name = _("player's badge")
        verbose_name_plural = _("players' badges")
        constraints = [
            models.UniqueConstraint(
                fields=["interface", "badge_definition"], name="badge_once_per_player"
            ),
            # What awarding relies on.
            models.CheckConstraint(
                condition=Q(acquired=True) | Q(times_awarded=0),
                name="badge_awards_count_when_acquired",
            ),
        ]
        indexes = [
            models.Index(
                fields=["badge_definition", "acquired"], name="badge_by_definition"
            ),
            # Who has a badge, without a look at the rows: of a badge that many have,
            # these are all over the table.
            models.Index(
                fields=["badge_definition", "interface", "expires_at"],
                condition=Q(acquired=True, revoked=False),
                name="badge_earned_by",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save what was set on this object since it was read, and nothing else.

        Everything here is the player's: writing back all that was read before would
        undo what happened meanwhile.
        """
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                name
                for name, value in self._values().items()
                if name not in self._read or self._read[name] != value
            ]
        super().save(*args, **kwargs)
        # What was set and not written is still to be written.
        self._remember(kwargs.get("update_fields"))

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Badge:
        badge = super().from_db(*args, **kwargs)
        badge._remember()
        return badge

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, **kwargs: Any
    ) -> None:
        super().refresh_from_db(using, fields, **kwargs)
        self._remember(fields)

    @property
    def name(self) -> str:
        return self.badge_definition.name

    @property
    def description(self) -> str:
        return self.badge_definition.description

    @property
    def points(self) -> int:
        return self.badge_definition.points

    @property
    def category(self) -> Category | None:
        return self.badge_definition.category

    @property
    def progression(self) -> Progression | None:
        """How far the player is, or None where the badge has no target."""
        target = self.badge_definition.progression_target
        return Progression(self.progress, target) if target else None

    @property
    def next_badge(self) -> Badge | None:
        """The same player's badge of the next definition, or None at the end."""
        next_definition = self.badge_definition.next_badge
        if next_definition is None:
            return None
        badge, _created = Badge.objects.get_or_create(
            interface_id=self.interface_id, badge_definition=next_definition.source
        )
        return badge

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def award(self, by: Any = None, reason: str = "", note: str = "") -> Award | None:
        """Acquire this badge, whatever the progress, and pay its points.

        A second call changes nothing, or adds the next award where the badge can be
        had more often. Gives the award, or None where nothing changed.
        """
        from wagtail_gamification.actions import AwardBadgeAction

        award = AwardBadgeAction(
            self.badge_definition, self.interface, by=by, reason=reason, note=note
        ).execute()
        self._follow(award.badge if award else None)
        return award

    def increment(self, by: int = 1) -> Award | None:
        """Add ``by`` steps; at the target, acquire the badge and pay its points.

        Gives the award that this earned, or None.

        :raises InvalidAmount: where ``by`` isn't a whole number above zero
        """
        from wagtail_gamification.actions import AdvanceBadgeAction

        action = AdvanceBadgeAction(self.badge_definition, self.interface, by=by)
        award = action.execute()
        self._follow(action.badge)
        return award

    def revoke(self, by: Any = None, reason: str = "", note: str = "") -> bool:
        """Take the badge back, and exactly the points that its awards paid, once.

        Gives whether there was something to take back.
        """
        from wagtail_gamification.actions import RevokeBadgeAction

        revoked = RevokeBadgeAction(
            self.badge_definition, self.interface, by=by, reason=reason, note=note
        ).execute()
        self._follow(None)
        return revoked

    def force_revoke(self) -> None:
        """Revoke, under the name that it has in django-gamification."""
        self.revoke()

    def _follow(self, current: Badge | None) -> None:
        """Take over what the database holds now."""
        if current is None:
            current = Badge.objects.get(pk=self.pk)
        for field in self._meta.concrete_fields:
            if not field.is_relation:
                setattr(self, field.attname, getattr(current, field.attname))
        self._remember()

    def _values(self) -> dict[str, Any]:
        """Give what this object holds, apart from its key and what wasn't read."""
        return {
            field.attname: self.__dict__[field.attname]
            for field in self._meta.concrete_fields
            if not field.primary_key and field.attname in self.__dict__
        }

    def _remember(self, fields: Any = None) -> None:
        read = self._values()
        if fields is not None:
            read = {name: read[name] for name in fields if name in read}
            read = self._read | read
        self._read = read


class Award(models.Model):
    """The record of one time that a badge was earned."""

    class State(models.TextChoices):
        COUNTS = "counts", _("Counts")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    badge = models.ForeignKey(
        Badge,
        verbose_name=_("badge"),
        on_delete=models.CASCADE,
        related_name="awards",
        db_index=False,  # the unique constraint begins with it
    )
    # The badge's own, which never changes: who got a badge when is looked up in one
    # index instead of in two tables.
    badge_definition = models.ForeignKey(
        BadgeDefinition,
        verbose_name=_("badge definition"),
        editable=False,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # the index of its awards by time begins with it
        # The badge has one. Another would have each award lock the definition.
        db_constraint=False,
    )
    number = models.PositiveIntegerField(_("number"))
    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True)
    awarded_at = models.DateTimeField(_("awarded at"), default=timezone.now)
    awarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("awarded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,  # the index of what somebody gave begins with it
    )
    reason = models.TextField(_("reason"), blank=True)
    note = models.TextField(
        _("internal note"), blank=True, help_text=_("Players never see it.")
    )
    points = models.PositiveIntegerField(_("points paid"), default=0)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("revoked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    revoke_reason = models.TextField(_("reason for revoking"), blank=True)
    revoke_note = models.TextField(_("internal note on revoking"), blank=True)
    is_shared = models.BooleanField(
        _("shared"),
        default=False,
        db_default=False,
        help_text=_("Whether the player has made a public page of it."),
    )
    # Who sets one of these is the one who tells of it.
    reminded_at = models.DateTimeField(
        _("reminded at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When it was announced that it ends soon."),
    )
    expired_at = models.DateTimeField(
        _("expired at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When it was noticed that it has ended."),
    )
    job = models.ForeignKey(
        "wagtail_gamification.GivingJob",
        verbose_name=_("bulk award"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,  # the players of the job lead to its awards
        db_constraint=False,
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["-awarded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["badge", "number"], name="award_number_per_badge"
            )
        ]
        indexes = [
            # Those that nobody has noticed yet, by their end.
            models.Index(fields=["expired_at", "expires_at"], name="award_by_expiry"),
            # For reports, and for the totals of a day.
            models.Index(fields=["-awarded_at"], name="award_by_time"),
            models.Index(
                fields=["badge_definition", "-awarded_at"], name="award_by_definition"
            ),
            # Of most awards neither is true, and a list looks for the latest of those.
            models.Index(
                fields=["-awarded_at"],
                condition=Q(awarded_by__isnull=False),
                name="award_by_hand",
            ),
            models.Index(
                fields=["-awarded_at"],
                condition=Q(expires_at__isnull=False),
                name="award_that_ends",
            ),
            models.Index(fields=["revoked_at"], name="award_by_revocation"),
            models.Index(fields=["awarded_by", "awarded_at"], name="award_by_giver"),
        ]
        permissions = [
            ("award_badge", "Can award badges"),
            ("revoke_badge", "Can take badges back"),
        ]

    def __str__(self) -> str:
        return f"{self.badge} #{self.number}"

    def renew(self, by: Any = None, reason: str = "") -> Award | None:
        """Follow this award by the next one, whose term begins now.

        Also before it has ended, and however often the badge can be had: the new award
        takes its place. Gives the new award, or None where this one never ends, was
        revoked, or isn't the badge's latest any more.
        """
        from wagtail_gamification.actions import AwardBadgeAction

        return AwardBadgeAction(
            self.badge.badge_definition,
            self.badge.interface,
            by=by,
            reason=reason,
            renews=self,
        ).execute()

    @property
    def state(self) -> State:
        """Whether it counts now, and why not."""
        if self.revoked_at is not None:
            return self.State.REVOKED
        if self.expires_at is not None and self.expires_at <= timezone.now():
            return self.State.EXPIRED
        return self.State.COUNTS
