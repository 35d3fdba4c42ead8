"""Taking back what an import did, as far as nobody has built on it.

What was created is deleted, what was changed goes back to how it was. A definition
that somebody has earned, edited or deleted since stays as it is, and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.models import (
    DraftStateMixin,
    Locale,
    Revision,
    RevisionMixin,
    WorkflowState,
)

from wagtail_gamification.models import ImportJob, ImportRow
from wagtail_gamification.models.base import TranslatableDefinition
from wagtail_gamification.models.protection import players_by_definition

from .errors import CatalogueError, shortened
from .permissions import ImportPermissions
from .records import SiteRecords
from .relations import restore_fields
from .results import RowAction, Stage
from .rows import RowPlan
from .workbooks import get_workbook

WRITTEN = (RowAction.CREATED, RowAction.UPDATED)

Report = Callable[[Stage, int, int], None]


@dataclass
class UndoStep:
    """What undoing an import does to one definition."""

    row: ImportRow
    instance: Any
    """The definition; None where it isn't there any more."""
    obstacle: str = ""
    """Why it can't be undone; empty where it can."""
    parts: list[ImportRow] = field(default_factory=list)
    """The rows that changed parts of it, and are undone with it."""

    @property
    def deletes(self) -> bool:
        """Whether the definition goes; otherwise it goes back."""
        return self.row.action == RowAction.CREATED


def undo_steps(job: ImportJob, *, lock: bool = False) -> list[UndoStep]:
    """Say what undoing would do, in the order of the rows. Nothing is written.

    :param lock: keep the definitions as they are until the transaction ends
    """
    workbook = get_workbook(job.workbook)
    records = SiteRecords(workbook, list(Locale.objects.all()), lock=lock)
    permissions = ImportPermissions(job.user)
    steps: list[UndoStep] = []
    known: dict[tuple[type[models.Model], Any], UndoStep] = {}
    by_model: dict[type[models.Model], list[UndoStep]] = {}
    rows = job.rows.filter(action__in=WRITTEN, undone=False)
    # A site may have taken a sheet away since.
    for row in rows.filter(sheet__in=list(workbook.models)):
        model = workbook.models[row.sheet]
        pk = model._meta.pk.to_python(row.object_id)  # type: ignore[union-attr]
        if first := known.get((model, pk)):
            first.parts.append(row)
            continue
        step = known[model, pk] = UndoStep(row, records[model].by_pk.get(pk))
        steps.append(step)
        by_model.setdefault(model, []).append(step)
    kept = set(_revisions(steps).values_list("pk", flat=True))
    for model, own in by_model.items():
        translated = _translated_since(model, own)
        there = [step for step in own if step.instance is not None]
        players = players_by_definition(step.instance for step in there)
        for step in own:
            step.obstacle = (
                _changed_since(step, records)
                or _forgotten(step, kept)
                or _earned_since(step, players)
                or translated.get(step.instance.pk, "")
                or _not_allowed(step, permissions)
            )
    return steps


def undo_rows(job: ImportJob, report: Report) -> None:
    """Undo what can be undone. Called in a transaction, in the name of the user."""
    steps = [step for step in undo_steps(job, lock=True) if not step.obstacle]
    reverted = [step for step in steps if not step.deletes]
    deleted = [step for step in steps if step.deletes]
    _cancel_workflows(steps, job.user)
    revisions = {revision.pk: revision for revision in _revisions(reverted)}
    _make_way(job, reverted)
    # What was created may refer to what goes back, and the other way round; nothing
    # that is deleted is needed by what comes back.
    for done, step in enumerate([*reversed(deleted), *reverted]):
        report(Stage.UNDOING, done, len(steps))
        try:
            with transaction.atomic():
                if step.deletes:
                    _delete(step.instance, job.user)
                else:
                    _revert(step.instance, step.row.before, revisions, job.user)
        except ProtectedError:
            # Somebody earned it just now.
            continue
        except (IntegrityError, ValidationError) as error:
            raise CatalogueError(
                _(
                    "Nothing was undone: “%(name)s” can't go back to how it was, "
                    "because of what others have changed since."
                )
                % {"name": shortened(step.row.name)}
            ) from error
        step.row.undone = True
    undone = [row.pk for s in steps if s.row.undone for row in (s.row, *s.parts)]
    ImportRow.objects.filter(pk__in=undone).update(undone=True)


def _changed_since(step: UndoStep, records: SiteRecords) -> str:
    if step.instance is None:
        return _("It was deleted since.")
    own = records[type(step.instance)]
    if own.stamp(step.instance) != step.row.stamp:
        return _("It was edited since.")
    return ""


def _revisions(steps: list[UndoStep]) -> QuerySet[Revision]:
    """Give the revisions that changed definitions go back to."""
    wanted = {
        step.row.before[name]
        for step in steps
        for name in ("revision", "live_revision")
        if step.row.before.get(name)
    }
    return Revision.objects.filter(pk__in=wanted)


def _forgotten(step: UndoStep, kept: set[Any]) -> str:
    """Say if there is nothing to go back to: sites delete old revisions."""
    if step.deletes:
        return ""
    before = step.row.before
    if not before or before["revision"] not in {None, *kept}:
        return _("How it was before isn't known.")
    return ""


def _earned_since(step: UndoStep, players: Mapping[Any, int]) -> str:
    if not step.deletes or not (count := players.get(step.instance.pk, 0)):
        return ""
    return ngettext(
        "%(count)d player has earned it.", "%(count)d players have earned it.", count
    ) % {"count": count}


def _translated_since(
    model: type[models.Model], steps: list[UndoStep]
) -> dict[Any, str]:
    """Find what was created and translated by others: they would lose their work."""
    if not issubclass(model, TranslatableDefinition):
        return {}
    created = [s.instance.pk for s in steps if s.deletes and s.instance is not None]
    others = model._base_manager.filter(original__in=created).exclude(pk__in=created)
    originals = others.values_list("original_id", flat=True)
    return dict.fromkeys(originals, _("It was translated since."))


def _not_allowed(step: UndoStep, permissions: ImportPermissions) -> str:
    if step.deletes:
        if not permissions.may(step.instance, "delete"):
            return _("You may not delete it.")
    elif not permissions.may(step.instance, "change"):
        return _("You may not change it.")
    elif step.row.before.get("live") and not permissions.may(step.instance, "publish"):
        return _("You may not publish it.")
    return permissions.lock(step.instance)


def _cancel_workflows(steps: list[UndoStep], user: Any) -> None:
    """Take what the import submitted out of moderation again."""
    for model in {type(step.instance) for step in steps}:
        if not issubclass(model, DraftStateMixin):
            continue
        own = [str(s.instance.pk) for s in steps if isinstance(s.instance, model)]
        states = WorkflowState.objects.active().filter(
            base_content_type=model.get_base_content_type(), object_id__in=own
        )
        for state in states:
            state.cancel(user=user)


def _make_way(job: ImportJob, steps: list[UndoStep]) -> None:
    """Let definitions that exchanged their values exchange them back."""
    workbook = get_workbook(job.workbook)
    records = SiteRecords(workbook, list(Locale.objects.all()))
    for title, resource_class in workbook.sheets.items():
        plans = [
            RowPlan(
                step.row.number,
                {},
                instance=step.instance,
                changes={change["column"]: None for change in step.row.changes},
            )
            for step in steps
            if step.row.sheet == title
        ]
        if plans:
            resource_class(records, None).make_way(plans)


def _delete(instance: Any, user: Any) -> None:
    log(instance=instance, action="wagtail.delete", user=user, deleted=True)
    instance.delete()


def _revert(
    instance: Any,
    before: dict[str, Any],
    revisions: Mapping[int, Revision],
    user: Any,
) -> None:
    """Bring a definition back to what it was, live and in draft."""
    if not isinstance(instance, RevisionMixin):
        restore_fields(instance, before["fields"])
        instance.save()
        log(instance=instance, action="wagtail.edit", user=user, content_changed=True)
        return
    latest = revisions[before["revision"]]
    live_id = before.get("live_revision")
    is_live = bool(before.get("live"))
    has_draft = is_live and (
        live_id != latest.pk if live_id else before.get("has_draft", False)
    )
    if has_draft:
        # There was a draft beside what was live.
        live = revisions.get(live_id or 0)
        if live is None:
            # What was live was never a revision, or is none any more.
            live = Revision.objects.get(pk=latest.pk)
            _restore(live, user, publish=True, fields=before["fields"], by_row=True)
        else:
            _restore(live, user, publish=True, fields=before["fields"])
    if isinstance(instance, DraftStateMixin) and instance.live and not is_live:
        instance.unpublish(user=user)
    is_published = is_live and not has_draft
    _restore(latest, user, publish=is_published, fields=before["fields"])


def _restore(
    revision: Revision,
    user: Any,
    *,
    publish: bool,
    fields: dict[str, Any],
    by_row: bool = False,
) -> None:
    """Bring back what a revision says, and what no revision holds.

    :param fields: what the definition's own row held
    :param by_row: bring back all that its row held, instead of what the revision says
    """
    restored = revision.as_object()
    if by_row:
        restore_fields(restored, fields)
    if "sort_order" in fields:
        # No revision holds it.
        restored.sort_order = fields["sort_order"]
        type(restored)._base_manager.filter(pk=restored.pk).update(
            sort_order=fields["sort_order"]
        )
    if not isinstance(restored, DraftStateMixin) or not restored.live:
        # The import has saved these themselves, as Wagtail's editor does.
        restored.save()
    made = restored.save_revision(
        user=user, clean=False, previous_revision=revision, log_action=True
    )
    if publish and isinstance(restored, DraftStateMixin):
        made.publish(user=user, skip_permission_checks=True)
