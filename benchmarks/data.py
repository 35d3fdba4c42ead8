"""What the workloads find in the database."""

from __future__ import annotations

from io import BytesIO

from django.core.files.images import ImageFile
from PIL import Image, ImageDraw
from wagtail.images import get_image_model

from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    GamificationInterface,
    Level,
    UnlockableDefinition,
)

BATCH = 10_000


def make_players(number: int) -> None:
    """Make interfaces; they get their rows from the definitions made later."""
    GamificationInterface.objects.bulk_create(
        (GamificationInterface() for _ in range(number)), batch_size=BATCH
    )


def make_definitions(badges: int = 50, unlockables: int = 10, levels: int = 6) -> None:
    """Make published definitions: targets on every second badge, points on all."""
    for number in range(badges):
        BadgeDefinition.objects.create(
            name=f"Badge {number}",
            description=f"<p>Badge number <b>{number}</b>.</p>",
            points=10,
            progression_target=10 if number % 2 else None,
        )
    for number in range(unlockables):
        UnlockableDefinition.objects.create(
            name=f"Unlockable {number}", points_required=1_000_000 + number
        )
    for number in range(levels):
        Level.objects.create(name=f"Level {number}", points_required=number * 100)


def give_images() -> None:
    """Give every badge definition an image of its own."""
    image_model = get_image_model()
    for definition in BadgeDefinition.objects.all():
        picture = Image.new("RGBA", (256, 256))
        hue = definition.pk * 37 % 360
        ImageDraw.Draw(picture).ellipse((8, 8, 248, 248), fill=f"hsl({hue}, 60%, 50%)")
        content = BytesIO()
        picture.save(content, "PNG")
        definition.image = image_model.objects.create(
            title=definition.name,
            file=ImageFile(BytesIO(content.getvalue()), name=f"{definition.slug}.png"),
        )
        definition.save()


def badges_of(definition: BadgeDefinition, number: int) -> list[Badge]:
    """Load players' badges as a site has them at hand when something happens."""
    return list(
        Badge.objects.filter(badge_definition=definition)
        .select_related("interface")
        .order_by("pk")[:number]
    )
