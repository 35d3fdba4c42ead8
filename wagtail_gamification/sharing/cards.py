"""What is on the picture of an award, gathered before anything is drawn."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import astuple, dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import formats, timezone, translation
from django.utils.translation import gettext
from PIL import Image
from wagtail.models import Locale, Site

from wagtail_gamification import catalogue
from wagtail_gamification.conf import app_settings
from wagtail_gamification.models import Award, BadgeDefinition
from wagtail_gamification.public_names import public_name

logger = logging.getLogger("wagtail_gamification")

# Part of what tells one picture from another: change it with the drawing.
DRAWING = 1
# Of the rendition that is drawn. Pillow is never given more to unpack.
SIDE = 800
RENDITION = f"max-{SIDE}x{SIDE}|format-png"
# Of the original, from which Wagtail makes it: about 200 MB when it is unpacked.
MOST_PIXELS = 50_000_000
# Nobody reads more of a name in a picture.
MOST_LETTERS = 200
# Marks that turn the letters after them around.
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


@dataclass(frozen=True, kw_only=True)
class ShareCard:
    """The words of one picture, in one language, and which image goes with them."""

    badge: str
    player: str
    date: str
    site: str
    is_rtl: bool
    image: tuple[Any, ...] = ()
    """What tells the badge's image from any other, also from what it was before."""

    @property
    def initial(self) -> str:
        """What stands in for a missing image."""
        return self.badge[:1].upper()

    @property
    def fingerprint(self) -> str:
        """Tell this picture from all others, without drawing it."""
        looks = (DRAWING, str(app_settings.SHARE_FONT), app_settings.SHARE_COLOURS)
        text = repr((astuple(self), looks))
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def card_of(award: Award, request: HttpRequest) -> tuple[ShareCard, Any]:
    """Give what the picture of ``award`` shows in the active language, and its image.

    The image is the site's own kind of image, or None.
    """
    language = catalogue.active_language()
    locale = Locale.objects.filter(language_code=language).first()
    definition = (
        BadgeDefinition.objects.in_locale(locale or Locale.get_default())
        .select_related("image")
        .get(pk=award.badge_definition_id)
    )
    image = definition.texts.image or definition.image
    day = timezone.localtime(award.awarded_at).date()
    date = formats.date_format(day, "DATE_FORMAT", use_l10n=True)
    name = public_name(award.badge.interface)
    card = ShareCard(
        badge=clean(definition.texts.name),
        player=clean(gettext("Earned by %(name)s") % {"name": name}),
        date=clean(date),
        site=clean(site_name(request)),
        is_rtl=translation.get_language_bidi(),
        image=() if image is None else (image.pk, image.file.name, image.file_hash),
    )
    return card, image


def site_name(request: HttpRequest) -> str:
    """Give the name of the site that is asked, its host name where it has none."""
    site = Site.find_for_request(request)
    name = (site and site.site_name) or getattr(settings, "WAGTAIL_SITE_NAME", "")
    return str(name or request.get_host().partition(":")[0])


def clean(text: str) -> str:
    """Give one line of letters that can be drawn."""
    line = " ".join(text[: 2 * MOST_LETTERS].split())
    kept = (char for char in line if char.isprintable() or char in "\u200c\u200d")
    return "".join(char for char in kept if ord(char) not in _TURNING)[:MOST_LETTERS]


def picture_of(image: Any) -> Image.Image | None:
    """Give the badge's image as pixels, or None where there is none to be drawn.

    Of an animation it is the first frame. Drawings (SVG) aren't pixels.
    """
    if image is None or image.is_svg():
        return None
    try:
        if (image.width or 0) * (image.height or 0) > MOST_PIXELS:
            return None
        rendition = image.get_rendition(RENDITION)
        with rendition.file.open("rb") as file:
            with Image.open(file, formats=["PNG"]) as picture:
                if max(picture.size) > SIDE:
                    return None
                return picture.convert("RGBA")
    except Exception:
        # Storages, Pillow and Willow's plugins each raise their own.
        logger.warning("Image %s can't be drawn.", image.pk, exc_info=True)
        return None
