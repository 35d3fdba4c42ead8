"""Who may import, and what they may choose before an import runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from wagtail.images import get_image_model
from wagtail.models import DraftStateMixin, WorkflowMixin

from wagtail_gamification.compat import permission_policy_of
from wagtail_gamification.models import ImportJob
from wagtail_gamification.spreadsheets.errors import CatalogueError
from wagtail_gamification.spreadsheets.options import Destination
from wagtail_gamification.spreadsheets.permissions import (
    IMPORT_PERMISSION,
    ImportPermissions,
)
from wagtail_gamification.spreadsheets.workbooks import get_workbook


def may_import(user: Any) -> bool:
    """Say whether somebody may import spreadsheets at all."""
    return bool(user.has_perm(IMPORT_PERMISSION))


def models_of(job: ImportJob) -> list[type[models.Model]]:
    """Give the models of the sheets that a job's file has."""
    try:
        by_title = get_workbook(job.workbook).models
    except CatalogueError:
        return []
    return [model for title, model in by_title.items() if title in job.headings]


def destinations(
    user: Any, imported: Iterable[type[models.Model]]
) -> list[Destination]:
    """Give what an editor may have become of new and changed definitions.

    Models without drafts have no say in it: what is saved of them is public.
    """
    drafted = [model for model in imported if issubclass(model, DraftStateMixin)]
    if not drafted:
        return [Destination.PUBLISH]
    permissions = ImportPermissions(user)
    allowed = [Destination.DRAFT]
    if all(permissions.may_any(model, "publish") for model in drafted):
        allowed.insert(0, Destination.PUBLISH)
    # Wagtail gives none where workflows are switched off.
    if any(_workflow(model) for model in drafted):
        allowed.append(Destination.SUBMIT)
    return allowed


def image_collections(user: Any) -> Any:
    """Give the collections where an editor may add images."""
    policy: Any = permission_policy_of(get_image_model())
    return policy.collections_user_has_permission_for(user, "add")


def choosable_images(user: Any) -> Any:
    """Give the images that an editor may choose."""
    return ImportPermissions(user).choosable_images()


def _workflow(model: Any) -> Any:
    return issubclass(model, WorkflowMixin) and model.get_default_workflow()
