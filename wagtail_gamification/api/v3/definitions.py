"""Endpoints for what editors define."""

# Ninja reads annotations when the routers are made, so they aren't postponed here,
# and defaults tell it where a parameter comes from.
# ruff: noqa: B008

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from ninja import Query, Router, Schema
from wagtail.api.v2.utils import get_full_url
from wagtail.api.v3.auth import AllowAnonymous
from wagtail.api.v3.pagination import WagtailLimitOffsetPagination

from wagtail_gamification.api import listing
from wagtail_gamification.api.entries import PublicEntries
from wagtail_gamification.api.values import VALUES, filters_of, read
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Leaderboard,
    Level,
    UnlockableDefinition,
)

from .params import (
    BadgeParams,
    FindParams,
    LeaderboardParams,
    ListParams,
    PointsRequiredParams,
    TextParams,
    UnlockableParams,
    answering,
)
from .schemas import (
    BadgeSchema,
    CategorySchema,
    LeaderboardSchema,
    LevelSchema,
    ListSchema,
    UnlockableSchema,
)


@dataclass(frozen=True)
class Kind:
    """A kind of definition: what is asked of it, and what is answered."""

    model: type[Model]
    schema: type[Schema]
    params: type[ListParams]
    audiences: tuple[str, ...] = listing.AUDIENCES

    def public(self) -> QuerySet:
        """Give those that everybody may know of."""
        return listing.public(self.model, self.audiences)


KINDS = {
    "badges": Kind(BadgeDefinition, BadgeSchema, BadgeParams),
    "unlockables": Kind(UnlockableDefinition, UnlockableSchema, UnlockableParams),
    "leaderboards": Kind(Leaderboard, LeaderboardSchema, LeaderboardParams),
    "levels": Kind(Level, LevelSchema, PointsRequiredParams),
    "categories": Kind(Category, CategorySchema, ListParams),
}


def definitions_router(name: str, kind: Kind) -> Router:
    """Make the endpoints for one kind of definition. Who asks makes no difference."""
    router = Router(tags=["gamification"], auth=AllowAnonymous())
    label = kind.model._meta.verbose_name_plural

    @router.get(
        "/",
        response=ListSchema[kind.schema],  # type: ignore[name-defined]
        url_name=f"list_{name}",
        summary=f"List {label}",
        operation_id=f"{name}_list",
    )
    def list_definitions(
        request: HttpRequest,
        params: kind.params = Query(...),  # type: ignore[name-defined]
    ) -> dict[str, Any]:
        with answering(request, params) as entries:
            found = _filtered(kind, params, entries)
            page = WagtailLimitOffsetPagination().paginate_queryset(
                found, params, request
            )
            items = [_item(request, name, entries, item) for item in page["items"]]
        return {"count": page["count"], "items": items}

    @router.get(
        "/find/",
        response=kind.schema,
        url_name=f"find_{name}",
        summary=f"Find one of the {label}",
        operation_id=f"{name}_find",
    )
    def find_definition(request: HttpRequest, params: FindParams = Query(...)) -> Any:
        with answering(request, params):
            found = listing.find(kind.public(), key=params.id, slug=params.slug)
        if found is None:
            raise Http404("not found")
        query = request.GET.copy()
        for key in ("id", "slug"):
            query.pop(key, None)
        return redirect(f"{_path(request, name, found.pk)}?{query.urlencode()}")

    @router.get(
        "/{definition_id}/",
        response=kind.schema,
        url_name=f"detail_{name}",
        summary=f"One of the {label}",
        operation_id=f"{name}_detail",
    )
    def get_definition(
        request: HttpRequest, definition_id: int, params: TextParams = Query(...)
    ) -> dict[str, Any]:
        with answering(request, params) as entries:
            found = get_object_or_404(kind.public(), pk=definition_id)
            return _item(request, name, entries, found)

    return router


def _filtered(kind: Kind, params: ListParams, entries: PublicEntries) -> QuerySet:
    found = kind.public()
    for column in filters_of(kind.model):
        value = getattr(params, column)
        if isinstance(value, str):
            listing.check_text(column, value)
        if value is not None:
            found = found.filter(**{column: value})
    if isinstance(params, BadgeParams) and params.category is not None:
        found = listing.in_category(found, params.category)
    if params.order:
        found = found.order_by(*_ordering(kind.model, params), "pk")
    if params.search is not None:
        found = listing.searched(
            found,
            params.search,
            entries.language,
            operator=params.search_operator,
            by_relevance=not params.order,
        )
    return found


def _ordering(model: type[Model], params: ListParams) -> list[str]:
    if params.order == ["random"]:
        if params.offset:
            raise listing.BadRequest("random ordering with offset is not supported")
        return ["?"]
    for column in params.order:
        if column.removeprefix("-") not in filters_of(model):
            raise listing.BadRequest(f"cannot order by '{column}' (unknown field)")
    return params.order


def _item(
    request: HttpRequest, name: str, entries: PublicEntries, definition: Any
) -> dict[str, Any]:
    model = type(definition)
    meta = {
        "type": model._meta.label,
        "detail_url": get_full_url(request, _path(request, name, definition.pk)),
        "locale": getattr(entries.entry(definition), "language", None),
    }
    values = {field: read(entries, definition, field) for field in VALUES[model]}
    return {"id": definition.pk, "meta": meta, **values}


def _path(request: HttpRequest, name: str, pk: int) -> str:
    namespace = getattr(request.resolver_match, "namespace", "")
    return reverse(f"{namespace}:detail_{name}", kwargs={"definition_id": pk})
