"""Exporting and erasing a player in the CMS."""

import json
from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import ModelLogEntry

from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

ALL = ("view_gamificationinterface", "export_player", "erase_player")
AJAX = {"X-Requested-With": "XMLHttpRequest"}
XSS = "<script>alert(1)</script>"


@pytest.fixture
def player():
    player = create_player(username="grace", points=5)
    create_badge_definition("Heron", points=10).award(player, reason="=1+1")
    return player


def url_of(name, player):
    pk = getattr(player, "pk", player)
    return reverse(f"wagtail_gamification_players:{name}", args=[pk])


def body(response):
    # The client closes it at its end, and keeps the database's connection open.
    return b"".join(response.streaming_content)


def export(client, player, format="json"):
    return body(client.post(url_of("export", player), {"format": format}))


class TestExport:
    def test_the_file_is_for_one_pair_of_eyes(self, login_with, player):
        client = login_with("view_gamificationinterface", "export_player")
        assert client.get(url_of("export", player)).status_code == 200

        response = client.post(url_of("export", player), {"format": "json"})

        assert response.headers["Content-Type"] == "application/json"
        name = f'filename="player-{player.pk}.json"'
        assert name in response.headers["Content-Disposition"]
        assert "attachment" in response.headers["Content-Disposition"]
        cached = response.headers["Cache-Control"]
        assert "private" in cached
        assert "no-store" in cached
        data = json.loads(body(response))
        assert data["sections"]["awards"][0]["reason"] == "=1+1"

    def test_a_workbook_has_no_formula(self, cms, player):
        workbook = openpyxl.load_workbook(BytesIO(export(cms, player, "xlsx")))

        cells = [cell for row in workbook["awards"].rows for cell in row]
        assert "=1+1" in [cell.value for cell in cells]
        assert "f" not in [cell.data_type for cell in cells]

    def test_it_is_in_the_site_history(self, cms, admin, player):
        export(cms, player)

        entry = ModelLogEntry.objects.get(action="wagtail_gamification.export_player")
        assert entry.user == admin
        assert "grace" not in entry.label
        page = cms.get(reverse("wagtailadmin_reports:site_history")).content.decode()
        assert "Exported a player" in page

    def test_looking_at_the_page_is_no_export(self, cms, player):
        response = cms.get(url_of("export", player), {"format": "json"})

        assert not response.streaming
        assert not ModelLogEntry.objects.exists()

    @pytest.mark.parametrize("format", ["", "csv", "pdf"])
    def test_another_format_is_refused_beside_the_field(self, cms, player, format):
        response = cms.post(url_of("export", player), {"format": format})

        assert "format" in response.context["form"].errors
        assert not ModelLogEntry.objects.exists()

    def test_a_workbook_of_very_much_is_left_to_developers(
        self, cms, player, monkeypatch
    ):
        monkeypatch.setattr("wagtail_gamification.cms.privacy.forms.MOST_XLSX_ROWS", 3)

        page = cms.post(url_of("export", player), {"format": "xlsx"})
        assert "There are more than 3 rows." in page.content.decode()
        assert export(cms, player)

    def test_what_raises_gives_no_broken_file(self, cms, player, monkeypatch):
        def fail(*args):
            raise RuntimeError("No")

        monkeypatch.setattr(
            "wagtail_gamification.cms.privacy.views.write_player_data", fail
        )

        with pytest.raises(RuntimeError):
            cms.post(url_of("export", player), {"format": "json"})


class TestErase:
    def test_the_name_has_to_be_typed(self, login_with, player):
        client = login_with("view_gamificationinterface", "erase_player")
        page = client.get(url_of("erase", player)).content.decode()
        assert "Type “grace” to confirm." in page
        assert "Awards" in page

        for wrong in ("", "Grace", "yes"):
            response = client.post(url_of("erase", player), {"name": wrong})
            assert "name" in response.context["form"].errors
            assert GamificationInterface.objects.filter(pk=player.pk).exists()

        response = client.post(url_of("erase", player), {"name": " grace "})

        assert response.status_code == 302
        assert not GamificationInterface.objects.filter(pk=player.pk).exists()
        assert get_user_model().objects.filter(username="grace").exists()

    def test_it_is_in_the_site_history_by_number(self, cms, admin, player):
        export(cms, player)
        number = player.pk

        response = cms.post(url_of("erase", player), {"name": "grace"})

        [message] = get_messages(response.wsgi_request)
        assert f"Everything about player {number} is erased." in str(message)
        for entry in ModelLogEntry.objects.all():
            assert entry.object_id == str(number)
            assert entry.label == f"Player {number}"
            assert (entry.user, entry.deleted) == (admin, True)
            assert "grace" not in json.dumps(entry.data)
        page = cms.get(reverse("wagtailadmin_reports:site_history")).content.decode()
        assert "Erased a player" in page
        assert "grace" not in page

    def test_a_get_changes_nothing(self, cms, player):
        cms.get(url_of("erase", player), {"name": "grace"})

        assert GamificationInterface.objects.filter(pk=player.pk).exists()

    def test_a_name_that_is_a_script_stays_a_name(self, cms):
        player = create_player(username=XSS)

        page = cms.get(url_of("erase", player)).content.decode()
        assert XSS not in page
        assert "&lt;script&gt;" in page
        cms.post(url_of("erase", player), {"name": XSS})
        assert not GamificationInterface.objects.filter(pk=player.pk).exists()

    def test_a_second_click_finds_nobody(self, cms, player):
        url = url_of("erase", player)
        cms.post(url, {"name": "grace"})

        assert cms.post(url, {"name": "grace"}).status_code == 404

    def test_a_player_without_a_user_is_erased_by_number(self, cms):
        team = GamificationInterface.objects.create()

        cms.post(url_of("erase", team), {"name": f"Player {team.pk}"})

        assert not GamificationInterface.objects.filter(pk=team.pk).exists()


@pytest.mark.parametrize("lacking", ALL)
@pytest.mark.parametrize("name", ["export", "erase"])
def test_who_lacks_one_permission_is_let_in_where_it_is_not_asked(
    login_with, player, name, lacking
):
    client = login_with(*(each for each in ALL if each != lacking))
    allowed = lacking not in ("view_gamificationinterface", f"{name}_player")
    data = {"format": "json", "name": "wrong"}

    for response in (
        client.get(url_of(name, player), headers=AJAX),
        client.post(url_of(name, player), data, headers=AJAX),
    ):
        assert response.status_code == (200 if allowed else 403)
        if response.streaming:
            body(response)
    assert GamificationInterface.objects.filter(pk=player.pk).exists()


@pytest.mark.parametrize("name", ["export", "erase"])
def test_who_may_not_does_not_learn_who_there_is(login_with, player, name):
    client = login_with("view_gamificationinterface")

    for pk in (player.pk, 0, player.pk + 999):
        assert client.get(url_of(name, pk), headers=AJAX).status_code == 403


@pytest.mark.parametrize("name", ["export", "erase"])
def test_a_number_that_is_nobodys_is_not_found(cms, name):
    assert cms.get(url_of(name, 999_999)).status_code == 404
    assert cms.post(url_of(name, 999_999), {"format": "json"}).status_code == 404


@pytest.mark.parametrize("name", ["export", "erase"])
def test_nothing_happens_without_a_token(client, admin, player, name):
    client.handler.enforce_csrf_checks = True
    client.force_login(admin)

    data = {"format": "json", "name": "grace"}
    assert client.post(url_of(name, player), data).status_code == 403
    assert GamificationInterface.objects.filter(pk=player.pk).exists()
    assert not ModelLogEntry.objects.exists()


@pytest.mark.parametrize("name", ["export", "erase"])
def test_the_players_page_leads_those_there_who_may(login_with, player, name):
    client = login_with("view_gamificationinterface", f"{name}_player")

    page = client.get(url_of("player", player)).content.decode()

    for other in ("export", "erase"):
        assert (url_of(other, player) in page) is (other == name)


def test_visitors_are_asked_to_log_in(client, player):
    for name in ("export", "erase"):
        assert client.get(url_of(name, player)).status_code == 302


def test_the_page_costs_as_much_however_much_there_is(
    cms, player, django_assert_max_num_queries
):
    for _number in range(2):
        with django_assert_max_num_queries(28):
            cms.get(url_of("erase", player))
        for number in range(30):
            player.change_points(number + 1)


def test_a_group_can_be_given_the_permissions(cms):
    page = cms.get(reverse("wagtailusers_groups:add")).content.decode()

    assert "Can erase players" in page
    assert "Can export players" in page
