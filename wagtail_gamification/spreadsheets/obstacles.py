"""Why an object must not be changed by an import as it stands now.

Wagtail's own rules: a lock, a workflow and a schedule keep the same people out here
as in the editor. They are asked only for objects that are in such a state.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.locks import ScheduledForPublishLock, WorkflowLock
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Revision,
    WorkflowMixin,
    WorkflowState,
)

from .options import ImportOptions


class Obstacles:
    """What stands in the way of changing objects of one model.

    :param user: who changes them; None is nobody, whom every lock keeps out
    """

    def __init__(
        self, model: type[models.Model], options: ImportOptions, user: Any = None
    ) -> None:
        self.model = model
        self.options = options
        self.user = user

    def find(self, instance: Any) -> str:
        """Say why an object must not be changed, if so."""
        reason = self.lock(instance)
        if reason or not isinstance(instance, DraftStateMixin):
            return reason
        if self.options.replace_drafts or not instance.has_unpublished_changes:
            return ""
        if not instance.live:
            return _("It isn't published. Publish its draft, or edit that in the CMS.")
        return _("It has a draft with unpublished changes. Publish or undo that first.")

    def lock(self, instance: Any) -> str:
        """Say why a lock, workflow or schedule keeps the user out, if one does."""
        is_locked = isinstance(instance, LockableMixin) and instance.locked
        key = str(instance.pk)
        if not is_locked and key not in self._in_workflow | self._scheduled:
            return ""
        if self.user is not None:
            lock = instance.get_lock()
            if lock is None or not lock.for_user(self.user):
                return ""
            if isinstance(lock, ScheduledForPublishLock):
                is_locked, key = False, ""
            elif isinstance(lock, WorkflowLock):
                is_locked = False
        if is_locked:
            return _("It is locked. Have it unlocked first.")
        if key in self._in_workflow:
            return _("It is in a workflow. Finish or cancel that first.")
        return _("It is scheduled for publishing. Cancel that first.")

    def is_in_workflow(self, instance: Any) -> bool:
        """Say whether an object is in moderation."""
        return str(instance.pk) in self._in_workflow

    @cached_property
    def _in_workflow(self) -> set[str]:
        if not issubclass(self.model, WorkflowMixin):
            return set()
        return self._of_this_model(WorkflowState.objects.active())

    @cached_property
    def _scheduled(self) -> set[str]:
        if not issubclass(self.model, DraftStateMixin):
            return set()
        return self._of_this_model(
            Revision.objects.filter(approved_go_live_at__isnull=False)
        )

    def _of_this_model(self, queryset: models.QuerySet) -> set[str]:
        content_type = self.model.get_base_content_type()  # type: ignore[attr-defined]
        found = queryset.filter(base_content_type=content_type)
        return set(found.values_list("object_id", flat=True))
