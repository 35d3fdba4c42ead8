"""Which definitions a list has, for both versions of the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import Http404
from django.utils import translation
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale
from wagtail.search.backends import get_search_backend

from wagtail_gamification import catalogue
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import BadgeDefinition, Category, Leaderboard, Level

from .entries import DEFAULT_SIZE

# Far more than anybody reads; each is a parameter of the next query.
MOST_FOUND = 500
# Who is a member of a group or a team is not for everybody, who is on the site is.
AUDIENCES = ("everybody",)
LARGEST_NUMBER = 2**31 - 1
LONGEST_SEARCH = 200


class BadRequest(ValueError):
    """A parameter that isn't one, in words for whoever wrote the request."""


def public(model: Any, audiences: Iterable[str] = AUDIENCES) -> QuerySet:
    """Give the definitions that everybody may know of, in the editors' order.

    ``audiences`` say of whom leaderboards are that are given.
    """
    found = model.objects.originals()
    if model is not Category:
        found = found.live()
    if model is BadgeDefinition:
        found = found.filter(is_secret=False)
    if model is Leaderboard:
        found = found.filter(audience__in=audiences)
    first = "points_required" if model is Level else "sort_order"
    return found.order_by(first, "name", "pk")


def in_category(badges: QuerySet, wanted: str) -> QuerySet:
    """Leave the badges of one category, named by its key or its slug."""
    check_text("category", wanted)
    named = Q(slug=wanted, original=None)
    if wanted.isascii() and wanted.isdigit():
        named = Q(pk=number("category", wanted), original=None)
    meant = Category.objects.filter(named).values("pk")
    return badges.filter(Q(category__in=meant) | Q(category__original__in=meant))


def searched(
    found: QuerySet,
    text: str,
    language: str,
    *,
    operator: str | None = None,
    by_relevance: bool = True,
) -> QuerySet:
    """Leave those whose texts have ``text`` in them: the original's or the language's.

    :raises BadRequest: where the site has no search, or this can't be searched for
    """
    if not getattr(settings, "WAGTAILAPI_SEARCH_ENABLED", True):
        raise BadRequest("search is disabled")
    check_text("search", text, longest=LONGEST_SEARCH)
    if operator not in (None, "and", "or"):
        raise BadRequest("search_operator must be “and” or “or”")
    everything = found.model.objects.filter(
        Q(locale_id__in=Locale.objects.filter(language_code=language).values("pk"))
        | Q(original_id__isnull=True)
    )
    if found.model is not Category:
        everything = everything.live()
    # Quotation marks mean nothing here, and SQLite's index can't read a single one.
    words = text.replace('"', " ").strip()
    if not words:
        return found.none()
    results = get_search_backend().search(words, everything, operator=operator)
    keys = list(dict.fromkeys(item.state_id for item in results[:MOST_FOUND]))
    found = found.filter(pk__in=keys)
    if not (keys and by_relevance):
        return found
    places = [When(pk=key, then=Value(place)) for place, key in enumerate(keys)]
    return found.order_by(Case(*places, output_field=IntegerField()), "pk")


def find(found: QuerySet, *, key: int | None, slug: str | None) -> Any:
    """Give one by its key or its slug, None where there is none.

    Originals in several languages may share a slug: then the one in the site's
    default language is meant, as in ``by_slug()``.
    """
    if key is not None:
        return found.filter(pk=key).first()
    if slug is None:
        return None
    check_text("slug", slug)
    return min(
        found.filter(slug=slug).select_related("locale")[:20],
        key=lambda item: (not item.locale.is_default, item.pk),
        default=None,
    )


def language_of(code: str | None) -> str:
    """Give the language that texts are wanted in: the visitor's without ``code``.

    :raises Http404: where the site has no content in that language
    """
    if code is None:
        return catalogue.active_language()
    if "\x00" in code or not Locale.objects.filter(language_code=code).exists():
        raise Http404("There is no such locale.")
    return code


def interface_language(language: str) -> str:
    """Give what gettext speaks while texts in ``language`` are shown."""
    active = translation.get_language()
    try:
        if active and get_supported_content_language_variant(active) == language:
            return active
    except LookupError:
        pass
    return language


def size_of(name: str | None) -> str:
    """Give the size of images.

    :raises BadRequest: where ``WAGTAIL_GAMIFICATION_IMAGE_SIZES`` has no such size
    """
    if name is None:
        return DEFAULT_SIZE
    if name not in app_settings.IMAGE_SIZES:
        sizes = ", ".join(app_settings.IMAGE_SIZES)
        raise BadRequest(f"image_size must be one of: {sizes}")
    return name


def number(name: str, value: str | None, *, lowest: int = 0) -> int:
    """Give a whole number that every database can compare.

    :raises BadRequest: where it isn't one
    """
    digits = value or ""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        raise BadRequest(f"{name} must be a whole number")
    found = int(digits)
    if not lowest <= found <= LARGEST_NUMBER:
        raise BadRequest(f"{name} must be from {lowest} to {LARGEST_NUMBER}")
    return found


def check_text(name: str, value: str, *, longest: int = 255) -> None:
    """Refuse what no database can look for.

    :raises BadRequest: with what is wrong
    """
    if "\x00" in value:
        raise BadRequest(f"null characters are not allowed for {name}")
    if len(value) > longest:
        raise BadRequest(f"{name} must have at most {longest} characters")
