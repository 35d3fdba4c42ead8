"""Whether a row may be written as things stand: by this editor, now, in this way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, WorkflowMixin

from .obstacles import Obstacles
from .options import Destination, ImportOptions
from .permissions import ImportPermissions
from .rows import RowPlan


class RowRules:
    """What is asked of every row of one sheet, once it is known what it changes.

    :param user: whom locks let in
    :param permissions: what the user may do; None where nobody asks
    :param stamps: the stamps of a preview by the position of the row
    """

    def __init__(
        self,
        model: type[models.Model],
        options: ImportOptions,
        *,
        user: Any = None,
        permissions: ImportPermissions | None = None,
        stamps: Mapping[int, str] | None = None,
    ) -> None:
        self.model = model
        self.options = options
        self.permissions = permissions
        self.stamps = stamps or {}
        self.is_drafted = issubclass(model, DraftStateMixin)
        self._obstacles = Obstacles(model, options, user)

    def check(self, plan: RowPlan) -> None:
        """Refuse a row that may not be written; note what is special about it."""
        is_changing = plan.is_new or bool(plan.changes)
        is_about_old = not plan.is_new and (is_changing or bool(plan.errors))
        if is_about_old and (reason := self._obstacles.find(plan.instance)):
            plan.refuse(reason)
        if is_changing:
            plan.has_draft = not plan.is_new and (
                getattr(plan.instance, "has_unpublished_changes", False)
            )
            self._check_stamp(plan)
            self._check_permissions(plan)
            self._check_workflow(plan)

    def _check_stamp(self, plan: RowPlan) -> None:
        known = self.stamps.get(plan.position)
        if known is None or known == plan.stamp:
            return
        if plan.is_new:
            plan.refuse(_("This was deleted since the preview. Look at it again."))
        elif not known:
            plan.refuse(_("Somebody made this since the preview. Look at it again."))
        else:
            plan.refuse(_("Somebody changed this since the preview. Look at it again."))

    def _check_permissions(self, plan: RowPlan) -> None:
        if self.permissions is None:
            return
        kinds = {"kinds": self.model._meta.verbose_name_plural}
        if plan.is_new:
            if not self.permissions.may_any(self.model, "add"):
                plan.refuse(_("You may not add %(kinds)s.") % kinds)
        elif not self.permissions.may(plan.instance, "change"):
            plan.refuse(_("You may not change %(kinds)s.") % kinds)
        if (
            self.is_drafted
            and self.options.publishes
            and not self.permissions.may_any(self.model, "publish")
        ):
            plan.refuse(_("You may not publish %(kinds)s.") % kinds)

    def _check_workflow(self, plan: RowPlan) -> None:
        """See to what is to be submitted; what has no drafts is saved at once."""
        if not self.is_drafted or self.options.destination != Destination.SUBMIT:
            return
        if not self._has_workflow:
            plan.refuse(
                _(
                    "There is no workflow for %(kinds)s. Publish them, or save them as "
                    "drafts."
                )
                % {"kinds": self.model._meta.verbose_name_plural}
            )
        # What is in moderation already stays there.
        plan.is_submitted = not self._obstacles.is_in_workflow(plan.instance)

    @cached_property
    def _has_workflow(self) -> bool:
        if not issubclass(self.model, WorkflowMixin):
            return False
        return self.model.get_default_workflow() is not None
