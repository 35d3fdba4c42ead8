"""Which boards there are, kept ready: what they compare, and their texts."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from django.utils import translation
from django.utils.safestring import SafeString
from wagtail.models import Locale

from wagtail_gamification import catalogue
from wagtail_gamification.catalogue.reading import default_language, expand
from wagtail_gamification.conf import app_settings
from wagtail_gamification.exceptions import UnknownDefinition
from wagtail_gamification.models import leaderboards as models
from wagtail_gamification.score_index import (
    Series,
    all_series,
    series_key,
    version_of_boards,
)

# Smaller boards are counted as they are.
LARGE = 5000


@dataclass(frozen=True)
class Board:
    """A published board, with its texts in one language."""

    definition_id: int
    slug: str
    name: str
    description: SafeString
    language: str
    is_default: bool
    measure: str
    window: str
    audience: str
    group: int | None
    team: int | None
    size: int
    series: Series | None
    """None where the series isn't kept yet."""

    is_large: bool = False
    """Whether so many have a score that ranks are counted from markers."""


_read: dict[tuple[str, str], tuple[float, tuple[Board, ...]]] = {}


def find_board(slug: str | int, language: str | None = None) -> Board:
    """Give the published board that ``slug`` names; a number is the board's key.

    :raises UnknownDefinition: with the slugs that exist
    """
    boards = published_boards(language)
    if isinstance(slug, int):
        meant = [board for board in boards if board.definition_id == slug]
    else:
        meant = [board for board in boards if board.slug == slug]
    if not meant:
        raise UnknownDefinition(
            models.Leaderboard._meta.verbose_name_raw,
            str(slug),
            [board.slug for board in boards],
        )
    return min(meant, key=lambda board: (not board.is_default, board.definition_id))


def is_published(key: int) -> bool:
    """Whether a board is published, by its key."""
    return any(board.definition_id == key for board in published_boards())


def published_boards(language: str | None = None) -> tuple[Board, ...]:
    """Give all published boards, in the editors' order."""
    language = language or catalogue.active_language()
    version = version_of_boards().current()
    if version is None:
        # This transaction has changed one, and nobody else may see that yet.
        return _read_boards(language)
    read_at, boards = _read.get((version, language), (0.0, None))
    # A process that has a cache for itself hears of no change; nor is one told of.
    lasts = min(app_settings.CACHE_TIMEOUT, 60)
    if boards is None or monotonic() - read_at > lasts:
        boards = _read_boards(language)
        for key in [key for key in _read if key[0] != version]:
            del _read[key]
        _read[version, language] = (monotonic(), boards)
    return boards


def _read_boards(language: str) -> tuple[Board, ...]:
    locale = Locale.objects.filter(language_code=language).first()
    locale = locale or Locale.get_default()
    definitions = models.Leaderboard.objects.in_locale(locale).live()
    found = list(definitions.select_related("locale"))
    with translation.override(locale.language_code):
        descriptions = expand([item.texts.description for item in found])
    kept = {
        (each.measure, each.event, each.window, each.first_day, each.last_day): each
        for each in all_series()
    }
    large = {series.pk for series in kept.values() if _is_large(series)}
    return tuple(
        Board(
            definition_id=item.pk,
            slug=item.slug,
            name=item.texts.name,
            description=description,
            language=(
                item.locale.language_code
                if item.texts is item
                else locale.language_code
            ),
            is_default=item.locale.language_code == default_language(),
            measure=item.measure,
            window=item.window,
            audience=item.audience,
            group=item.group_id,
            team=item.team_id,
            size=item.size,
            series=(series := kept.get(series_key(item))),
            is_large=series is not None and series.pk in large,
        )
        for item, description in zip(found, descriptions, strict=True)
    )


def _is_large(series: Series) -> bool:
    """Whether more than so many have a score: the index knows, and stops there."""
    rows = models.Score.objects.filter(
        series=series.pk, first_day=series.current_span().first_day
    )
    return bool(rows.order_by().values_list("pk")[LARGE : LARGE + 1])
