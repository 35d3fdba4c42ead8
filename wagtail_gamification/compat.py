"""What differs between the versions of Wagtail and Django that are supported."""

from __future__ import annotations

from typing import Any

from django import VERSION as DJANGO_VERSION
from django.conf import settings
from django.db import models
from wagtail import VERSION
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, RevisionMixin
from wagtail.permission_policies.base import BasePermissionPolicy

from .conf import app_settings

HAS_ACTIONS = VERSION >= (8, 0)
HAS_API_V3 = VERSION >= (8, 0)


def mailer() -> Any:
    """Give what sends mail, by ``send_messages()``: a connection, until Django 6.1."""
    if DJANGO_VERSION >= (6, 1):
        from django.core.mail import mailers

        return mailers.default
    from django.core.mail import get_connection

    return get_connection()


def save_edited(
    instance: Any,
    user: Any,
    *,
    is_new: bool,
    is_saved: bool,
    makes_revision: bool = True,
) -> Any:
    """Save what an editor has changed, as Wagtail's editor does.

    What isn't drafted, or isn't live, is saved; what has revisions gets one; and the
    audit log says so. Nothing is published. Neither the content nor the permissions
    are checked: what is imported together may only be valid together.

    :param is_new: whether it was inserted just before
    :param is_saved: whether its own row needn't be saved again
    :param makes_revision: False where nothing changed that a revision holds
    :return: the revision, if one was made
    """
    action = "wagtail.create" if is_new else "wagtail.edit"
    if HAS_ACTIONS and makes_revision and not is_saved:
        from wagtail.actions.edit import EditAction

        edit = EditAction(instance, user=user, log_action=action, clean=False)
        edit.execute(skip_permission_checks=True)
        return edit.revision
    is_drafted = isinstance(instance, DraftStateMixin)
    if not is_saved and (not is_drafted or not instance.live):
        instance.save()
    revision = None
    if makes_revision and isinstance(instance, RevisionMixin):
        revision = instance.save_revision(user=user, clean=False)
    log(
        instance=instance,
        action=action,
        user=user,
        revision=revision,
        content_changed=True,
    )
    return revision


def insert_last(instance: Any) -> None:
    """Insert an object; one that has a place in an order, and none given, is last."""
    field = getattr(instance, "sort_order_field", None)
    if field and getattr(instance, field) is None:
        rows = type(instance)._default_manager
        highest = rows.aggregate(highest=models.Max(field))["highest"] or 0
        setattr(instance, field, highest + 1)
    instance.save()


def permission_policy_of(model: type[models.Model]) -> BasePermissionPolicy:
    """Give what decides who may do what with the objects of a model."""
    viewset = getattr(model, "snippet_viewset", None)
    if viewset is not None:
        return viewset.permission_policy
    if VERSION >= (8, 0):
        from wagtail.permissions import policy_registry

        return policy_registry.get_by_type(model)
    from wagtail.images import get_image_model

    if model is get_image_model():
        from wagtail.images.permissions import permission_policy

        return permission_policy
    from wagtail.permission_policies import ModelPermissionPolicy

    return ModelPermissionPolicy(model)


def rich_text_format(request: Any = None) -> str:
    """Give the format that an API request wants rich text in.

    HTML that can be shown, where neither the request nor the site says otherwise: who
    shows a description elsewhere has nothing to expand its links and embeds with.

    :raises ValueError: where there is no such format
    """
    wanted = getattr(request, "GET", {}).get("rich_text_format")
    if not HAS_API_V3:
        # There are no others in Wagtail 7.4, and it leaves the parameter unread.
        return "html"
    from wagtail.api.rich_text import APIRichText

    fallback = getattr(settings, APIRichText.SETTING_NAME, "html")
    return APIRichText.resolve_format(wanted or fallback)


def serialize_rich_text(source: str, text_format: str) -> Any:
    """Give rich text in one of Wagtail's formats for APIs."""
    from wagtail.api.rich_text import APIRichText

    features = list(app_settings.DESCRIPTION_FEATURES)
    return APIRichText.serialize(source, format=text_format, features=features)
