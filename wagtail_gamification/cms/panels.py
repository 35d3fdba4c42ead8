"""How the forms are laid out."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.forms import CheckboxSelectMultiple
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TitleFieldPanel,
)

from .forms import BadgeForm, CategoryForm, LevelForm, UnlockableForm, rule_text
from .reach import sentence
from .requirements import RULES, PublicationPanel, RequirementsPanel
from .retroactive import RetroactivePanel


class NamePanel(TitleFieldPanel):
    """The name, which makes the slug while the definition is new and only then.

    A slug that is in code or in a spreadsheet must not follow a better name.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("field_name", "name")
        kwargs.setdefault("targets", ["slug"])
        kwargs.setdefault("placeholder", _("Name*"))
        kwargs.setdefault("required_on_save", True)
        super().__init__(**kwargs)

    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_should_apply(self) -> bool:
            return not (self.instance and self.instance.pk)


class TranslationPanel(Panel):
    """Says on a translation where the rules are, and links to them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_gamification/cms/translation_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance and self.instance.original_id)

        def get_context_data(self, parent_context: Any = None) -> Any:
            context = super().get_context_data(parent_context)
            original = self.instance.original
            viewset = type(original).snippet_viewset
            context["original"] = original
            rules = self.form.rule_fields if self.form else ()
            fields = [original._meta.get_field(name) for name in rules]
            # What isn't set would only make the note longer.
            context["rules"] = [
                (field.verbose_name, _("Yes") if value is True else value)
                for field in fields
                if (value := rule_text(original, field.name)) not in (None, False, "")
            ]
            if hasattr(original, "requirements"):
                context["requirements"] = [
                    sentence(each) for each in original.requirements.all()
                ]
            policy = viewset.permission_policy
            if policy.user_has_permission(self.request.user, "change"):
                context["edit_url"] = reverse(
                    viewset.get_url_name("edit"), args=[quote(original.pk)]
                )
            return context


def publishing() -> list[Panel]:
    return [
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug",
                    help_text=_(
                        "The key of this in templates, code and spreadsheets. Change "
                        "it only if you know that nothing uses it."
                    ),
                )
            ],
            heading=_("Publishing"),
            help_text=_(
                "Nothing reaches the players before you publish it. Set a schedule "
                "in the status panel."
            ),
            icon="calendar-check",
        ),
        PublishingPanel(),
    ]


category_panels = ObjectList(
    [
        TranslationPanel(),
        NamePanel(),
        FieldPanel("description"),
        FieldPanel("slug"),
    ],
    base_form_class=CategoryForm,
)

badge_panels = ObjectList(
    [
        TranslationPanel(),
        RetroactivePanel(),
        MultiFieldPanel(
            [
                NamePanel(),
                FieldPanel("description"),
                FieldPanel("image"),
                FieldPanel("category"),
                FieldPanel("is_secret"),
            ],
            heading=_("What it is"),
            help_text=_("What players see on their shelves."),
            icon="gamification-badge",
        ),
        RequirementsPanel(),
        MultiFieldPanel(
            [
                FieldPanel(
                    "progression_target",
                    help_text=_(
                        "How many steps it takes, where it is awarded by hand or by "
                        "code; empty for a badge that has no progress. Where there "
                        "are requirements, it follows from them."
                    ),
                ),
                FieldPanel("max_awards"),
                FieldPanel("expires_after"),
            ],
            heading=_("What it takes"),
            help_text=_("How far players have to come, and for how long it counts."),
            icon="tasks",
        ),
        MultiFieldPanel(
            [FieldPanel("points"), FieldPanel("next_badge")],
            heading=_("What it gives"),
            help_text=_(
                "Changes count from now on. What was paid before stays as it was."
            ),
            icon="gamification-trophy",
        ),
        MultiFieldPanel(
            [
                FieldPanel("awarding_groups", widget=CheckboxSelectMultiple),
                FieldPanel("awards_per_giver"),
                FieldPanel("may_award_oneself"),
                FieldPanel("allows_nominations"),
            ],
            heading=_("Who may award it"),
            help_text=_(
                "By hand, in the CMS. What the requirements or the site's code award "
                "isn't limited by this."
            ),
            icon="group",
            classname="collapsed",
        ),
        PublicationPanel(),
        *publishing(),
    ],
    base_form_class=BadgeForm,
    attrs=RULES,
)

unlockable_panels = ObjectList(
    [
        TranslationPanel(),
        MultiFieldPanel(
            [NamePanel(), FieldPanel("description"), FieldPanel("image")],
            heading=_("What it is"),
            help_text=_("What players see, before and after they unlock it."),
            icon="gamification-unlockable",
        ),
        MultiFieldPanel(
            [
                FieldPanel("points_required"),
                FieldPanel("price"),
                FieldPanel("relock"),
            ],
            heading=_("What it takes"),
            icon="tasks",
        ),
        *publishing(),
    ],
    base_form_class=UnlockableForm,
)

level_panels = ObjectList(
    [
        TranslationPanel(),
        MultiFieldPanel(
            [NamePanel(), FieldPanel("description"), FieldPanel("image")],
            heading=_("What it is"),
            help_text=_("The rank that players see beside their names."),
            icon="gamification-level",
        ),
        MultiFieldPanel(
            [FieldPanel("points_required")],
            heading=_("What it takes"),
            icon="tasks",
        ),
        *publishing(),
    ],
    base_form_class=LevelForm,
)
