"""Who may award a badge by hand: what its editors decide."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField


class GivingRules(models.Model):
    """What limits those who have the permission to award badges.

    Parts of the badge, so they are drafted, reviewed and published with it. Whether
    somebody may award it now, :func:`~wagtail_gamification.actions.giving.may_give`
    answers from what is published.
    """

    awarding_groups = ParentalManyToManyField(
        Group,
        verbose_name=_("groups that may award it"),
        blank=True,
        related_name="awardable_badges",
        help_text=_(
            "Only their members may award this badge and take it back. Leave empty "
            "for everybody who has the permission to award badges."
        ),
    )
    awards_per_giver = models.PositiveIntegerField(
        _("awards by one person a month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "How many times one person may award it by hand in a calendar month. "
            "Leave empty for no limit."
        ),
    )
    may_award_oneself = models.BooleanField(
        _("people may award it to themselves"), default=False
    )

    allows_nominations = models.BooleanField(
        _("members may nominate for it"),
        default=False,
        help_text=_(
            "On the site, one member proposes another; an editor decides. Nobody can "
            "be nominated for a secret badge."
        ),
    )

    class Meta:
        abstract = True
