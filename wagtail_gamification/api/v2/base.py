"""What the endpoints for API v2 have in common."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import translation
from rest_framework.filters import BaseFilterBackend
from rest_framework.response import Response
from wagtail.api import APIField
from wagtail.api.v2.filters import FieldsFilter, OrderingFilter
from wagtail.api.v2.pagination import WagtailPagination
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import BaseAPIViewSet

from wagtail_gamification.api import listing
from wagtail_gamification.api.entries import PublicEntries
from wagtail_gamification.api.fields import LanguageField
from wagtail_gamification.api.values import filters_of

# Fields of fields: nothing here has more than one level of them.
DEEPEST_FIELDS = 5


class Pagination(WagtailPagination):
    """As everywhere in API v2, for numbers that databases know."""

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        for name in ("offset", "limit"):
            if name in request.GET:
                listing.number(name, request.GET[name])
        return super().paginate_queryset(queryset, request, view)


class SearchFilter(BaseFilterBackend):
    """Implement ``?search=`` for what has its texts in several languages."""

    def filter_queryset(self, request: Any, queryset: QuerySet, view: Any) -> QuerySet:
        if "search" not in request.GET:
            return queryset
        return listing.searched(
            queryset,
            request.GET["search"],
            view.entries.language,
            operator=request.GET.get("search_operator"),
            by_relevance="order" not in request.GET,
        )


class GamificationAPIViewSet(BaseAPIViewSet):
    """Errors and the language of a response."""

    pagination_class = Pagination
    known_query_parameters = BaseAPIViewSet.known_query_parameters | {
        "image_size",
        "locale",
    }
    entries: PublicEntries

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.resolve_texts(request)

    def resolve_texts(self, request: Any) -> None:
        """Find out in which language, size and format this is to be answered."""
        language = listing.language_of(request.GET.get("locale"))
        translation.activate(listing.interface_language(language))
        try:
            self.entries = PublicEntries(
                language=language,
                size=listing.size_of(request.GET.get("image_size")),
                request=request,
            )
        except ValueError as error:
            raise BadRequestError(str(error)) from error
        self.entries.keep()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        # The response is rendered in here, too, and the thread's language stays.
        with translation.override(translation.get_language()):
            response = super().dispatch(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        return response

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, listing.BadRequest):
            exc = BadRequestError(str(exc))
        return super().handle_exception(exc)


class DefinitionsAPIViewSet(GamificationAPIViewSet):
    """The definitions of one kind, for everybody: the published originals.

    Their texts are in the language that ``?locale=`` names, or else in the visitor's.
    A site's own endpoint for them is a subclass.
    """

    filter_backends = [FieldsFilter, OrderingFilter, SearchFilter]
    find_query_parameters = frozenset(["id", "slug"])
    meta_fields = [
        *BaseAPIViewSet.meta_fields,
        APIField("locale", serializer=LanguageField()),
    ]
    listing_default_fields = [
        *BaseAPIViewSet.listing_default_fields,
        "locale",
        "name",
        "slug",
        "image",
    ]
    nested_default_fields = [*BaseAPIViewSet.nested_default_fields, "name", "slug"]

    def get_queryset(self) -> QuerySet:
        return listing.public(self.model)

    @classmethod
    def get_available_fields(
        cls, model: type, db_fields_only: bool = False
    ) -> list[str]:
        """Give the fields; of the columns, only those that tell nothing else.

        The order of badges by the one that comes next would tell of secret ones.
        """
        if db_fields_only:
            return filters_of(model)
        return super().get_available_fields(model)

    def get_serializer_class(self) -> Any:
        if self.request.GET.get("fields", "").count("(") > DEEPEST_FIELDS:
            raise BadRequestError("fields error: too many fields of fields")
        return super().get_serializer_class()

    def find_object(self, queryset: QuerySet, request: Any) -> Any:
        key = request.GET.get("id")
        return listing.find(
            queryset,
            key=None if key is None else listing.number("id", key),
            slug=request.GET.get("slug"),
        )
