"""Where the built-in events come from: Django's and Wagtail's own signals."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from wagtail.signals import page_published

from .events import builtin
from .middleware import current_user


def record_sign_up(
    instance: Any, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    if created and not raw and isinstance(instance, get_user_model()):
        _record(builtin.signed_up, instance)


def record_login(user: Any = None, **kwargs: Any) -> None:
    _record(builtin.logged_in, user)


def record_publication(instance: Any, revision: Any = None, **kwargs: Any) -> None:
    # Who wrote it: a schedule or a workflow may have published it for them.
    _record(builtin.page_published, getattr(revision, "user", None), instance)


def record_comment(
    instance: Any, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    if created and not raw:
        key = f"comment-{instance.pk}"
        _record(builtin.comment_added, instance.user, instance.page, key=key)


def retract_comment(instance: Any, **kwargs: Any) -> None:
    if builtin.is_switched_on(builtin.comment_added.code):
        builtin.comment_added.retract(
            instance.user, instance.page, key=f"comment-{instance.pk}"
        )


def record_submission(
    instance: Any, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    from wagtail.contrib.forms.models import AbstractFormSubmission

    if created and not raw and isinstance(instance, AbstractFormSubmission):
        key = f"{instance._meta.label_lower}-{instance.pk}"
        _record(builtin.form_submitted, current_user(), instance.page, key=key)


def register_event_sources() -> None:
    """Listen to what happens. Called once, when all models are loaded."""
    post_save.connect(record_sign_up, dispatch_uid="gamification_signed_up")
    user_logged_in.connect(record_login, dispatch_uid="gamification_logged_in")
    page_published.connect(record_publication, dispatch_uid="gamification_published")
    comment = apps.get_model("wagtailcore", "Comment")
    post_save.connect(
        record_comment, sender=comment, dispatch_uid="gamification_comment_added"
    )
    post_delete.connect(
        retract_comment, sender=comment, dispatch_uid="gamification_comment_deleted"
    )
    if apps.is_installed("wagtail.contrib.forms"):
        # A site may store submissions in a model of its own.
        post_save.connect(record_submission, dispatch_uid="gamification_submitted")


def _record(event: Any, user: Any, target: Any = None, key: str | None = None) -> None:
    if user is not None and builtin.is_switched_on(event.code):
        event.record(user, target, key=key)
