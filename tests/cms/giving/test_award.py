"""Awarding a badge on a player's page, and renewing one."""

import pytest

from wagtail_gamification.models import Award
from wagtail_gamification.testing import create_badge_definition

from .conftest import messages_of, points_of, submit, text_of, url_of

pytestmark = pytest.mark.django_db


def test_a_badge_is_awarded_with_a_reason_and_a_note(editor, grace):
    badge = create_badge_definition("Heron", points=10)

    response = submit(
        editor,
        url_of("award", grace),
        badge=badge.pk,
        reason="Well done",
        note="Ask Ada",
    )

    assert response.status_code == 302, response.context["form"].errors
    assert response.url == url_of("player", grace)
    assert messages_of(response) == ["“Heron” is awarded to Grace Hopper."]
    award = Award.objects.get()
    assert (award.reason, award.note) == ("Well done", "Ask Ada")
    assert award.awarded_by.username == "edith"
    assert points_of(grace) == 10


def test_each_screen_does_what_it_is_for(editor, grace):
    badge = create_badge_definition("Heron", points=10, expires_after=3)
    badge.award(grace)
    page = text_of(editor.get(url_of("player", grace)))
    for u in ("award", "adjust", "reset"):
        assert url_of(u, grace) in page
    assert url_of("revoke", grace, badge) in page
    assert url_of("award", grace, badge=badge.pk).split("?")[1] in page
    r = editor.get(url_of("award", grace, badge=badge.pk))
    assert r.url == url_of("award", grace, badge=badge.pk, renew=1)
    r = submit(editor, r.url, reason="a")
    assert r.status_code == 302
    assert points_of(grace) == 20
    r = submit(editor, url_of("adjust", grace), reason="a", amount=7)
    assert r.status_code == 302
    r = submit(editor, url_of("revoke", grace, badge), reason="a")
    assert r.status_code == 302
    assert points_of(grace) == 7
    r = submit(editor, url_of("reset", grace), reason="a", name="grace")
    assert r.status_code == 302
    assert points_of(grace) == 0
