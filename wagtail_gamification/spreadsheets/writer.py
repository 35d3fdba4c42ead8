"""Writing planned rows, as an editor would: through revisions and the audit log.

Called inside a transaction, once no row is refused. An order that the database
accepts at every step is kept: nothing new refers to what isn't there yet, no chain
loops and no two levels begin with the same points, not even in between.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin

from wagtail_gamification.models import BadgeDefinition, Level

from .planner import CataloguePlan
from .resources import RESOURCES
from .rows import RowPlan
from .widgets import MAX_NUMBER


def write(catalogue: CataloguePlan, user: Any = None) -> None:
    """Write all rows that are new or changed.

    Permissions are not looked at: whoever lets somebody import checks them.
    """
    catalogue.images.store(user)
    for title in catalogue.rows:
        _write_sheet(catalogue, RESOURCES[title]._meta.model, user)


def _write_sheet(
    catalogue: CataloguePlan, model: type[models.Model], user: Any
) -> None:
    plans = [plan for plan in catalogue.of(model) if plan.is_new or plan.changes]
    originals = [plan for plan in plans if not plan.is_translation]
    if catalogue.publishes:
        _make_way(catalogue, model, originals)
    chain = {
        id(p): p.instance.next_badge for p in originals if model is BadgeDefinition
    }
    for plan in originals:
        _set_references(plan.instance)
        if plan.is_new:
            _insert(plan, without_chain=id(plan) in chain)
    for plan in originals:
        if id(plan) in chain:
            # Every badge has its primary key by now.
            plan.instance.next_badge = chain[id(plan)]
        _save(plan, user, publishes=catalogue.publishes)
    for plan in plans:
        if plan.is_translation:
            if plan.is_new:
                _copy_for_translation(plan)
            _set_references(plan.instance)
            _save(plan, user, publishes=catalogue.publishes)


def _make_way(
    catalogue: CataloguePlan, model: type[models.Model], plans: list[RowPlan]
) -> None:
    """Take out of the way what rows change, before any of them is published.

    Rows that exchange their values would meet each other's old ones otherwise.
    """
    changed = {
        column: [plan.instance.pk for plan in plans if column in plan.changes]
        for column in ("next_badge", "points_required")
    }
    if model is BadgeDefinition:
        linked = [pk for pk in changed["next_badge"] if pk]
        BadgeDefinition.objects.filter(pk__in=linked).update(next_badge=None)
    elif model is Level:
        taken = set(Level.objects.values_list("points_required", flat=True))
        free = (points for points in range(MAX_NUMBER, 0, -1) if points not in taken)
        moved = [pk for pk in changed["points_required"] if pk]
        places = [Level(pk=pk, points_required=next(free)) for pk in moved]
        Level.objects.bulk_update(places, ["points_required"])


def _set_references(instance: Any) -> None:
    """Note the primary keys of what was new, and unsaved, when it was set."""
    for field in instance._meta.fields:
        if field.is_relation and field.is_cached(instance):
            setattr(instance, field.name, getattr(instance, field.name))


def _insert(plan: RowPlan, *, without_chain: bool) -> None:
    instance = plan.instance
    if isinstance(instance, DraftStateMixin):
        # Publishing a revision makes it live, and tells everybody who listens.
        instance.live = False
    if without_chain:
        instance.next_badge = None
    instance.save()


def _copy_for_translation(plan: RowPlan) -> None:
    """Make a translation as Wagtail does, with the row's texts."""
    texts = plan.instance
    plan.instance = texts.original.copy_for_translation(texts.locale)
    for name in ("slug", "name", "description", "image"):
        if hasattr(texts, name):
            setattr(plan.instance, name, getattr(texts, name))
    if isinstance(plan.instance, DraftStateMixin):
        for name in ("first_published_at", "last_published_at", "live_revision"):
            setattr(plan.instance, name, None)
        plan.instance.locked = False
        plan.instance.locked_at = plan.instance.locked_by = None
    _set_references(plan.instance)
    _insert(plan, without_chain=False)


def _save(plan: RowPlan, user: Any, *, publishes: bool) -> None:
    instance = plan.instance
    plan.object_id = instance.pk
    action = "wagtail.create" if plan.is_new else "wagtail.edit"
    revision = None
    if not isinstance(instance, DraftStateMixin):
        if not plan.is_new:
            instance.save()
    else:
        if plan.is_new and not publishes:
            # The row of what was never published is its draft as well.
            instance.save()
        elif "sort_order" in plan.changes and not plan.is_new:
            # No draft holds the order, and publishing keeps what the row has.
            instance.save(update_fields=["sort_order"])
        if plan.is_new or set(plan.changes) - {"sort_order"}:
            # Validated with all other rows; on its own it may not be valid yet.
            revision = instance.save_revision(user=user, clean=False)
            plan.revision_id = revision.pk
    log(
        instance=instance,
        action=action,
        user=user,
        revision=revision,
        content_changed=True,
    )
    if revision and publishes:
        revision.publish(user=user, skip_permission_checks=True)
