"""The ledger of points: rows are only ever added."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_gamification.exceptions import LedgerIsAppendOnly

from .activity import CODE_LENGTH, KEY_LENGTH
from .protection import erase_with_player, protect_what_paid, protect_what_was_bought


class PointChangeQuerySet(models.QuerySet):
    def delete(self) -> Any:
        raise LedgerIsAppendOnly(
            "Booked changes of points can't be deleted. Book others that make up for "
            "them."
        )

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class PointChange(models.Model):
    """One booking of points for one player.

    ``PointChange.objects.create(interface=…, amount=…)`` adds to the ledger and to
    the balance in one transaction and unlocks what the balance now reaches.
    """

    interface = models.ForeignKey(
        "wagtail_gamification.GamificationInterface",
        verbose_name=_("interface"),
        on_delete=erase_with_player,
        related_name="point_changes",
        db_index=False,  # the index of the ledger by player begins with it
    )
    amount = models.BigIntegerField(
        _("amount"), help_text=_("Below zero where points are taken.")
    )
    time = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    reason = models.TextField(_("reason"), blank=True)
    award = models.ForeignKey(
        "wagtail_gamification.Award",
        verbose_name=_("award"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="point_changes",
    )
    rule = models.ForeignKey(
        "wagtail_gamification.PointRule",
        verbose_name=_("point rule"),
        null=True,
        blank=True,
        on_delete=protect_what_paid,
        related_name="point_changes",
    )
    unlockable = models.ForeignKey(
        "wagtail_gamification.UnlockableDefinition",
        verbose_name=_("unlockable"),
        null=True,
        blank=True,
        on_delete=protect_what_was_bought,
        related_name="point_changes",
        db_index=False,  # the index of what was bought begins with it
        help_text=_("What the points were spent on."),
    )
    event = models.CharField(_("event"), max_length=CODE_LENGTH, blank=True)
    object_key = models.CharField(_("object"), max_length=KEY_LENGTH, blank=True)
    day = models.PositiveIntegerField(_("day"), null=True, blank=True)
    key = models.CharField(
        _("key"),
        max_length=KEY_LENGTH,
        blank=True,
        help_text=_("The delivery of the event that was paid for."),
    )
    quantity = models.BigIntegerField(
        _("quantity"),
        default=0,
        help_text=_("How often the rule was applied; below zero where taken back."),
    )
    reverses = models.OneToOneField(
        "self",
        verbose_name=_("reverses"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reversed_by",
    )

    objects = PointChangeQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("point change")
        verbose_name_plural = _("point changes")
        ordering = ["-time", "-pk"]
        indexes = [
            models.Index(fields=["interface", "-time"], name="pointchange_by_player"),
            models.Index(
                fields=["interface", "rule", "object_key"], name="pointchange_by_rule"
            ),
            models.Index(
                fields=["unlockable", "interface"], name="pointchange_by_unlockable"
            ),
            # For reports, and for the totals of a day.
            models.Index(fields=["-time"], name="pointchange_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Book this change; the balance follows in the same transaction.

        :raises LedgerIsAppendOnly: when it was booked already
        :raises InvalidAmount: when the amount isn't a whole number
        """
        from wagtail_gamification.actions import ChangePointsAction

        if not self._state.adding:
            raise LedgerIsAppendOnly(
                "A booked change of points can't be edited. Book another one that "
                "makes up for it."
            )
        ChangePointsAction(self.interface, [self]).execute()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise LedgerIsAppendOnly(
            "A booked change of points can't be deleted. Book another one that makes "
            "up for it."
        )
