"""Players' own pages, and the page where they choose what is shown."""

import re
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import transaction
from django.template import engines
from django.urls import reverse

from tests.shelf_data import make_badge
from wagtail_gamification import PlayerIsShared
from wagtail_gamification.models import (
    Badge,
    GamificationInterface,
    PlayerPreferences,
)
from wagtail_gamification.profiles import players_with_profile, profile_url
from wagtail_gamification.testing import (
    create_badge_definition,
    create_level,
    create_player,
    create_unlockable_definition,
)
from wagtail_gamification.views.settings_form import PlayerSettingsForm

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"
SECTIONS = ["badges", "level", "points", "unlockables"]


@pytest.fixture(autouse=True)
def _profiles(settings):
    settings.WAGTAIL_GAMIFICATION_PROFILES = True


@pytest.fixture
def ada():
    """A player who shows everything."""
    player = create_player(points=120, username="ada", first_name="Ada")
    PlayerPreferences.objects.create(
        interface=player, has_profile=True, profile_sections=SECTIONS
    )
    return player


@pytest.fixture
def bea():
    return create_player(username="bea")


@pytest.fixture
def url(ada):
    return address_of(ada)


@pytest.fixture
def settings_url():
    return reverse("wagtail_gamification:settings")


def address_of(player):
    public_id = player.preferences.public_id
    return reverse("wagtail_gamification:profile", args=[public_id])


def page_of(response):
    assert response.status_code == 200
    return response.content.decode()


class TestProfile:
    def test_it_shows_what_the_player_has(self, client, ada, url):
        create_badge_definition("Bookworm").award(ada)
        create_badge_definition("Night owl")
        create_level("Novice", 100)
        create_unlockable_definition("Attic", 50)
        create_unlockable_definition("Cellar", 5000)

        page = page_of(client.get(url))

        for text in ("<bdi>Ada</bdi>", "Bookworm", "Novice", "120 points", "Attic"):
            assert text in page
        # What isn't theirs yet is no part of it.
        for text in ("Night owl", "Cellar", "This is how others see your page."):
            assert text not in page

    @pytest.mark.parametrize("shown", SECTIONS)
    def test_it_shows_only_what_the_player_chose(self, client, ada, url, shown):
        create_badge_definition("Bookworm").award(ada)
        create_level("Novice", 100)
        create_level("Master", 1000)
        create_unlockable_definition("Attic", 50)
        PlayerPreferences.objects.update(profile_sections=[shown])

        page = page_of(client.get(url))

        signs = {
            "badges": "Bookworm",
            "level": "Novice",
            "points": "120 points",
            "unlockables": "Attic",
        }
        found = [name for name, sign in signs.items() if sign in page]
        assert found == [shown]
        # What is missing to the next level would tell the points.
        assert not re.search(r"\b880\b", page)

    def test_nothing_chosen_is_a_name_alone(self, client, ada, url):
        create_badge_definition("Bookworm").award(ada)
        PlayerPreferences.objects.update(profile_sections=[])

        assert "Bookworm" not in page_of(client.get(url))

    @pytest.mark.parametrize(
        "closed",
        [
            lambda ada, settings: PlayerPreferences.objects.update(has_profile=False),
            lambda ada, settings: GamificationInterface.objects.update(is_public=False),
            lambda ada, settings: type(ada.user).objects.update(is_active=False),
            lambda ada, settings: setattr(
                settings, "WAGTAIL_GAMIFICATION_PROFILES", False
            ),
            lambda ada, settings: ada.user.delete(),
        ],
        ids=["not wanted", "private", "deactivated", "switched off", "deleted"],
    )
    def test_what_is_closed_looks_like_what_never_was(
        self, client, ada, url, closed, settings, bea
    ):
        assert client.get(url).status_code == 200
        closed(ada, settings)
        nowhere = reverse("wagtail_gamification:profile", args=[uuid.uuid4()])
        for visitor in (None, bea.user):
            if visitor:
                client.force_login(visitor)

            answers = [client.get(address) for address in (url, nowhere)]

            assert [answer.status_code for answer in answers] == [404, 404]
            bodies = {
                answer.content.replace(answer.request["PATH_INFO"].encode(), b"")
                for answer in answers
            }
            assert len(bodies) == 1
            assert answers[0].headers == answers[1].headers

    def test_an_editor_opens_no_closed_page(self, client, ada, url, bea):
        GamificationInterface.objects.filter(pk=ada.pk).update(is_public=False)
        name = "view_gamificationinterface"
        bea.user.user_permissions.add(Permission.objects.get(codename=name))
        client.force_login(bea.user)

        assert client.get(url).status_code == 404

    def test_whoever_looks_sees_what_anybody_sees(self, client, ada, url):
        hidden = create_badge_definition("Hidden one")
        hidden.award(ada)
        Badge.objects.filter(badge_definition=hidden).update(is_hidden=True)
        create_badge_definition("Whisperer", is_secret=True)
        create_badge_definition("Bookworm").award(ada)
        root = create_player(username="root", is_superuser=True).user
        for visitor in (None, ada.user, root):
            if visitor:
                client.force_login(visitor)

            page = page_of(client.get(url))
            # What members are told on whatever page they open isn't part of this one.
            page = page.partition("<main")[2].partition("</main>")[0]

            assert "Bookworm" in page
            assert "Hidden one" not in page
            assert "Whisperer" not in page
            assert "Only you see it" not in page
            is_own = visitor == ada.user
            assert ("This is how others see your page." in page) == is_own

    def test_names_are_text(self, client, ada, url):
        type(ada.user).objects.update(first_name=XSS)

        page = page_of(client.get(url))

        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page

    def test_an_address_is_no_name(self, client, ada, url):
        type(ada.user).objects.update(first_name="", username="ada@example.com")

        assert "example.com" not in page_of(client.get(url))

    def test_no_cache_on_the_way_keeps_it(self, client, ada, url):
        for visitor in (None, ada.user):
            if visitor:
                client.force_login(visitor)

            headers = client.get(url).headers

            assert "private" in headers["Cache-Control"]
            assert "no-cache" in headers["Cache-Control"]
            assert "Cookie" in headers["Vary"]

    def test_search_engines_stay_out_unless_the_site_lets_them(
        self, client, url, settings
    ):
        response = client.get(url)
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert 'name="robots"' in page_of(response)

        settings.WAGTAIL_GAMIFICATION_INDEX_PROFILES = True
        response = client.get(url)
        assert "X-Robots-Tag" not in response.headers
        assert 'name="robots"' not in page_of(response)

    def test_it_can_only_be_read(self, client, url):
        for method in ("post", "put", "patch", "delete"):
            assert getattr(client, method)(url).status_code == 405

    def test_a_page_takes_four_queries(
        self,
        client,
        ada,
        url,
        assert_max_statements,
        django_capture_on_commit_callbacks,
    ):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            for number in range(4):
                create_badge_definition(f"Badge {number}").award(ada)
                create_unlockable_definition(f"Prize {number}", 10)
            create_level("Novice", 100)
        client.get(url)

        # The player, then badges, points and unlockables.
        with assert_max_statements(4):
            client.get(url)


class TestAddress:
    def test_it_is_given_where_there_is_a_page(self, ada, url, bea):
        assert profile_url(ada) == profile_url(ada.user) == url
        assert profile_url(bea) == profile_url(bea.user) == ""
        assert profile_url(AnonymousUser()) == profile_url(None) == ""

    def test_templates_get_it(self, ada, url):
        template = engines["django"].from_string(
            "{% load gamification_tags %}{% player_url player as url %}<{{ url }}>"
        )

        assert template.render({"player": ada}) == f"<{url}>"
        GamificationInterface.objects.update(is_public=False)
        assert template.render({"player": ada.user}) == "<>"

    def test_it_agrees_with_the_page(self, ada, settings):
        assert list(players_with_profile()) == [ada]
        type(ada.user).objects.update(is_active=False)
        again = GamificationInterface.objects.get()
        assert profile_url(again) == ""
        assert list(players_with_profile()) == []
        settings.WAGTAIL_GAMIFICATION_PROFILES = False
        assert profile_url(ada) == ""

    def test_a_list_asks_for_no_more(self, ada, bea, assert_max_statements):
        with assert_max_statements(1):
            players = GamificationInterface.objects.select_related(
                "user", "preferences"
            )
            assert len([player for player in players if profile_url(player)]) == 1

    @pytest.mark.urls("tests.cms.claims.urls_without_claims")
    def test_a_site_without_the_addresses_has_none(self, ada):
        assert profile_url(ada) == ""


def everything(page):
    """Give what a browser would send of the form as it was opened."""
    form = page.context["form"]
    sent = {}
    for field in form:
        value = field.value()
        for name in (field.html_name, field.html_initial_name):
            if isinstance(value, bool):
                if value or name == field.html_initial_name:
                    sent[name] = str(value)
            else:
                sent[name] = value
    return sent


class TestSettings:
    def test_a_member_must_be_signed_in(self, client, settings_url):
        for method in ("get", "post"):
            response = getattr(client, method)(settings_url)
            assert response.status_code == 302
            assert response.headers["Location"].startswith("/accounts/login/")

    def test_it_is_for_the_member_alone(self, client, ada, settings_url):
        client.force_login(ada.user)
        headers = client.get(settings_url).headers

        assert "no-store" in headers["Cache-Control"]
        assert headers["X-Robots-Tag"] == "noindex"

    def test_everything_that_is_chosen_is_kept(self, client, bea, settings_url):
        hidden = create_badge_definition("Bookworm")
        hidden.award(bea)
        client.force_login(bea.user)
        sent = everything(client.get(settings_url))
        sent |= {"has_profile": "on", "profile_sections": ["points"]}
        sent |= {"digest": "weekly", "hidden_badges": [hidden.pk]}
        del sent["on_boards"]

        response = client.post(settings_url, sent, follow=True)

        assert "Your choices are saved." in page_of(response)
        bea.refresh_from_db()
        assert (bea.on_boards, bea.is_public) == (False, True)
        assert bea.preferences.has_profile
        assert bea.preferences.profile_sections == ["points"]
        assert bea.preferences.digest == "weekly"
        assert Badge.objects.get(interface=bea).is_hidden
        assert client.get(address_of(bea)).status_code == 200

    def test_it_can_be_taken_back(self, client, ada, settings_url, url):
        definition = create_badge_definition("Bookworm")
        definition.award(ada)
        Badge.objects.update(is_hidden=True)
        client.force_login(ada.user)
        sent = everything(client.get(settings_url))
        assert sent["hidden_badges"] == [definition.pk]
        del sent["has_profile"], sent["hidden_badges"]

        client.post(settings_url, sent)

        assert not Badge.objects.get().is_hidden
        assert client.get(url).status_code == 404

    def test_a_page_left_open_undoes_nothing(self, client, ada, settings_url):
        definition = create_badge_definition("Bookworm")
        definition.award(ada)
        client.force_login(ada.user)
        sent = everything(client.get(settings_url))
        # Elsewhere, meanwhile.
        Badge.objects.update(is_hidden=True)
        PlayerPreferences.objects.update(has_profile=False)
        GamificationInterface.objects.update(is_public=False)

        client.post(settings_url, sent | {"digest": "daily"})

        ada.refresh_from_db()
        assert Badge.objects.get().is_hidden
        assert not ada.is_public
        assert not ada.preferences.has_profile
        assert ada.preferences.digest == "daily"

    def test_saving_what_is_there_writes_nothing(self, client, bea, settings_url):
        client.force_login(bea.user)
        sent = everything(client.get(settings_url))

        client.post(settings_url, sent)

        assert not PlayerPreferences.objects.exists()

    def test_only_badges_that_one_has_can_be_hidden(
        self, client, ada, bea, settings_url
    ):
        others = create_badge_definition("Bookworm")
        others.award(ada)
        mine = create_badge_definition("Walker")
        mine.award(bea)
        create_badge_definition("Whisperer", is_secret=True)
        client.force_login(bea.user)
        page = client.get(settings_url)
        assert "Bookworm" not in page_of(page)
        assert "Whisperer" not in page_of(page)
        for value in (others.pk, "x", 10**30, -1):
            sent = everything(page) | {"hidden_badges": [value]}

            response = client.post(settings_url, sent)

            assert response.context["form"].errors.keys() == {"hidden_badges"}
            assert 'role="alert"' in page_of(response)
        assert not Badge.objects.filter(is_hidden=True).exists()

    def test_nothing_that_is_sent_leads_to_another_player(
        self, client, ada, bea, settings_url
    ):
        definition = create_badge_definition("Bookworm")
        definition.award(ada)
        definition.award(bea)
        Badge.objects.filter(interface=ada).update(is_hidden=True)
        client.force_login(bea.user)
        sent = everything(client.get(settings_url))
        sent |= {
            "player": ada.pk,
            "interface": ada.pk,
            "user": ada.user.pk,
            "public_id": str(ada.preferences.public_id),
            # As if it had been hidden before.
            "initial-hidden_badges": [definition.pk],
        }
        del sent["is_public"], sent["on_boards"]

        client.post(f"{settings_url}?player={ada.pk}", sent)

        ada.refresh_from_db()
        bea.refresh_from_db()
        assert (ada.is_public, ada.on_boards) == (True, True)
        assert (bea.is_public, bea.on_boards) == (False, False)
        assert Badge.objects.get(interface=ada).is_hidden
        assert ada.preferences.has_profile

    def test_what_is_not_offered_cannot_be_chosen(
        self, client, bea, settings_url, settings
    ):
        client.force_login(bea.user)
        sent = everything(client.get(settings_url))
        bad = sent | {"profile_sections": ["secrets"], "digest": "hourly"}
        errors = client.post(settings_url, bad).context["form"].errors
        assert set(errors) == {"profile_sections", "digest"}

        settings.WAGTAIL_GAMIFICATION_PROFILES = False
        assert "has_profile" not in client.get(settings_url).context["form"].fields
        client.post(settings_url, sent | {"has_profile": "on"})
        assert not PlayerPreferences.objects.filter(has_profile=True).exists()

    def test_nobody_is_made_to_choose_by_another_site(self, client, ada, settings_url):
        client.force_login(ada.user)
        client.handler.enforce_csrf_checks = True

        assert client.post(settings_url, {}).status_code == 403
        ada.refresh_from_db()
        assert ada.is_public

    def test_a_get_changes_nothing(self, client, ada, settings_url):
        client.force_login(ada.user)

        client.get(settings_url, {"is_public": "", "has_profile": ""})

        ada.refresh_from_db()
        assert ada.is_public
        assert ada.preferences.has_profile

    def test_many_badges_take_no_more_queries(
        self,
        client,
        bea,
        settings_url,
        assert_max_statements,
        django_capture_on_commit_callbacks,
    ):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            for number in range(12):
                make_badge(f"Badge {number}").award(bea)
        client.force_login(bea.user)
        page = client.get(settings_url)
        assert page.context["form"]["hidden_badges"].subwidgets

        # Session, user, player, shared, preferences, badges, and the page's address.
        with assert_max_statements(8):
            client.get(settings_url)

    def test_a_site_can_ask_for_more(self, bea):
        class Form(PlayerSettingsForm):
            def save(self):
                super().save()
                self.saved = True

        form = Form({"is_public": "on"}, player=bea)

        assert form.is_valid()
        form.save()
        assert form.saved


class TestSharedPlayers:
    """Several users who have one player: nobody decides for the others."""

    @pytest.fixture
    def _shared(self, monkeypatch):
        from wagtail_gamification.actions import change_preferences

        users = GamificationInterface.objects.model.user.field.related_model.objects
        monkeypatch.setattr(change_preferences, "users_of", lambda player: users.all())

    @pytest.mark.usefixtures("_shared")
    def test_the_page_says_so_and_nothing_is_written(
        self, client, ada, bea, settings_url
    ):
        client.force_login(ada.user)
        page = client.get(settings_url)
        assert "You share this player with others" in page_of(page)
        assert "<form" not in page_of(page)
        sent = everything(page)
        del sent["is_public"]

        response = client.post(settings_url, sent)

        assert response.status_code == 403
        ada.refresh_from_db()
        assert ada.is_public
        form = PlayerSettingsForm(sent, player=ada)
        assert form.is_valid()
        with pytest.raises(PlayerIsShared):
            form.save()
