"""Writing planned rows, as an editor would: through revisions and the audit log.

Called inside a transaction, once it is known which rows are written. An order that
the database accepts at every step is kept: nothing new refers to what isn't there
yet, no chain loops and no two levels begin with the same points, not even in
between. So everything is inserted first, then drafted, and published last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from wagtail.models import DraftStateMixin, RevisionMixin
from wagtail.signal_handlers import (
    disable_reference_index_auto_update,
    update_reference_index_on_save,
)

from wagtail_gamification.compat import insert_last, save_edited

from .base import SpreadsheetResource
from .options import Destination
from .planner import CataloguePlan
from .records import SiteRecords
from .relations import is_image, is_several, save_plain_relations
from .results import Stage
from .rows import RowPlan


def write(
    catalogue: CataloguePlan,
    user: Any = None,
    progress: Callable[[Stage, int, int], None] = lambda stage, done, total: None,
) -> None:
    """Write all rows that are new or changed, and not refused.

    Permissions are not looked at: the plan was made with them.
    """
    catalogue.images.store(user, used_images(catalogue), progress)
    batches = [*catalogue.batches()]
    plans = [plan for _resource, own in batches for plan in own]
    done: list[RowPlan] = []

    def advance(plan: RowPlan) -> None:
        done.append(plan)
        progress(Stage.WRITING, len(done), len(plans))

    progress(Stage.WRITING, 0, len(plans))
    with ExitStack() as around:
        # A row is saved several times; what it refers to is indexed once, at the end.
        around.enter_context(disable_reference_index_auto_update())
        for resource in catalogue.resources.values():
            around.enter_context(resource.writing())
        for resource, own in batches:
            _write_sheet(catalogue, resource, own, user, advance)
        _release(catalogue, done, user, progress)
    for plan in done:
        # It takes a while, and silence would be taken for the worker's end.
        progress(Stage.WRITING, len(done), len(plans))
        update_reference_index_on_save(plan.instance)
    if plans:
        _note_stamps(catalogue)


def make_way(resource: SpreadsheetResource, plans: Sequence[RowPlan]) -> None:
    """Let a resource take out of the way what these rows exchange."""
    moved = [plan for plan in plans if not plan.is_translation and not plan.is_new]
    if moved:
        resource.make_way(moved)


def used_images(catalogue: CataloguePlan) -> list[Any]:
    """Give the new images that the rows lead to which are not refused."""
    used: dict[int, Any] = {}
    for title, resource in catalogue.resources.items():
        names = [n for n, f in resource.model_fields.items() if is_image(f)]
        for plan in catalogue.rows[title]:
            for name in names if plan.is_written else ():
                image = getattr(plan.instance, name)
                if image is not None and image.pk is None:
                    used[id(image)] = image
    return list(used.values())


def _write_sheet(
    catalogue: CataloguePlan,
    resource: SpreadsheetResource,
    plans: list[RowPlan],
    user: Any,
    advance: Callable[[RowPlan], None],
) -> None:
    for plan in plans:
        if not plan.is_new:
            _note_before(plan, resource)
    make_way(resource, [plan for plan in plans if catalogue.saves(plan)])
    originals = [plan for plan in plans if not plan.is_translation]
    held = {id(plan): _hold_back(plan, resource) for plan in originals}
    for plan in originals:
        _set_references(plan.instance)
        if plan.is_new:
            _insert(plan)
    for plan in originals:
        # Everything that it refers to has its primary key by now.
        for name, value in held[id(plan)].items():
            if name in resource.own.relations:
                for child in value:
                    _set_references(child)
            resource.set_value(plan.instance, name, value)
        is_drafted = isinstance(plan.instance, DraftStateMixin)
        is_complete = not any(held[id(plan)].values()) or (
            is_drafted and catalogue.options.publishes
        )
        _save(plan, resource, user, is_saved=plan.is_new and is_complete)
        advance(plan)
    for plan in plans:
        if plan.is_translation:
            if plan.is_new:
                _copy_for_translation(plan)
            _set_references(plan.instance)
            _save(plan, resource, user, is_saved=plan.is_new)
            advance(plan)


def _release(
    catalogue: CataloguePlan,
    plans: list[RowPlan],
    user: Any,
    progress: Callable[[Stage, int, int], None],
) -> None:
    """Publish or submit what was drafted."""
    if catalogue.options.destination == Destination.DRAFT:
        return
    drafted = [plan for plan in plans if plan.revision is not None]
    drafted = [plan for plan in drafted if isinstance(plan.instance, DraftStateMixin)]
    for count, plan in enumerate(drafted):
        progress(Stage.PUBLISHING, count, len(drafted))
        if catalogue.options.publishes:
            plan.revision.publish(user=user, skip_permission_checks=True)
        elif plan.is_submitted and (workflow := plan.instance.get_workflow()):
            workflow.start(plan.instance, user)
        # Its content isn't needed any more; there may be thousands.
        plan.revision = None
    progress(Stage.PUBLISHING, len(drafted), len(drafted))


def _note_before(plan: RowPlan, resource: SpreadsheetResource) -> None:
    """Note how a changed object was, in a way that it can be brought back."""
    instance = plan.instance
    revision_id = None
    if isinstance(instance, RevisionMixin):
        revision_id = instance.latest_revision_id
        if revision_id is None:
            stored = resource._meta.model._base_manager.get(pk=instance.pk)
            revision = stored.save_revision(clean=False, changed=False)
            revision_id = revision.pk
    plan.before = {
        "revision": revision_id,
        "fields": resource.own.stored_fields(instance),
    }
    if isinstance(instance, DraftStateMixin):
        plan.before["live"] = instance.live
        plan.before["has_draft"] = instance.has_unpublished_changes
        plan.before["live_revision"] = instance.live_revision_id


def _note_stamps(catalogue: CataloguePlan) -> None:
    """Note how everything that was written is now, to tell later edits from it."""
    now = SiteRecords(catalogue.workbook, catalogue.locales)
    for title, resource in catalogue.resources.items():
        own = now[resource.row_model()]
        for plan in catalogue.rows[title]:
            if plan.is_written:
                if plan.leader is not None:
                    plan.object_id = plan.leader.object_id
                    plan.revision_id = plan.leader.revision_id
                plan.stamp = own.stamp(own.by_pk[plan.object_id])


def _hold_back(plan: RowPlan, resource: SpreadsheetResource) -> dict[str, Any]:
    """Take out what refers to rows of the same sheet, until all of them are there."""
    held: dict[str, Any] = {}
    for name in resource.own.relations:
        # Its children may refer to anything.
        held[name] = resource.value(plan.instance, name)
        if plan.is_new:
            resource.set_value(plan.instance, name, [])
    for name, field in resource.model_fields.items():
        if field.is_relation and field.related_model is resource._meta.model:
            if not is_several(field) and not field.null:
                continue
            held[name] = resource.value(plan.instance, name)
            if plan.is_new:
                resource.set_value(
                    plan.instance, name, [] if is_several(field) else None
                )
    return held


def _set_references(instance: Any) -> None:
    """Note the primary keys of what was new, and unsaved, when it was set."""
    for field in instance._meta.fields:
        if field.is_relation and field.is_cached(instance):
            setattr(instance, field.name, getattr(instance, field.name))


def _insert(plan: RowPlan) -> None:
    if isinstance(plan.instance, DraftStateMixin):
        # Publishing a revision makes it live, and tells everybody who listens.
        plan.instance.live = False
    insert_last(plan.instance)


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
    _insert(plan)


def _save(
    plan: RowPlan, resource: SpreadsheetResource, user: Any, *, is_saved: bool
) -> None:
    """Draft a row, or save it where it has no drafts.

    :param is_saved: whether it was inserted as it is, or will be published so
    """
    instance = plan.instance
    plan.object_id = instance.pk
    undrafted = set(plan.changes) & set(resource.undrafted)
    is_live = isinstance(instance, DraftStateMixin) and instance.live
    if is_live and undrafted and not plan.is_new:
        # No draft holds these, and publishing keeps what the row has.
        instance.save(update_fields=sorted(undrafted))
    plan.revision = save_edited(
        instance,
        user,
        is_new=plan.is_new,
        is_saved=is_saved and isinstance(instance, DraftStateMixin | RevisionMixin),
        makes_revision=plan.is_new or set(plan.changes) != undrafted,
    )
    if plan.revision is not None:
        plan.revision_id = plan.revision.pk
    save_plain_relations(instance, set(plan.changes))
