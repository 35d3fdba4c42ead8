"""What can be done to several definitions at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from wagtail.snippets.bulk_actions import DeleteBulkAction

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    PointRule,
    UnlockableDefinition,
)
from wagtail_gamification.models.protection import players_by_definition

from .protection import protections


class DeleteDefinitionsBulkAction(DeleteBulkAction):
    """Deletes all that are chosen, or none where players have achieved one."""

    models = [BadgeDefinition, Category, UnlockableDefinition, Level]
    template_name = "wagtail_gamification/cms/confirm_bulk_delete.html"

    def annotate_items(self, items: Iterable[Any]) -> Any:
        items = super().annotate_items(items)
        self.protections = [
            protection
            for protection in protections(items, self.request.user)
            if protection.is_in_force
        ]
        self.is_protected = self.is_protected or bool(self.protections)
        return items

    def prepare_action(self, objects: Any, objects_without_access: Any) -> Any:
        if self.protections:
            return self._refuse()
        return super().prepare_action(objects, objects_without_access)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["protections"] = self.protections
        return context

    def _refuse(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=409)


class DeletePointRulesBulkAction(DeleteBulkAction):
    """Deletes all that are chosen, or none where one has paid."""

    models = [PointRule]

    def annotate_items(self, items: Iterable[Any]) -> Any:
        items = super().annotate_items(items)
        self.paid = players_by_definition(items)
        self.is_protected = self.is_protected or bool(self.paid)
        return items

    def object_context(self, item: Any) -> dict[str, Any]:
        context = super().object_context(item)
        if players := self.paid.get(item.pk):
            context |= {"is_protected": True, "usage_count": players}
        return context
