"""What is drafted and published, in a place that knows no drafts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.http import HttpRequest
from django.utils.translation import gettext as _


class PublishingAdmin(admin.ModelAdmin):
    """Saves by publishing a revision: a plain save would pass drafts over.

    That takes the permission to publish, and yields to a lock.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and self._may_publish(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may_change = super().has_change_permission(request, obj)
        if not may_change or not self._may_publish(request):
            return False
        lock = obj and obj.get_lock()
        return not (lock and lock.for_user(request.user))

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        if not change:
            obj.live = False
            obj.save()
        elif obj.has_unpublished_changes:
            messages.warning(
                request,
                _(
                    "“%(name)s” had a draft of changes. What you saved is published "
                    "now; the draft is in its history in the CMS."
                )
                % {"name": obj},
            )

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        # Not before: the rows of the inlines belong to the revision.
        obj = form.instance
        obj.save_revision(user=request.user, changed=True).publish(user=request.user)

    def _may_publish(self, request: HttpRequest) -> bool:
        codename = get_permission_codename("publish", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")
