"""System checks: a wrong setting is said at start-up, not on a visitor's page."""

from __future__ import annotations

from os import PathLike
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, connections, router
from django.db.models import Model
from PIL import ImageColor, ImageFont

from .conf import BUILT_IN_EVENTS, app_settings

# What the tags and the previews use where a template names no size.
DEFAULT_SIZES = {"medium", "large"}


@checks.register("wagtail_gamification")
def check_settings(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E001: each setting has the type that its default has."""
    errors: list[checks.CheckMessage] = []
    for name, setting in app_settings.all().items():
        value = setting.__get__(None)
        # bool is an int in Python, yet never meant where a number is asked for.
        is_wrong_bool = isinstance(value, bool) and setting.types is not bool
        if is_wrong_bool or not isinstance(value, setting.types):
            errors.append(
                checks.Error(
                    f"{name} is {value!r}, which is not of the right type.",
                    hint=f"Its default is {setting.default!r}. {setting.__doc__}",
                    id="wagtail_gamification.E001",
                )
            )
    return errors


@checks.register("wagtail_gamification")
def check_cache_alias(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E003: the cache for the shelves is one of the site's caches."""
    alias = app_settings.CACHE_ALIAS
    if not isinstance(alias, str) or alias in settings.CACHES:
        return []
    return [
        checks.Error(
            f"WAGTAIL_GAMIFICATION_CACHE_ALIAS is {alias!r}, which is not in CACHES.",
            hint=f"Choose one of: {', '.join(sorted(settings.CACHES))}.",
            id="wagtail_gamification.E003",
        )
    ]


@checks.register("wagtail_gamification")
def check_image_sizes(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E004: each size is a number of pixels, and the tags' default is among them."""
    sizes = app_settings.IMAGE_SIZES
    if not isinstance(sizes, dict):
        return []
    are_numbers = all(type(size) is int and size > 0 for size in sizes.values())
    if are_numbers and set(sizes) >= DEFAULT_SIZES:
        return []
    return [
        checks.Error(
            f"WAGTAIL_GAMIFICATION_IMAGE_SIZES is {sizes!r}.",
            hint="It needs a whole number of pixels above zero for each name, and "
            f"these names: {', '.join(sorted(DEFAULT_SIZES))}.",
            id="wagtail_gamification.E004",
        )
    ]


@checks.register("wagtail_gamification")
def check_user_interface_field(
    app_configs: Any, **kwargs: Any
) -> list[checks.CheckMessage]:
    """E002: the user model's foreign key exists and leads to an interface."""
    from .models import GamificationInterface

    name = app_settings.USER_INTERFACE_FIELD
    if not name:
        return []
    user_model = get_user_model()
    try:
        field = user_model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if (
        field is not None
        and field.related_model is GamificationInterface
        and getattr(field, "null", False)
    ):
        return []
    return [
        checks.Error(
            f"WAGTAIL_GAMIFICATION_USER_INTERFACE_FIELD is {name!r}, but "
            f"{user_model._meta.label} has no foreign key of that name to "
            "GamificationInterface that may be empty.",
            hint=f"Add {name} = models.ForeignKey("
            '"wagtail_gamification.GamificationInterface", null=True, blank=True, '
            "on_delete=models.SET_NULL) to the user model, or leave the setting out.",
            obj=user_model,
            id="wagtail_gamification.E002",
        )
    ]


@checks.register("wagtail_gamification")
def check_events(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E005: only built-in events are switched on or off by the setting."""
    events = app_settings.EVENTS
    if not isinstance(events, (list, tuple, set, frozenset)):
        return []
    unknown = sorted(str(code) for code in events if code not in BUILT_IN_EVENTS)
    if not unknown:
        return []
    return [
        checks.Error(
            f"WAGTAIL_GAMIFICATION_EVENTS names {', '.join(unknown)}.",
            hint="It lists the built-in events that are recorded, of: "
            f"{', '.join(BUILT_IN_EVENTS)}. A site's own events always are.",
            id="wagtail_gamification.E005",
        )
    ]


@checks.register("wagtail_gamification")
def check_share_font(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E010: the fonts of the pictures of shared awards can be read."""
    fonts = app_settings.SHARE_FONT
    if not isinstance(fonts, (list, tuple)):
        fonts = [fonts] if fonts and isinstance(fonts, (str, PathLike)) else []
    wrong = [str(font) for font in fonts if not _is_font(font)]
    if not wrong and len(fonts) <= 2:
        return []
    listed = ", ".join(wrong or map(str, fonts))
    return [
        checks.Error(
            f"WAGTAIL_GAMIFICATION_SHARE_FONT names {listed}.",
            hint="Name one TrueType or OpenType file that Pillow can open, or two: "
            "regular and bold.",
            id="wagtail_gamification.E010",
        )
    ]


@checks.register("wagtail_gamification")
def check_share_colours(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E011: the colours of the pictures of shared awards are colours."""
    setting = app_settings.all()["WAGTAIL_GAMIFICATION_SHARE_COLOURS"]
    colours = app_settings.SHARE_COLOURS
    if not isinstance(colours, dict):
        return []
    wrong = {
        name: colour
        for name, colour in colours.items()
        if name not in setting.default or not _is_colour(colour)
    }
    if not wrong:
        return []
    return [
        checks.Error(
            f"WAGTAIL_GAMIFICATION_SHARE_COLOURS has {wrong!r}.",
            hint=f"Its names are {', '.join(setting.default)}, and its values colours "
            "like “#1a2230”.",
            id="wagtail_gamification.E011",
        )
    ]


def _is_font(path: Any) -> bool:
    try:
        ImageFont.truetype(path, 20)
    except (OSError, TypeError, ImportError):
        return False
    return True


def _is_colour(value: Any) -> bool:
    try:
        ImageColor.getrgb(value)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


@checks.register("wagtail_gamification", checks.Tags.database)
def check_used_events(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """W001: every event that badges and rules use is still declared.

    It looks into the database, so it runs with ``check --database default`` and before
    ``migrate``.
    """
    from .events import registered_events
    from .models import Campaign, PointRule, Requirement

    known = {event.code for event in registered_events()}
    messages: list[checks.CheckMessage] = []
    try:
        for model in (Requirement, PointRule, Campaign):
            alias = router.db_for_read(model)
            if alias in (databases or []):
                messages += _warnings_of(model, known, alias)
    except DatabaseError:
        # One that can't be reached, or isn't there yet: others say that better.
        return []
    return messages


def _warnings_of(
    model: type[Model], known: set[str], alias: str
) -> list[checks.CheckMessage]:
    if model._meta.db_table not in connections[alias].introspection.table_names():
        return []
    messages: list[checks.CheckMessage] = []
    rows = model._default_manager.exclude(event__in=["", *known]).order_by()
    for code in sorted(set(rows.values_list("event", flat=True))):
        names = ", ".join(_users_of(rows.filter(event=code)))
        messages.append(
            checks.Warning(
                f"The event “{code}” is not declared any more, but used by: {names}.",
                hint="Declare it again in a gamification.py module, or choose "
                "another in the CMS.",
                obj=model,
                id="wagtail_gamification.W001",
            )
        )
    return messages


def _users_of(rows: Any) -> list[str]:
    if hasattr(rows.model, "badge_definition"):
        return sorted({str(row.badge_definition) for row in rows[:20]})
    return [str(row) for row in rows[:20]]
