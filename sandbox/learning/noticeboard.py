"""What the demo's noticeboard shows, made once and then left to the editors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from wagtail_gamification.models import BadgeDefinition, Category

from .models import HomePage, NoticeboardPage


def make_noticeboard() -> None:
    """Pin everything to the board that the plugin brings for visitors."""
    home = HomePage.objects.get()
    if NoticeboardPage.objects.exists():
        return
    parts = [{"type": kind, "value": value} for kind, value in _parts()]
    page = NoticeboardPage(
        title="Noticeboard",
        slug="noticeboard",
        introduction="<p>Who has been outside lately, and how far you are.</p>",
        show_in_menus=True,
        body=json.dumps(parts),
    )
    home.add_child(instance=page)
    page.save_revision().publish()


def _parts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the blocks. What is about the visitor is loaded separately."""
    lapwing = BadgeDefinition.objects.by_slug("lapwing")
    birds = Category.objects.by_slug("birds")
    own = {"whose": "visitor", "load_separately": True}
    yield "standing", {"size": "large", **own}
    yield "recent_awards", {"limit": 6}
    yield "badge_shelf", {"category": birds.pk, "show": "all", "size": "medium", **own}
    yield "progress", {"badge": None, **own}
    yield "badge", {"badge": lapwing.pk, "size": "medium", **own}
    yield "unlockables", {"show": "all", "size": "small", **own}
    yield "claim_form", {"load_separately": True}
