"""Players and definitions to fill shelves with, and pictures drawn for them."""

import colorsys
from io import BytesIO

from django.contrib.auth import get_user_model
from django.core.files.images import ImageFile
from PIL import Image as PillowImage
from PIL import ImageDraw
from wagtail.images import get_image_model
from wagtail.models import Locale

from wagtail_gamification.models import BadgeDefinition

SIDE = 256


def draw_badge(hue: float) -> bytes:
    """Draw a medal with a star, on nothing, as PNG."""
    bright, dark = (
        tuple(round(255 * part) for part in colorsys.hsv_to_rgb(hue, 0.6, value))
        for value in [0.95, 0.6]
    )
    picture = PillowImage.new("RGBA", (SIDE, SIDE))
    canvas = ImageDraw.Draw(picture)
    canvas.ellipse((4, 4, SIDE - 4, SIDE - 4), fill=dark)
    canvas.ellipse((22, 22, SIDE - 22, SIDE - 22), fill=bright)
    canvas.regular_polygon((SIDE // 2, SIDE // 2, 70), 3, rotation=0, fill="white")
    canvas.regular_polygon((SIDE // 2, SIDE // 2, 70), 3, rotation=180, fill="white")
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def make_image(title="Medal", hue=0.1):
    """Store a picture as Wagtail does."""
    content = BytesIO(draw_badge(hue))
    return get_image_model().objects.create(
        title=title, file=ImageFile(content, name=f"{title}.png")
    )


def make_user(name="ada", **kwargs):
    return get_user_model().objects.create_user(username=name, **kwargs)


def make_badge(name="Bookworm", **kwargs):
    return BadgeDefinition.objects.create(name=name, **kwargs)


def make_badges(number, **kwargs):
    """Make many badges, each with a picture of its own."""
    return [
        make_badge(
            f"Badge {index:02}",
            image=make_image(f"Badge {index:02}", hue=index / number),
            **kwargs,
        )
        for index in range(number)
    ]


def locale(code):
    found, _ = Locale.objects.get_or_create(language_code=code)
    return found


def translate(definition, code, **texts):
    """Publish a translation of ``definition``."""
    translation = definition.copy_for_translation(locale(code))
    for name, value in texts.items():
        setattr(translation, name, value)
    if hasattr(translation, "live"):
        translation.live = True
    translation.save()
    return translation
