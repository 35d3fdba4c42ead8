"""What requests to API v3 may ask for."""

# Annotations are read when the routers are made, so they aren't postponed here.

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import translation
from ninja import Field, Schema
from pydantic import model_validator
from wagtail.api.rich_text import RichTextOutputFormat
from wagtail.api.v3.errors import as_validation_error

from wagtail_gamification.api import listing, notices
from wagtail_gamification.api.entries import PublicEntries


class TextParams(Schema):
    """In which language, with images of which size, in which format."""

    locale: str | None = None
    image_size: str | None = None
    rich_text_format: RichTextOutputFormat | None = None


class ListParams(TextParams):
    """Which definitions, in which order, from where on."""

    limit: int = Field(default=20, ge=1)
    offset: int = Field(default=0, ge=0, le=listing.LARGEST_NUMBER)
    order: list[str] = []
    search: str | None = None
    search_operator: Literal["and", "or"] | None = None
    id: int | None = Field(default=None, ge=0, le=listing.LARGEST_NUMBER)
    name: str | None = None
    slug: str | None = None


class PointsRequiredParams(ListParams):
    points_required: int | None = Field(default=None, ge=0, le=listing.LARGEST_NUMBER)


class UnlockableParams(PointsRequiredParams):
    price: int | None = Field(default=None, ge=0, le=listing.LARGEST_NUMBER)


class BadgeParams(ListParams):
    category: str | None = None
    points: int | None = Field(default=None, ge=0, le=listing.LARGEST_NUMBER)
    progression_target: int | None = Field(
        default=None, ge=0, le=listing.LARGEST_NUMBER
    )


class LeaderboardParams(ListParams):
    measure: str | None = None
    window: str | None = None


class PlacesParams(Schema):
    """Which page of a board, in which language."""

    locale: str | None = None
    limit: int | None = Field(default=None, ge=1)
    page: int = Field(default=1, ge=1, le=listing.LARGEST_NUMBER)


class FindParams(TextParams):
    id: int | None = Field(default=None, ge=0, le=listing.LARGEST_NUMBER)
    slug: str | None = None


class ShelfParams(TextParams):
    category: str | None = None
    show: Literal["all", "earned", "locked"] = "all"
    steps: bool = False


class NoticeParams(TextParams):
    limit: int = Field(default=20, ge=1)
    offset: int = Field(default=0, ge=0, le=listing.LARGEST_NUMBER)
    unread: bool = False


class ReadNotices(Schema):
    """Which notices the player has read: some, or all there are."""

    ids: list[Annotated[int, Field(ge=0, le=notices.LARGEST_KEY)]] = Field(
        default=[], max_length=notices.MOST_READ
    )
    all: bool = False

    @model_validator(mode="after")
    def says_which(self) -> "ReadNotices":
        if not (self.ids or self.all):
            raise ValueError("Send the ids of notices, or all.")
        return self


def refuse_unknown(request: HttpRequest, params: Schema) -> None:
    """Refuse parameters that nothing is done with."""
    for name in set(request.GET) - set(type(params).model_fields):
        error = listing.BadRequest(f"{name} is no parameter here")
        raise as_validation_error(error, loc=(name,)) from error


@contextmanager
def answering(request: HttpRequest, params: Any) -> Iterator[PublicEntries]:
    """Answer in the language that is asked for; what can't be is an error 422."""
    refuse_unknown(request, params)
    try:
        language = listing.language_of(params.locale)
        entries = PublicEntries(
            language=language,
            size=listing.size_of(getattr(params, "image_size", None)),
            request=request,
        )
        entries.keep()
        with translation.override(listing.interface_language(language)):
            yield entries
    except listing.BadRequest as error:
        raise as_validation_error(error) from error
