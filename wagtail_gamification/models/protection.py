"""What happens to players' rows when a definition is deleted.

Rows that say nothing go with their definition. A row that records an
achievement protects it: unpublishing is the way to retire a definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, ProtectedError
from django.db.models.deletion import Collector, get_candidate_relations_to_delete
from django.db.models.signals import post_delete, pre_delete

from wagtail_gamification.conf import app_settings


def cascade_unless_awarded(
    collector: Any, field: Any, sub_objs: models.QuerySet, using: str
) -> None:
    """Delete players' badges with their definition unless one was ever awarded."""
    _protect(sub_objs.filter(awards__isnull=False))
    models.CASCADE(collector, field, sub_objs, using)


def cascade_unless_acquired(
    collector: Any, field: Any, sub_objs: models.QuerySet, using: str
) -> None:
    """Delete players' unlockables with their definition unless one is unlocked."""
    _protect(sub_objs.filter(acquired=True))
    models.CASCADE(collector, field, sub_objs, using)


def protect_what_paid(
    collector: Any, field: Any, sub_objs: models.QuerySet, using: str
) -> None:
    """Keep a point rule that has paid: without it, nothing could be taken back."""
    _protect(sub_objs)


# Or Django would first read everything that the rule has ever paid.
protect_what_paid.lazy_sub_objs = True  # type: ignore[attr-defined]


def protect_what_was_bought(
    collector: Any, field: Any, sub_objs: models.QuerySet, using: str
) -> None:
    """Keep what players have spent points on: the ledger says what they got."""
    _protect(sub_objs)


protect_what_was_bought.lazy_sub_objs = True  # type: ignore[attr-defined]


def erase_with_user(
    collector: Any, field: Any, sub_objs: models.QuerySet, using: str
) -> None:
    """Delete a player with the user, unless others share it: then it stays theirs."""
    shared: set[Any] = set()
    if name := app_settings.USER_INTERFACE_FIELD:
        users = field.related_model
        key = users._meta.get_field(name).attname
        going = [user.pk for user in collector.data.get(users, ())]
        sharing = users._base_manager.using(using).exclude(pk__in=going)
        shared = set(
            sharing.filter(**{f"{name}__in": sub_objs}).values_list(key, flat=True)
        )
    if shared:
        models.SET_NULL(collector, field, sub_objs.filter(pk__in=shared), using)
    own = sub_objs.exclude(pk__in=shared)
    if own:
        models.CASCADE(collector, field, own, using)


class _Unlinked(models.QuerySet):
    """Bookings that are to forget which ones they reverse, so that all can go."""

    def _raw_delete(self, using: str | None) -> int:
        self.using(using).update(reverses=None)
        return 0


def erase_with_player(
    collector: Any, field: Any, sub_objs: models.QuerySet, using: str
) -> None:
    """Delete a player's rows in one statement for each table, without reading them.

    Django would fetch all that players ever did before it deletes them. No signal is
    sent for these rows. Where somebody listens, where a model of the site's refers to
    them, or where they are to be listed first, it is left to Django.
    """
    model = field.model
    awards = apps.get_model("wagtail_gamification", "Award")
    along = [awards] if model._meta.model_name == "badge" else []
    if type(collector) is not Collector or any(map(_is_watched, [model, *along])):
        models.CASCADE(collector, field, sub_objs, using)
        return
    if model._meta.model_name == "pointchange":
        # Before the awards that they name. MariaDB checks a key as each row goes.
        reversals = _Unlinked(model, sub_objs.query.chain(), using)
        collector.fast_deletes[:0] = [
            reversals.filter(reverses__isnull=False),
            sub_objs,
        ]
        return
    if any(each.related_model is awards for each in model._meta.concrete_fields):
        collector.fast_deletes.insert(0, sub_objs)
        return
    collector.fast_deletes += [
        each._base_manager.using(using).filter(badge__in=sub_objs.values("pk"))
        for each in along
    ]
    collector.fast_deletes.append(sub_objs)


# Or Django would read them all the same.
erase_with_player.lazy_sub_objs = True  # type: ignore[attr-defined]


def _is_watched(model: type[models.Model]) -> bool:
    if pre_delete.has_listeners(model) or post_delete.has_listeners(model):
        return True
    return any(
        relation.related_model._meta.app_label != model._meta.app_label
        and relation.field.remote_field.on_delete is not models.DO_NOTHING
        for relation in get_candidate_relations_to_delete(model._meta)
    )


def _protect(achieved: models.QuerySet) -> None:
    # One is enough to refuse; a popular badge has very many.
    protecting = next(iter(achieved.order_by()[:1]), None)
    if protecting is not None:
        raise ProtectedError("Players have achieved this.", {protecting})


def players_by_definition(definitions: Iterable[Any]) -> dict[Any, int]:
    """Say how many players have achieved each of some definitions of one model.

    Definitions that nobody has achieved are left out, and so are models that nobody
    can achieve. A point rule is achieved by those whom it has paid.
    """
    definitions = list(definitions)
    label = definitions[0]._meta.model_name if definitions else ""
    if label == "badgedefinition":
        rows = apps.get_model("wagtail_gamification", "Award")._base_manager.all()
        key, player = "badge_definition_id", "badge__interface_id"
    elif label == "unlockabledefinition":
        unlockables = apps.get_model("wagtail_gamification", "Unlockable")
        rows = unlockables._base_manager.filter(acquired=True)
        key, player = "unlockable_definition_id", "interface_id"
    elif label == "pointrule":
        rows = apps.get_model("wagtail_gamification", "PointChange")._base_manager.all()
        key, player = "rule_id", "interface_id"
    else:
        return {}
    counted = (
        rows.filter(**{f"{key}__in": [definition.pk for definition in definitions]})
        .order_by()
        .values(key)
        .annotate(players=Count(player, distinct=True))
    )
    return dict(counted.values_list(key, "players"))
