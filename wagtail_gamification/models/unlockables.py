"""What players have unlocked by their points."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .definitions import UnlockableDefinition
from .managers import UnlockableManager
from .players import GamificationInterface
from .protection import cascade_unless_acquired, erase_with_player


class Unlockable(models.Model):
    """What one player has of one unlockable definition."""

    interface = models.ForeignKey(
        GamificationInterface,
        verbose_name=_("interface"),
        on_delete=erase_with_player,
        related_name="unlockables",
        db_index=False,  # the unique constraint begins with it
    )
    unlockable_definition = models.ForeignKey(
        UnlockableDefinition,
        verbose_name=_("unlockable definition"),
        on_delete=cascade_unless_acquired,
        related_name="unlockables",
    )
    acquired = models.BooleanField(_("acquired"), default=False)
    acquired_at = models.DateTimeField(_("acquired at"), null=True, blank=True)

    objects = UnlockableManager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("player's unlockable")
        verbose_name_plural = _("players' unlockables")
        constraints = [
            models.UniqueConstraint(
                fields=["interface", "unlockable_definition"],
                name="unlockable_once_per_player",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.unlockable_definition.name

    @property
    def description(self) -> str:
        return self.unlockable_definition.description

    @property
    def points_required(self) -> int:
        return self.unlockable_definition.points_required
