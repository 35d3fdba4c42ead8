"""What players are told, each thing once."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .achievements import Award
from .definitions import UnlockableDefinition
from .levels import Level
from .managers import owner
from .players import GamificationInterface
from .protection import erase_with_player
from .unlockables import Unlockable


class NoticeQuerySet(models.QuerySet):
    def of(self, user: Any) -> NoticeQuerySet:
        """Give those of ``user``, none for an anonymous visitor."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(owner(user, "interface"))

    def current(self) -> NoticeQuerySet:
        """Leave out what was taken back: awards, and what is locked again."""
        unlocked = Unlockable._base_manager.filter(
            interface=OuterRef("interface"),
            unlockable_definition=OuterRef("unlockable_definition"),
            acquired=True,
        )
        return self.filter(
            Q(unlockable_definition=None) | Exists(unlocked), award__revoked_at=None
        )

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def unshown(self) -> NoticeQuerySet:
        """Give those that no page has shown yet, nor the list."""
        return self.filter(shown_at=None, read_at=None)

    def mark_read(self) -> int:
        """Say of these that the player has read them; give of how many it is new."""
        now = timezone.now()
        return self.order_by().filter(read_at=None).update(read_at=now)


class Notice(models.Model):
    """One thing that one player is told: an award, a level or an unlockable."""

    class Kind(models.TextChoices):
        AWARD = "award", pgettext_lazy("kind of notice", "Award")
        LEVEL = "level", _("Level")
        UNLOCKABLE = "unlockable", _("Unlockable")

    interface = models.ForeignKey(
        GamificationInterface,
        verbose_name=_("interface"),
        on_delete=erase_with_player,
        related_name="notices",
        db_index=False,  # the indexes by player begin with it
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    award = models.OneToOneField(
        Award,
        verbose_name=_("award"),
        null=True,
        on_delete=models.CASCADE,
        related_name="notice",
    )
    level = models.ForeignKey(
        Level,
        verbose_name=_("level"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    unlockable_definition = models.ForeignKey(
        UnlockableDefinition,
        verbose_name=_("unlockable definition"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    # Who sets one of these is the one who tells of it.
    shown_at = models.DateTimeField(
        _("shown at"),
        null=True,
        blank=True,
        help_text=_("When a page told of it by itself."),
    )
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(
        _("mailed at"),
        null=True,
        blank=True,
        help_text=_("When it was in an e-mail digest."),
    )

    objects = NoticeQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["interface", "level"], name="notice_once_per_level"
            ),
            models.UniqueConstraint(
                fields=["interface", "unlockable_definition"],
                name="notice_once_per_unlockable",
            ),
        ]
        indexes = [
            models.Index(fields=["interface", "-id"], name="notice_by_player"),
            # Asked for on every page.
            models.Index(fields=["interface", "shown_at"], name="notice_unshown"),
            models.Index(fields=["interface", "read_at"], name="notice_unread"),
            models.Index(fields=["created_at"], name="notice_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def definition_id(self) -> int | None:
        """The key of the badge, level or unlockable. Read ``award`` beforehand."""
        if self.award is not None:
            return self.award.badge_definition_id
        return self.level_id or self.unlockable_definition_id
