"""How entries are read from definitions: a handful of queries, however many."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import F, Prefetch, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.safestring import SafeString
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.images import get_image_model
from wagtail.images.models import Filter
from wagtail.models import Locale
from wagtail.rich_text import expand_db_html

from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)

from .entries import (
    BadgeCatalogue,
    BadgeEntry,
    ShelfCategory,
    ShelfImage,
    ShelfLevel,
    UnlockableEntry,
)

logger = logging.getLogger("wagtail_gamification")

# Never part of a text: HTML doesn't allow it.
_SEPARATOR = "\x1e"


def read_badges(locale: Locale, image_filter: Filter) -> BadgeCatalogue:
    """Read every badge that a player may have, in the editors' order.

    With those that aren't published: players keep what they earned.
    """
    definitions = BadgeDefinition.objects.in_locale(locale).annotate(
        next_id=Coalesce("next_badge__original_id", "next_badge_id")
    )
    category_of = read_categories(locale)
    badges = tuple(
        BadgeEntry(
            **shared,
            **badge_values(definition, category_of.get(definition.category_id)),
            next_id=definition.next_id,
        )
        for definition, shared in _with_shared_values(definitions, locale, image_filter)
    )
    # A category and its translations are one.
    categories = {item.definition_id: item for item in category_of.values()}
    return BadgeCatalogue(badges, tuple(categories.values()))


def read_unlockables(
    locale: Locale, image_filter: Filter
) -> tuple[UnlockableEntry, ...]:
    """Read every unlockable that a player may have, in the editors' order."""
    definitions = UnlockableDefinition.objects.in_locale(locale)
    return tuple(
        UnlockableEntry(
            **shared,
            points_required=definition.points_required,
            price=definition.price,
        )
        for definition, shared in _with_shared_values(definitions, locale, image_filter)
    )


def read_levels(locale: Locale, image_filter: Filter) -> tuple[ShelfLevel, ...]:
    """Read the published levels, lowest first."""
    definitions = Level.objects.in_locale(locale).live().order_by("points_required")
    return tuple(
        ShelfLevel(**shared, points_required=definition.points_required)
        for definition, shared in _with_shared_values(definitions, locale, image_filter)
    )


def read_categories(locale: Locale) -> dict[int, ShelfCategory]:
    """Read all categories, by their own primary keys: a translation by its own."""
    everything = list(Category.objects.select_related("locale").order_by())
    originals = {item.pk: item for item in everything if not item.original_id}
    texts = {item.state_id: item for item in everything if item.locale_id == locale.pk}
    found = {}
    for item in everything:
        original = originals[item.state_id]
        text = texts.get(original.pk, original)
        found[item.pk] = ShelfCategory(
            original.pk,
            original.slug,
            text.name,
            text.description,
            is_default=original.locale.language_code == default_language(),
            language=text.locale.language_code,
        )
    return found


def badge_values(
    definition: BadgeDefinition, category: ShelfCategory | None
) -> dict[str, Any]:
    """Give what a badge's entry takes from the original, apart from its texts."""
    return {
        "category": category,
        "points": definition.points,
        "target": definition.progression_target,
        "is_secret": definition.is_secret,
        "award_limit": definition.award_limit,
    }


def filter_for(size: str) -> Filter:
    """Give the filter that renders images for ``size``.

    :raises ValueError: where ``WAGTAIL_GAMIFICATION_IMAGE_SIZES`` has no such size
    """
    sizes = app_settings.IMAGE_SIZES
    if size not in sizes:
        raise ValueError(f"There is no size “{size}”. Choose from: {', '.join(sizes)}.")
    pixels = 2 * sizes[size]
    return Filter(spec=f"max-{pixels}x{pixels}")


def picture(image: Any, image_filter: Filter) -> ShelfImage | None:
    """Give the rendition of ``image``, or None where there is none to be had.

    A file that is gone or broken costs its badge the picture, not the visitor the
    page.
    """
    if image is None:
        return None
    try:
        try:
            rendition = image.find_existing_rendition(image_filter)
        except image.get_rendition_model().DoesNotExist:
            rendition = image.get_rendition(image_filter)
        return ShelfImage(
            rendition.url, rendition.width, rendition.height, image.default_alt_text
        )
    except Exception:
        # Storages, Pillow and Willow's plugins each raise their own.
        logger.warning("Image %s can't be shown.", image.pk, exc_info=True)
        return None


def expand(sources: Sequence[str]) -> list[SafeString]:
    """Expand the links and embeds of several rich texts.

    Together, because Wagtail then looks up all linked pages in one query.
    """
    clean = [source.replace(_SEPARATOR, "") for source in sources]
    expanded = expand_db_html(_SEPARATOR.join(clean)).split(_SEPARATOR)
    if len(expanded) != len(clean):
        # A tag that was left open swallowed what separates it from the next text.
        expanded = [expand_db_html(source) for source in clean]
    return [SafeString(html) for html in expanded]


def default_language() -> str:
    """Give the content language that the site has by default."""
    return get_supported_content_language_variant(settings.LANGUAGE_CODE)


def _with_shared_values(
    definitions: Any, locale: Locale, image_filter: Filter
) -> list[tuple[Any, dict[str, Any]]]:
    """Pair each definition with the values that all kinds of entries have."""
    definitions = list(
        definitions.select_related("image").annotate(
            language=F("locale__language_code")
        )
    )
    images = [item.texts.image or item.image for item in definitions]
    _prefetch_renditions(images, image_filter)
    # Links to pages lead to their translations into the active language.
    with translation.override(locale.language_code):
        descriptions = expand([item.texts.description for item in definitions])
    return [
        (
            item,
            {
                "definition_id": item.pk,
                "slug": item.slug,
                "name": item.texts.name,
                "description": description,
                "language": (
                    item.language if item.texts is item else locale.language_code
                ),
                "image": picture(image, image_filter),
                "is_live": item.live,
                "is_default": item.language == default_language(),
            },
        )
        for item, image, description in zip(
            definitions, images, descriptions, strict=True
        )
    ]


def _prefetch_renditions(images: Iterable[Any], image_filter: Filter) -> None:
    """Read the renditions that exist already, all in one query."""
    renditions = get_image_model().get_rendition_model().objects
    prefetch_related_objects(
        [image for image in images if image is not None],
        Prefetch(
            "renditions",
            queryset=renditions.filter(filter_spec=image_filter.spec),
            to_attr="prefetched_renditions",
        ),
    )
