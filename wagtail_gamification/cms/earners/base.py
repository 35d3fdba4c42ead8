"""What the screens of one badge's players have in common: which badge it is."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from wagtail_gamification.cms.reporting.permissions import BADGE_ACTIONS, badge_policy
from wagtail_gamification.models import BadgeDefinition

NAMESPACE = "wagtail_gamification_earners"


def url_of(name: str, *args: Any) -> str:
    """Give the address of one of the screens."""
    return reverse(f"{NAMESPACE}:{name}", args=args)


class BadgeMixin:
    """A screen about one badge. A translation leads to what its original counts."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def definition(self) -> BadgeDefinition:
        definitions = BadgeDefinition.objects.select_related("original")
        return get_object_or_404(definitions, pk=self.kwargs["pk"]).source

    def get_page_subtitle(self) -> str:
        return self.definition.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = {"label": self.get_page_title(), "sublabel": self.get_page_subtitle()}  # type: ignore[attr-defined]
        return [
            *self.breadcrumbs_items,  # type: ignore[attr-defined]
            *self._parents(),
            {"url": "", **own},
        ]

    def _parents(self) -> list[dict[str, Any]]:
        """Give what leads here, as far as it is open to the user."""
        user = self.request.user
        if not badge_policy.user_has_any_permission(user, BADGE_ACTIONS):
            return []
        viewset = BadgeDefinition.snippet_viewset
        action = "edit"
        if not badge_policy.user_has_permission(user, "change"):
            action = "inspect"
        pk = quote(self.definition.pk)
        return [
            {
                "url": reverse(viewset.get_url_name("list")),
                "label": capfirst(BadgeDefinition._meta.verbose_name_plural),
            },
            {
                "url": reverse(viewset.get_url_name(action), args=[pk]),
                "label": self.definition.name,
            },
        ]
