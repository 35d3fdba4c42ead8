"""How the forms of point rules and campaigns are laid out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
)

from wagtail_gamification.cms.panels import NamePanel

from .forms import CampaignForm, PointRuleForm


def _publishing(help_text: str) -> list[Panel]:
    return [
        MultiFieldPanel(
            [FieldPanel("slug")],
            heading=_("Publishing"),
            help_text=help_text,
            icon="calendar-check",
        ),
        PublishingPanel(),
    ]


point_rule_panels = ObjectList(
    [
        NamePanel(),
        MultiFieldPanel(
            [
                FieldPanel("event"),
                FieldPanel("points"),
                FieldPanel("once_per_object"),
            ],
            heading=_("What is paid"),
            help_text=_(
                "Changes count from now on. What was paid before stays as it was."
            ),
            icon="gamification-trophy",
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("daily_limit"), FieldPanel("total_limit")])],
            heading=_("Limits"),
            help_text=_("Leave empty what has no limit."),
            icon="sliders",
        ),
        *_publishing(
            _(
                "Nothing is paid before you publish it. Set a schedule in the status "
                "panel."
            )
        ),
    ],
    base_form_class=PointRuleForm,
)

campaign_panels = ObjectList(
    [
        NamePanel(),
        MultiFieldPanel(
            [FieldPanel("event"), FieldPanel("multiplier")],
            heading=_("What pays more"),
            help_text=_("Of several campaigns at the same time, the highest counts."),
            icon="gamification-trophy",
        ),
        *_publishing(
            _(
                "The campaign starts when it goes live and ends when it expires: set "
                "both in the status panel, under “Set schedule”. Without a schedule it "
                "starts when you publish it and ends when you unpublish it."
            )
        ),
    ],
    base_form_class=CampaignForm,
)
