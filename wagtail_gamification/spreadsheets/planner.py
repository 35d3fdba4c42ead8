"""From sheets to plans: what each row would do, and why it can't.

Every definition that the rows make exists, in memory, before any row refers to
it; so a badge may name one that stands further down. What has to hold among all
rows is checked last, against the state that they lead to together.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Locale

from wagtail_gamification.models import BadgeDefinition, Level

from .definitions import Definitions
from .errors import did_you_mean, shortened
from .images import ImageLibrary
from .loader import Sheet
from .resources import RESOURCES, DefinitionResource
from .rows import KEY, RowPlan
from .widgets import ImageWidget


class CataloguePlan:
    """The plans of all rows, by the title of their sheet.

    Making it writes nothing and saves nothing, so that it may be made to show
    somebody what would happen.

    :param publishes: whether what is new or changed goes live, or is drafted
    :param lock: keep editors from changing what is planned upon, until the
        transaction ends
    """

    def __init__(
        self,
        sheets: list[Sheet],
        images: ImageLibrary,
        *,
        publishes: bool,
        lock: bool = False,
    ) -> None:
        self.images = images
        self.publishes = publishes
        self.locales = list(Locale.objects.all())
        self.default_locale = _default_locale(self.locales)
        self.definitions = read_definitions(self.locales, lock=lock)
        self.rows: dict[str, list[RowPlan]] = {}
        self._claimed: dict[int, RowPlan] = {}
        self._prepare_images(sheets)
        by_title = {sheet.title: sheet for sheet in sheets}
        for title, resource_class in RESOURCES.items():
            if title in by_title:
                resource = resource_class(self.definitions, images)
                self.rows[title] = self._plan(by_title[title], resource)
        self._refuse_loops()
        self._refuse_equal_levels()

    def of(self, model: type[models.Model]) -> list[RowPlan]:
        """Give the plans of one model whose rows have a valid key."""
        return [
            plan
            for title, plans in self.rows.items()
            for plan in plans
            if RESOURCES[title]._meta.model is model and plan.instance is not None
        ]

    def _prepare_images(self, sheets: list[Sheet]) -> None:
        widget = ImageWidget()
        widget.find = lambda text, current: text
        texts = set()
        for sheet in sheets:
            for row in sheet.rows:
                try:
                    texts.add(widget.clean(row.values.get("image")))
                except ValueError:
                    # Said where the row is read.
                    continue
        self.images.prepare(texts - {None})

    def _plan(self, sheet: Sheet, resource: DefinitionResource) -> list[RowPlan]:
        plans = [RowPlan(row.number, row.values) for row in sheet.rows]
        for plan in plans:
            self._set_key(plan, resource)
        self._refuse_duplicates(plans)
        keyed = [plan for plan in plans if not plan.errors]
        # An original and its translation may both be new: in the site's default
        # language it is the original, else the one that stands first.
        keyed.sort(key=lambda plan: plan.locale != self.default_locale)
        for plan in keyed:
            self._set_instance(plan, resource)
        keyed = [plan for plan in keyed if not plan.errors]
        # Translations are held against what their originals will be.
        for plan in sorted(keyed, key=lambda plan: plan.is_translation):
            resource.take(plan)
        return plans

    def _set_key(self, plan: RowPlan, resource: DefinitionResource) -> None:
        for column in KEY:
            try:
                widget = resource.fields["slug"].widget
                text = widget.clean(plan.values.get(column))
                if column == "locale":
                    plan.locale = self._locale(text)
                else:
                    plan.slug = text or self._slug(plan, resource)
            except ValueError as error:
                plan.refuse(str(error), column)

    def _slug(self, plan: RowPlan, resource: DefinitionResource) -> str:
        """Make the slug that a row leaves out; the same one from the same name."""
        try:
            name = resource.fields["name"].widget.clean(plan.values.get("name"))
        except ValueError as error:
            plan.refuse(str(error), "name")
            return ""
        field = resource._meta.model._meta.get_field("slug")
        slug = slugify(name, allow_unicode=True)[: field.max_length].strip("-")
        if not slug:
            raise ValueError(_("Give a name or a slug: this row has no key."))
        return slug

    def _locale(self, code: str) -> Locale:
        if not code:
            return self.default_locale
        for locale in self.locales:
            if locale.language_code.casefold() == code.casefold():
                return locale
        codes = [locale.language_code for locale in self.locales]
        raise ValueError(
            _("The site has no locale “%(code)s”.%(hint)s")
            % {
                "code": shortened(code, 30),
                "hint": did_you_mean(code, codes)
                or " " + _("It has: %(known)s.") % {"known": ", ".join(codes)},
            }
        )

    def _refuse_duplicates(self, plans: list[RowPlan]) -> None:
        """Refuse rows of one key; by case, because MySQL takes them for one too."""
        groups: dict[Any, list[RowPlan]] = defaultdict(list)
        for plan in plans:
            if plan.slug and plan.locale:
                groups[plan.slug.casefold(), plan.locale.pk].append(plan)
        for group in groups.values():
            _refuse_same(group)

    def _set_instance(self, plan: RowPlan, resource: DefinitionResource) -> None:
        own = resource.own
        assert plan.locale is not None  # noqa: S101 (a plan without errors has one)
        plan.instance = own.find(plan.slug, plan.locale)
        if plan.instance is not None:
            plan.object_id = plan.instance.pk
            # A translation may be named by its own slug and by its original's.
            first = self._claimed.setdefault(id(plan.instance), plan)
            if first is not plan:
                _refuse_same([first, plan])
            return
        near = own.nearly(plan.slug, plan.locale)
        if near is not None:
            plan.refuse(
                _("There is no “%(slug)s”, but “%(near)s”. Write it the same way.")
                % {"slug": plan.slug, "near": near.slug},
                "slug",
            )
            return
        plan.is_new = True
        original = own.original(plan.slug)
        plan.instance = _new(resource, plan, original)
        own.add(plan.instance)

    def _refuse_loops(self) -> None:
        """Refuse rows that close a circle, following all rows at once."""
        plans = [p for p in self.of(BadgeDefinition) if not p.is_translation]
        changed = {id(p.instance): p for p in plans if "next_badge" in p.changes}
        own = self.definitions[BadgeDefinition]
        by_pk = {badge.pk: badge for badge in own.all if badge.pk}

        def following(badge: Any) -> Any:
            if id(badge) in changed:
                return badge.next_badge and badge.next_badge.source
            badge = by_pk.get(own.stored_value(badge, "next_badge_id"))
            return badge and badge.source

        for plan in changed.values():
            path = [plan.instance]
            while (badge := following(path[-1])) is not None:
                is_seen = any(badge is other for other in path)
                path.append(badge)
                if is_seen:
                    break
            if len(path) > 1 and path[-1] is plan.instance:
                plan.refuse(
                    _("This would make a loop: %(path)s.")
                    % {"path": " → ".join(badge.name for badge in path)},
                    "next_badge",
                )

    def _refuse_equal_levels(self) -> None:
        """Refuse levels that would begin with the same points as another."""
        own = self.definitions[Level]
        plans = [p for p in self.of(Level) if not p.is_translation and not p.errors]
        planned = {id(plan.instance): plan for plan in plans}
        taken: dict[int, Any] = {}
        for level in own.all:
            stored = own.stored_value(level, "points_required")
            plan = planned.get(id(level))
            stays = plan is None or not plan.changes or not self.publishes
            if level.original is None and stored is not None and stays:
                taken.setdefault(stored, level)
        for plan in plans:
            if "points_required" not in plan.changes:
                continue
            points = plan.instance.points_required
            twin = taken.setdefault(points, plan.instance)
            if twin is not plan.instance:
                plan.refuse(
                    _("The level “%(name)s” begins with %(points)d points too.")
                    % {"name": twin.name, "points": points},
                    "points_required",
                )


def read_definitions(
    locales: list[Locale], *, lock: bool = False
) -> dict[type[models.Model], Definitions]:
    """Read the site's whole catalogue, one query for each model."""
    found: dict[type[models.Model], Definitions] = {}
    for resource in RESOURCES.values():
        model = resource._meta.model
        found[model] = Definitions(
            model, resource._meta.fields, locales, others=found, lock=lock
        )
    return found


def _default_locale(locales: list[Locale]) -> Locale:
    found = [locale for locale in locales if locale.is_default]
    return found[0] if found else Locale.get_default()


def _new(resource: DefinitionResource, plan: RowPlan, original: Any) -> Any:
    """Make the definition of a new row, a translation where it has an original."""
    instance = resource._meta.model(slug=plan.slug, locale=plan.locale)
    instance.original = original
    try:
        # Rows above may refer to it by its name.
        name = resource.fields["name"].widget.clean(plan.values.get("name"))
    except ValueError:
        name = ""
    instance.name = name or instance.name
    return instance


def _refuse_same(group: list[RowPlan]) -> None:
    for plan in group if len(group) > 1 else ():
        others = ", ".join(str(other.number) for other in _except(group, plan)[:5])
        plan.refuse(
            _("“%(slug)s” is also in row %(rows)s, in the same language.")
            % {"slug": shortened(plan.slug), "rows": others},
            "slug",
        )


def _except(group: list[RowPlan], plan: RowPlan) -> list[RowPlan]:
    return [other for other in group if other is not plan]
