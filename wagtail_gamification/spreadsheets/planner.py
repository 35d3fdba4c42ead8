"""From sheets to plans: what each row would do, and why it can't.

Every object that the rows make exists, in memory, before any row refers to it; so a
badge may name one that stands further down. What has to hold among all rows is
checked last, against the state that they lead to together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, Locale

from .base import SpreadsheetResource
from .children import ChildResource, in_order_of_need
from .errors import shortened
from .images import ImageLibrary
from .loader import Sheet
from .options import ImportOptions
from .permissions import ImportPermissions
from .records import SiteRecords, folded_key, key_parts
from .references import ImageWidget
from .results import Stage
from .rows import RowPlan
from .rules import RowRules
from .workbooks import Workbook


class CataloguePlan:
    """The plans of all rows, by the title of their sheet.

    Making it writes nothing and saves nothing, so that it may be made to show
    somebody what would happen.

    :param options: what becomes of what is new or changed
    :param user: who imports
    :param permissions: what the user may do; None where nobody asks
    :param stamps: the stamps of a preview by the position of the row
    :param lock: keep editors from changing what is planned upon, until the
        transaction ends
    """

    def __init__(
        self,
        sheets: list[Sheet],
        images: ImageLibrary,
        *,
        workbook: Workbook,
        options: ImportOptions,
        user: Any = None,
        permissions: ImportPermissions | None = None,
        stamps: Mapping[int, str] | None = None,
        lock: bool = False,
        progress: Callable[[Stage, int, int], None] = lambda *args: None,
    ) -> None:
        self.images = images
        self.workbook = workbook
        self.options = options
        self.user = user
        self.permissions = permissions
        self.stamps = stamps
        self.progress = progress
        self._total = sum(len(sheet.rows) for sheet in sheets)
        self._done = 0
        self.locales = list(Locale.objects.all())
        self.records = SiteRecords(workbook, self.locales, lock=lock)
        self.rows: dict[str, list[RowPlan]] = {}
        self.resources: dict[str, SpreadsheetResource] = {}
        self._said: set[int] = set()
        self._claimed: dict[int, RowPlan] = {}
        self._prepare_images(sheets)
        by_title = {sheet.title: sheet for sheet in sheets}
        for title, resource_class in workbook.sheets.items():
            if title in by_title:
                resource = resource_class(self.records, images)
                self.resources[title] = resource
                self.rows[title] = self._plan(by_title[title], resource)
        self._check_together()

    def of(self, model: type[models.Model]) -> list[RowPlan]:
        """Give the plans of one model whose rows have a valid key."""
        return [
            plan
            for title, plans in self.rows.items()
            for plan in plans
            if self.workbook.models[title] is model and plan.instance is not None
        ]

    def counted(self, model: type[models.Model]) -> list[RowPlan]:
        """Give the plans that change something, as far as they will be written."""
        return [
            plan
            for plan in self.of(model)
            if (plan.is_new or plan.changes)
            and not (self.options.skip_refused and plan.errors)
        ]

    def batches(self) -> Iterator[tuple[SpreadsheetResource, list[RowPlan]]]:
        """Give what is written of each model, what it refers to before it.

        Rows that are parts of an object are written with that.
        """
        written: dict[str, list[RowPlan]] = defaultdict(list)
        for title, plans in self.rows.items():
            if isinstance(self.resources[title], ChildResource):
                title = self.workbook.title_of(self.workbook.models[title])
            written[title] += [p for p in plans if p.is_written and p.leader is None]
        for title in in_order_of_need(self.workbook):
            if title in written:
                resource = self.resources.get(title)
                if resource is None:
                    resource_class = self.workbook.sheets[title]
                    resource = resource_class(self.records, self.images)
                yield resource, written[title]

    def saves(self, plan: RowPlan) -> bool:
        """Say whether the object itself is changed, and not only a draft of it."""
        is_drafted = isinstance(plan.instance, DraftStateMixin)
        is_live = is_drafted and plan.instance.live and not plan.is_new
        return self.options.publishes or not is_live

    def _prepare_images(self, sheets: list[Sheet]) -> None:
        widget = ImageWidget()
        widget.find = lambda text, current: text
        texts = set()
        for sheet in sheets:
            fields = self.workbook.sheets[sheet.title].fields
            for name in sheet.columns:
                if not isinstance(fields[name].widget, ImageWidget):
                    continue
                for row in sheet.rows:
                    try:
                        texts.add(widget.clean(row.values.get(name)))
                    except ValueError:
                        # Said where the row is read.
                        continue
        self.images.prepare(texts - {None})

    def _plan(self, sheet: Sheet, resource: SpreadsheetResource) -> list[RowPlan]:
        start = sum(len(rows) for rows in self.rows.values())
        plans = [
            RowPlan(row.number, row.values, sheet.title, position, source=row)
            for position, row in enumerate(sheet.rows, start)
        ]
        for plan in plans:
            resource.set_key(plan)
        rules = RowRules(
            resource.row_model(),
            self.options,
            user=self.user,
            permissions=self.permissions,
            stamps=self.stamps,
        )
        if isinstance(resource, ChildResource):
            resource.plan_families(plans, self.of(resource.row_model()), rules)
        else:
            self._take(plans, resource, rules)
        self._done = start + len(plans)
        self.progress(Stage.CHECKING, self._done, self._total)
        return plans

    def _take(
        self, plans: list[RowPlan], resource: SpreadsheetResource, rules: RowRules
    ) -> None:
        _refuse_duplicates(plans)
        keyed = [plan for plan in plans if not plan.errors]
        for plan in sorted(keyed, key=resource.sort_key):
            resource.set_instance(plan)
            self._refuse_second_claim(plan)
        # Translations are held against what their originals will be.
        for plan in sorted(
            (plan for plan in keyed if not plan.errors),
            key=lambda plan: plan.is_translation,
        ):
            resource.take(plan)
            rules.check(plan)
            self._done += 1
            self.progress(Stage.CHECKING, self._done, self._total)

    def _check_together(self) -> None:
        """Refuse rows that don't go together.

        Where refused rows are left out, others may need them, or what they would
        have changed: then it is looked at again, until nothing more is refused.
        """
        count = -1
        while count != (count := self._count_refused()):
            for resource in self.resources.values():
                resource.check_together(self)
            if not self.options.skip_refused:
                return
            self._refuse_needing()

    def _refuse_needing(self) -> None:
        """Refuse rows that refer to what refused rows would have made."""
        plans = [plan for rows in self.rows.values() for plan in rows]
        needing: dict[int, list[tuple[RowPlan, str]]] = defaultdict(list)
        for plan in plans:
            for column, instance in plan.needs:
                needing[id(instance)].append((plan, column))
        refused = [
            plan
            for plan in plans
            if plan.errors and plan.is_new and id(plan.instance) not in self._said
        ]
        while refused:
            missing = refused.pop()
            self._said.add(id(missing.instance))
            for plan, column in needing.pop(id(missing.instance), ()):
                if plan.is_new and not plan.errors:
                    refused.append(plan)
                plan.refuse(
                    _("Row %(number)d of “%(sheet)s”, which this needs, is refused.")
                    % {"number": missing.number, "sheet": missing.sheet},
                    column,
                )

    def _count_refused(self) -> int:
        return sum(bool(plan.errors) for rows in self.rows.values() for plan in rows)

    def _refuse_second_claim(self, plan: RowPlan) -> None:
        """Refuse rows about one object: a translation may be named in two ways."""
        if plan.instance is not None and not plan.is_new:
            first = self._claimed.setdefault(id(plan.instance), plan)
            if first is not plan:
                _refuse_same([first, plan])


def _refuse_duplicates(plans: list[RowPlan]) -> None:
    """Refuse rows of one key; by case, because MySQL takes them for one too."""
    groups: dict[Any, list[RowPlan]] = defaultdict(list)
    for plan in plans:
        if plan.slug and None not in plan.key.values():
            groups[folded_key(key_parts(list(plan.key.values())))].append(plan)
    for group in groups.values():
        _refuse_same(group)


def _refuse_same(group: list[RowPlan]) -> None:
    for plan in group if len(group) > 1 else ():
        others = ", ".join(str(other.number) for other in _except(group, plan)[:5])
        message = (
            _("“%(slug)s” is also in row %(rows)s, in the same language.")
            if plan.locale
            else _("“%(slug)s” is also in row %(rows)s.")
        )
        plan.refuse(
            message % {"slug": shortened(plan.slug), "rows": others},
            next((column for column in plan.key if column != "locale"), ""),
        )


def _except(group: list[RowPlan], plan: RowPlan) -> list[RowPlan]:
    return [other for other in group if other is not plan]
