"""What went wrong in a site's own code, kept until somebody has dealt with it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Failure(models.Model):
    """A receiver, requirement kind or task that raised.

    ``payload`` is what it takes to try the same thing again; its shape belongs to
    ``source``.
    """

    class Source(models.TextChoices):
        RECEIVER = "receiver", _("Receiver of a signal")
        REQUIREMENT = "requirement", _("Requirement")
        EVENTS = "events", _("Recording of events")

    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    name = models.CharField(
        _("name"), max_length=191, help_text=_("What raised: a function or a kind.")
    )
    error = models.TextField(_("error"))
    traceback = models.TextField(_("traceback"), blank=True)
    payload = models.JSONField(_("payload"), default=dict)
    occurred_at = models.DateTimeField(_("occurred at"), auto_now_add=True)
    tries = models.PositiveIntegerField(_("tries"), default=1)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("failure")
        verbose_name_plural = _("failures")
        ordering = ["-occurred_at", "-pk"]
        indexes = [
            models.Index(fields=["resolved_at", "-occurred_at"], name="failure_open")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.error}"
