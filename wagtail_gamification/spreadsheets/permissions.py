"""What an editor may import: what they may do in the CMS, and nothing else."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.permission_policies.base import BasePermissionPolicy

from wagtail_gamification.compat import permission_policy_of

from .errors import CatalogueError
from .obstacles import Obstacles
from .options import ImportOptions

IMPORT_PERMISSION = "wagtail_gamification.import_definitions"


class ImportPermissions:
    """Asks the permission policies of the CMS, for each model once.

    :param user: who imports
    """

    def __init__(self, user: Any) -> None:
        self.user = user
        self._policies: dict[type[models.Model], BasePermissionPolicy] = {}
        self._answers: dict[tuple[type[models.Model], str], bool] = {}
        self._obstacles: dict[type[models.Model], Obstacles] = {}

    def require_import(self) -> None:
        """Refuse somebody who may not import at all.

        :raises CatalogueError: if ``user`` may not
        """
        if self.user is None or not self.user.has_perm(IMPORT_PERMISSION):
            raise CatalogueError(_("You may not import definitions."))

    def may_any(self, model: type[models.Model], action: str) -> bool:
        """Say whether the user may do this with objects of a model."""
        key = (model, action)
        if key not in self._answers:
            self._answers[key] = self.user is not None and (
                self._policy(model).user_has_permission(self.user, action)
            )
        return self._answers[key]

    def may(self, instance: Any, action: str) -> bool:
        """Say whether the user may do this with an object."""
        model = type(instance)
        policy = self._policy(model)
        asks_instance = type(policy).user_has_permission_for_instance
        if asks_instance is BasePermissionPolicy.user_has_permission_for_instance:
            return self.may_any(model, action)
        return self.user is not None and policy.user_has_permission_for_instance(
            self.user, action, instance
        )

    def lock(self, instance: Any) -> str:
        """Say why a lock, workflow or schedule keeps the user out, if one does."""
        model = type(instance)
        if model not in self._obstacles:
            self._obstacles[model] = Obstacles(model, ImportOptions(), self.user)
        return self._obstacles[model].lock(instance)

    def choosable_images(self) -> models.QuerySet:
        """Give the images that the user may choose."""
        return self._policy(get_image_model()).instances_user_has_any_permission_for(
            self.user, ["choose"]
        )

    def may_add_images(self, collection: Collection) -> bool:
        """Say whether the user may add images to a collection."""
        return self.image_collections().filter(pk=collection.pk).exists()

    def image_collections(self) -> models.QuerySet:
        """Give the collections where the user may add images."""
        policy: Any = self._policy(get_image_model())
        return policy.collections_user_has_permission_for(self.user, "add")

    def _policy(self, model: type[models.Model]) -> BasePermissionPolicy:
        if model not in self._policies:
            self._policies[model] = permission_policy_of(model)
        return self._policies[model]
