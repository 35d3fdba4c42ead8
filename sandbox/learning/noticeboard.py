"""What the demo's noticeboard shows, made once and then left to the editors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from wagtail_gamification.models import BadgeDefinition, Category, Leaderboard
from wagtail_gamification.models.leaderboards import Measure, Window

from .gamification import lesson_completed
from .models import HomePage, NoticeboardPage

TEXT = """\
<p>On Saturday we count bats, and need somebody who makes the tea. Whoever helps others
is up for <embed embedtype="gamification-badge" id="{badge}"/> sooner or later.</p>
"""


def make_boards() -> None:
    """Compare members by their points, ever and in this month, and by lessons."""
    for board in (
        Leaderboard(name="Farthest walked", slug="all-time", size=10),
        Leaderboard(name="This month", slug="month", window=Window.MONTH, size=5),
        Leaderboard(
            name="Most lessons",
            slug="lessons",
            measure=Measure.EVENT,
            event=lesson_completed.code,
            size=5,
        ),
    ):
        if not Leaderboard.objects.filter(slug=board.slug).exists():
            board.live = False
            board.save()
            board.save_revision().publish()


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


def _parts() -> Iterator[tuple[str, Any]]:
    """Give the blocks. What is about the visitor is loaded separately."""
    lapwing = BadgeDefinition.objects.by_slug("lapwing")
    birds = Category.objects.by_slug("birds")
    boards = dict(Leaderboard.objects.originals().values_list("slug", "pk"))
    own = {"whose": "visitor", "load_separately": True}
    yield "paragraph", TEXT.format(badge=lapwing.pk)
    yield "standing", {"size": "large", **own}
    yield "recent_awards", {"limit": 4}
    for slug in ("all-time", "month"):
        yield "leaderboard", {"board": boards[slug], "load_separately": True}
    # The first three, and who stands next to the visitor.
    around = {"limit": 3, "around": True, "load_separately": True}
    yield "leaderboard", {"board": boards["lessons"], **around}
    yield "badge_shelf", {"category": birds.pk, "show": "all", "size": "medium", **own}
    yield "progress", {"badge": None, **own}
    yield "badge", {"badge": lapwing.pk, "size": "medium", **own}
    yield "unlockables", {"show": "all", "size": "small", **own}
    yield "claim_form", {"load_separately": True}
