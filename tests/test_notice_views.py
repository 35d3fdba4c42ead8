"""Where members read what they were told."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import Client, RequestFactory, TestCase
from django.urls import reverse

from wagtail_gamification.models import Notice
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

LIST = reverse("wagtail_gamification:notices")
NEW = reverse("wagtail_gamification:new_notices")
READ = reverse("wagtail_gamification:read_notices")


@pytest.fixture
def player():
    return create_player(username="ada")


@pytest.fixture
def member(client, player):
    client.force_login(player.user)
    return client


def earn(player, *names):
    # Committed, so that what all players share is kept ready.
    with TestCase.captureOnCommitCallbacks(execute=True):
        for name in names:
            create_badge_definition(name).award(player)


def render(source, user, **headers):
    request = RequestFactory().get("/", headers=headers)
    request.user = user
    template = engines["django"].from_string("{% load gamification_tags %}" + source)
    return template.render({}, request)


class TestTag:
    def test_what_is_new_is_told_once(self, player):
        earn(player, "Heron")

        first = render("{% gamification_notices %}", player.user)
        second = render("{% gamification_notices %}", player.user)

        assert "You have earned the badge “Heron”." in first
        assert 'role="status"' in first
        assert "Heron" not in second
        assert 'role="status"' in second

    def test_names_are_escaped(self, player):
        earn(player, "<script>alert(1)</script>")

        html = render("{% gamification_notices %}", player.user)

        assert "<script>" not in html
        assert "&lt;script&gt;" in html

    def test_anonymous_visitors_get_nothing(self):
        user = AnonymousUser()
        html = render("{% gamification_notices %}{% unread_notices %}", user)
        assert html.strip() == ""

    def test_nobody_reads_what_others_were_told(self, player):
        earn(player, "Heron")
        source = (
            "{% gamification_notices user=subject %}{% unread_notices user=subject %}"
        )
        other = create_player().user
        request = RequestFactory().get("/")
        request.user = other
        template = engines["django"].from_string(
            "{% load gamification_tags %}" + source
        )

        for subject in (player.user, player):
            assert template.render({"subject": subject}, request).strip() == ""
        assert player.notices.get().shown_at is None

    def test_what_a_browser_fetches_in_advance_tells_nobody(self, player):
        earn(player, "Heron")

        html = render(
            "{% gamification_notices %}", player.user, sec_purpose="prefetch;prerender"
        )

        assert html == ""
        assert player.notices.get().shown_at is None

    def test_a_preview_tells_nobody(self, player):
        earn(player, "Heron")
        request = RequestFactory().get("/")
        request.user, request.is_preview = player.user, True
        source = (
            "{% load gamification_tags %}{% gamification_notices as new %}{{ new }}"
        )

        assert engines["django"].from_string(source).render({}, request) == "None"

    def test_the_data_for_a_template(self, player):
        earn(player, "Heron", "Owl")

        html = render(
            "{% unread_notices as unread %}{{ unread }} "
            "{% gamification_notices as new %}"
            "{% for notice in new.items %}{{ notice.name }},{% endfor %}",
            player.user,
        )

        assert html == "2 Owl,Heron,"

    def test_the_number_of_unread(self, player):
        earn(player, "Heron", "Owl")
        assert "2 unread" in render("{% unread_notices %}", player.user)


class TestList:
    def test_it_lists_what_was_told_the_newest_first(self, member, player):
        earn(player, "Heron", "Owl")

        html = member.get(LIST).content.decode()

        assert html.index("Owl") < html.index("Heron")
        assert "2 unread notices" in html
        # The page around doesn't say it once more.
        assert "gamification-toast" not in html

    def test_it_is_private(self, member):
        response = member.get(LIST)

        assert "private" in response["Cache-Control"]
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("url", [LIST, NEW])
    def test_strangers_are_asked_to_sign_in(self, client, url):
        assert client.get(url).status_code == 302

    def test_pages_go_on_where_the_one_before_ended(self, member, player):
        earn(player, *[f"Badge {number:02}" for number in range(45)])
        found, address = [], LIST
        while address:
            html = member.get(address).content.decode()
            found += re.findall(r"the badge “(Badge \d\d)”", html)
            link = re.search(r'href="(\?before=\d+)" rel="next"', html)
            address = link and LIST + link[1]

        assert found == [f"Badge {number:02}" for number in reversed(range(45))]

    @pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "1e5", "\0"])
    def test_a_place_that_is_none_is_the_first_page(self, member, player, before):
        earn(player, "Heron")
        assert "Heron" in member.get(LIST, {"before": before}).content.decode()

    def test_it_costs_as_much_however_many_there_are(
        self, member, player, assert_max_statements
    ):
        earn(player, *[f"Badge {number}" for number in range(3)])
        member.get(LIST)
        with assert_max_statements(8):
            member.get(LIST)
        earn(player, *[f"Another {number}" for number in range(30)])
        member.get(LIST)
        with assert_max_statements(8):
            member.get(LIST)


class TestMarkingAsRead:
    def test_one(self, member, player):
        earn(player, "Heron", "Owl")
        notice = player.notices.first()

        response = member.post(
            reverse("wagtail_gamification:read_notice", args=[notice.pk]),
            {"before": "77"},
        )

        assert response["Location"] == f"{LIST}?before=77"
        assert [n.pk for n in Notice.objects.exclude(read_at=None)] == [notice.pk]

    def test_all(self, member, player):
        earn(player, "Heron", "Owl")

        assert member.post(READ)["Location"] == LIST

        assert not Notice.objects.filter(read_at=None).exists()

    def test_those_of_others_are_left_alone(self, member, player):
        other = create_player()
        earn(other, "Heron")
        notice = other.notices.get()

        member.post(reverse("wagtail_gamification:read_notice", args=[notice.pk]))
        member.post(READ)

        notice.refresh_from_db()
        assert notice.read_at is None

    def test_it_takes_a_post_with_a_token(self, player):
        client = Client(enforce_csrf_checks=True)
        client.force_login(player.user)

        assert client.get(READ).status_code == 405
        assert client.post(READ).status_code == 403


class TestWhatIsNew:
    def test_a_script_gets_it_once(self, member, player):
        earn(player, "Heron")
        headers = {"X-Requested-With": "fetch"}

        first = member.get(NEW, headers=headers)
        second = member.get(NEW, headers=headers)

        assert "Heron" in first.content.decode()
        assert "private" in first["Cache-Control"]
        assert (second.status_code, second.content) == (204, b"")

    def test_another_site_cannot_have_it_opened(self, member, player):
        earn(player, "Heron")

        assert member.get(NEW).status_code == 404

        assert player.notices.get().shown_at is None
