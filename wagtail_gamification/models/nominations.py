"""Nominations: what one member says for another, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .achievements import Award
from .definitions import BadgeDefinition
from .players import GamificationInterface
from .protection import erase_with_player


class Nomination(models.Model):
    """A member's proposal that another be awarded a badge, for somebody to decide."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of a nomination", "Waiting")
        APPROVED = "approved", pgettext_lazy("state of a nomination", "Approved")
        DECLINED = "declined", pgettext_lazy("state of a nomination", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a nomination", "Withdrawn")

    badge_definition = models.ForeignKey(
        BadgeDefinition,
        verbose_name=_("badge"),
        on_delete=models.CASCADE,
        related_name="nominations",
        db_index=False,  # the unique constraint begins with it
    )
    nominee = models.ForeignKey(
        GamificationInterface,
        verbose_name=_("nominee"),
        on_delete=erase_with_player,
        related_name="nominations",
    )
    nominator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("nominated by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,  # the index of the latest begins with it
    )
    reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.WAITING
    )
    # Not False but NULL when it is decided: databases take any number of these, so the
    # constraint holds for open ones alone, also where it can't have a condition.
    is_open = models.BooleanField(_("open"), null=True, default=True, editable=False)
    created_at = models.DateTimeField(_("nominated at"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    message = models.TextField(_("message"), blank=True)
    award = models.OneToOneField(
        Award,
        verbose_name=_("award"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="nomination",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["-created_at", "-pk"]
        # Nobody makes or changes one in the CMS: it is decided.
        default_permissions = ()
        permissions = [("decide_nomination", "Can decide nominations")]
        constraints = [
            models.UniqueConstraint(
                fields=["badge_definition", "nominee", "nominator", "is_open"],
                name="nomination_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="nomination_queue"),
            models.Index(
                fields=["nominator", "created_at"], name="nomination_by_nominator"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.badge_definition}: {self.nominee}"
