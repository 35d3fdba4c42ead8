"""What follows from what happens in Wagtail and in the user model."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.images import get_image_model
from wagtail.models import Locale
from wagtail.signals import (
    copy_for_translation_done,
    page_slug_changed,
    post_page_move,
    published,
    unpublished,
)

from . import catalogue
from .actions.build_scores import keep_series
from .actions.deliveries import drop_endpoints
from .actions.keep_totals import keep_totals_of
from .actions.player_sections import users_of
from .actions.prepare_rows import (
    give_badge_to_everyone,
    give_badges_to,
    give_unlockable_to_everyone,
    give_unlockables_to,
    lock_for_those_below,
    unlock_for_those_with_points,
)
from .actions.retroactive import (
    follow_category,
    follow_level,
    follow_publication,
    forget_publication,
)
from .actions.traces import forget_failures, forget_traces
from .conf import app_settings
from .models import (
    BadgeDefinition,
    Campaign,
    Category,
    GamificationInterface,
    Leaderboard,
    Level,
    PointRule,
    Requirement,
    UnlockableDefinition,
    WebhookEndpoint,
)
from .models.base import TranslatableDefinition
from .requirements import drop_index
from .score_index import drop_series

# What is written for each draft, and visitors don't see.
_UNSEEN_FIELDS = frozenset(
    ["latest_revision", "has_unpublished_changes", "locked", "locked_at", "locked_by"]
)


def give_new_user_an_interface(
    instance: Any, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    # Django names the very class that was saved: a proxy of the user model is none
    # that we could have listened to. Fixtures bring their own interfaces.
    is_new_user = created and not raw and isinstance(instance, get_user_model())
    if is_new_user and app_settings.CREATE_INTERFACES:
        GamificationInterface.objects.for_user(instance)


def give_new_interface_its_rows(
    instance: GamificationInterface, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    if created and not raw:
        if app_settings.PREPARE_ROWS:
            give_badges_to(instance)
        give_unlockables_to(instance)


def forget_traces_of_player(instance: GamificationInterface, **kwargs: Any) -> None:
    """What has no foreign key to a player goes too, before the rest does."""
    users = {instance.user_id, *users_of(instance).values_list("pk", flat=True)}
    forget_traces(instance.pk, users - {None})


def forget_deleted_user(instance: Any, **kwargs: Any) -> None:
    """The player of a user whose own key led to it goes with the last such user."""
    name = app_settings.USER_INTERFACE_FIELD
    if not name:
        return
    forget_failures(None, [instance.pk])
    key = getattr(instance, get_user_model()._meta.get_field(name).attname)
    players = GamificationInterface.objects.filter(pk=key)
    if key and not users_of(GamificationInterface(pk=key)).exists():
        players.delete()


def keep_totals_of_erased_player(
    instance: GamificationInterface, **kwargs: Any
) -> None:
    keep_totals_of([instance.pk])


def prepare_created_definition(
    instance: Any, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """A definition that code creates is live without being published."""
    if created and not raw and instance.live:
        _prepare(instance)


def prepare_published_definition(instance: Any, **kwargs: Any) -> None:
    # Also sent for a revision that is only scheduled to go live.
    if instance.live:
        _prepare(instance)


def award_published_badge(
    instance: BadgeDefinition, revision: Any = None, **kwargs: Any
) -> None:
    """Those who have met what the badge asks for now get it, if the editor says so."""
    if not instance.original_id:
        editor = getattr(revision, "user", None)
        follow_publication(instance, by=editor)
        follow_category(instance, by=editor)


def forget_unpublished_badge(instance: BadgeDefinition, **kwargs: Any) -> None:
    forget_publication(instance)


def follow_changed_level(instance: Level, revision: Any = None, **kwargs: Any) -> None:
    """Badges that ask for a level are due to others when its points change."""
    if not instance.original_id:
        follow_level(instance, by=getattr(revision, "user", None))


def link_translation(source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    """A translation knows its original, however the copy was made."""
    if isinstance(target_obj, TranslatableDefinition):
        target_obj.become_translation_of(source_obj)


def _prepare(definition: Any) -> None:
    """Give a definition's rows to all players.

    A badge's are given the first time it is published: from then on every new
    player gets one, so later publications have nothing to add and an edit costs
    the same however many players there are. An unlockable may have become cheaper
    or dearer each time.
    """
    if definition.original_id:
        return
    if isinstance(definition, UnlockableDefinition):
        give_unlockable_to_everyone(definition)
        unlock_for_those_with_points(definition)
        lock_for_those_below(definition)
    elif (
        app_settings.PREPARE_ROWS
        and definition.first_published_at == definition.last_published_at
    ):
        give_badge_to_everyone(definition)


def drop_catalogue(update_fields: Any = None, **kwargs: Any) -> None:
    if update_fields is None or not _UNSEEN_FIELDS.issuperset(update_fields):
        catalogue.drop()


def drop_catalogue_of_changed_image(created: bool = False, **kwargs: Any) -> None:
    # No definition has a new one yet, and editors upload many.
    if not created:
        catalogue.drop()


def drop_rules(update_fields: Any = None, **kwargs: Any) -> None:
    if update_fields is None or not _UNSEEN_FIELDS.issuperset(update_fields):
        drop_index()


def keep_scores_of_boards(update_fields: Any = None, **kwargs: Any) -> None:
    """Count what the published boards ask for, and nothing else."""
    if update_fields is None or not _UNSEEN_FIELDS.issuperset(update_fields):
        keep_series()


def drop_boards(**kwargs: Any) -> None:
    drop_series()


def register_signal_handlers() -> None:
    post_save.connect(
        give_new_user_an_interface,
        dispatch_uid="gamification_interface_for_user",
    )
    post_save.connect(
        give_new_interface_its_rows,
        sender=GamificationInterface,
        dispatch_uid="gamification_rows_for_interface",
    )
    pre_delete.connect(
        keep_totals_of_erased_player,
        sender=GamificationInterface,
        dispatch_uid="gamification_keep_totals",
    )
    pre_delete.connect(
        forget_traces_of_player,
        sender=GamificationInterface,
        dispatch_uid="gamification_forget_traces",
    )
    post_delete.connect(
        forget_deleted_user,
        sender=get_user_model(),
        dispatch_uid="gamification_forget_deleted_user",
    )
    copy_for_translation_done.connect(
        link_translation, dispatch_uid="gamification_link_translation"
    )
    for model in (BadgeDefinition, UnlockableDefinition):
        post_save.connect(
            prepare_created_definition,
            sender=model,
            dispatch_uid=f"gamification_prepare_created_{model.__name__}",
        )
        published.connect(
            prepare_published_definition,
            sender=model,
            dispatch_uid=f"gamification_prepare_published_{model.__name__}",
        )
    published.connect(
        award_published_badge,
        sender=BadgeDefinition,
        dispatch_uid="gamification_award_published_badge",
    )
    for signal in (published, unpublished):
        signal.connect(
            follow_changed_level,
            sender=Level,
            dispatch_uid="gamification_follow_changed_level",
        )
    unpublished.connect(
        forget_unpublished_badge,
        sender=BadgeDefinition,
        dispatch_uid="gamification_forget_unpublished_badge",
    )
    for model in (BadgeDefinition, Category, Level, UnlockableDefinition, Locale):
        for signal in (post_save, post_delete):
            signal.connect(
                drop_catalogue,
                sender=model,
                dispatch_uid=f"gamification_catalogue_{model.__name__}",
            )
    for signal in (post_save, post_delete):
        signal.connect(
            drop_endpoints,
            sender=WebhookEndpoint,
            dispatch_uid="gamification_webhook_endpoints",
        )
    for signal in (post_save, post_delete):
        signal.connect(
            drop_catalogue_of_changed_image,
            sender=get_image_model(),
            dispatch_uid="gamification_catalogue_image",
        )
    for model in (BadgeDefinition, Requirement, PointRule, Campaign, Level, Category):
        for signal in (post_save, post_delete):
            signal.connect(
                drop_rules,
                sender=model,
                dispatch_uid=f"gamification_rules_{model.__name__}",
            )
    for signal in (post_save, post_delete):
        signal.connect(
            keep_scores_of_boards,
            sender=Leaderboard,
            dispatch_uid="gamification_scores_of_boards",
        )
        signal.connect(
            drop_boards, sender=Locale, dispatch_uid="gamification_boards_locale"
        )
    # Descriptions link to pages, and the links are cached with them.
    for signal in (page_slug_changed, post_page_move):
        signal.connect(drop_catalogue, dispatch_uid="gamification_catalogue_page")
        signal.connect(drop_boards, dispatch_uid="gamification_boards_page")
