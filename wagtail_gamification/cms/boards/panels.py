"""How the form of a leaderboard is laid out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from wagtail_gamification.cms.panels import NamePanel, TranslationPanel, publishing

from .forms import LeaderboardForm

leaderboard_panels = ObjectList(
    [
        TranslationPanel(),
        MultiFieldPanel(
            [NamePanel(), FieldPanel("description")],
            heading=_("What it is"),
            help_text=_("What visitors read above the list."),
            icon="gamification-leaderboard",
        ),
        MultiFieldPanel(
            [
                FieldPanel("measure"),
                FieldPanel(
                    "event",
                    help_text=_(
                        "Only where it is compared how often something is done."
                    ),
                ),
            ],
            heading=_("What is compared"),
            help_text=_(
                "Spending points takes nothing away. What is taken back counts no more."
            ),
            icon="tasks",
        ),
        MultiFieldPanel(
            [
                FieldPanel("window"),
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
            ],
            heading=_("Which time counts"),
            help_text=_(
                "Weeks begin on Monday. The two days are only for “Between two dates”, "
                "and count whole."
            ),
            icon="date",
        ),
        MultiFieldPanel(
            [
                FieldPanel("audience"),
                FieldPanel("group"),
                FieldPanel("team"),
                FieldPanel("size"),
            ],
            heading=_("Who is compared"),
            help_text=_(
                "Players who left the leaderboards or aren't public, staff and the "
                "groups that the site leaves out are on none."
            ),
            icon="group",
        ),
        *publishing(),
    ],
    base_form_class=LeaderboardForm,
)
