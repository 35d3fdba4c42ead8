"""Exporting and erasing a player from a terminal."""

import json
from io import StringIO
from stat import S_IMODE

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from wagtail_gamification.models import GamificationInterface
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db


def run(command, *args):
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def player():
    player = create_player(username="ada", points=5)
    create_badge_definition("Heron", points=10).award(player, reason="=1+1")
    return player


def test_a_players_data_is_written_as_json(player, tmp_path):
    path = tmp_path / "ada.json"

    said = run("gamification_export_player", "ada", "--output", str(path))

    assert str(path) in said
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["sections"]["awards"][0]["badge"] == "heron"
    # Nobody else on the server reads it.
    assert S_IMODE(path.stat().st_mode) == 0o600


def test_a_players_data_is_written_as_a_workbook(player, tmp_path):
    path = tmp_path / "ada.xlsx"

    run("gamification_export_player", "ada", "--format", "xlsx", "--output", str(path))

    sheet = openpyxl.load_workbook(path)["awards"]
    assert "=1+1" in [cell.value for cell in sheet[2]]
    assert "f" not in [cell.data_type for cell in sheet[2]]


def test_without_a_path_the_file_is_named_by_the_number(player, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    run("gamification_export_player", "--player", str(player.pk))

    assert (tmp_path / f"player-{player.pk}.json").exists()


def test_a_path_that_cannot_be_written_is_said(player, tmp_path):
    with pytest.raises(CommandError, match="can't be written: No such file"):
        run("gamification_export_player", "ada", "--output", str(tmp_path / "no" / "a"))


@pytest.mark.parametrize(
    "command", ["gamification_export_player", "gamification_erase_player"]
)
@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nobody"], "There is no user “nobody”."),
        (["lurker"], "The user “lurker” isn't a player."),
        (["--player", "0"], "There is no player with the number 0."),
        ([], "one of the arguments"),
        (["ada", "--player", "1"], "not allowed with"),
    ],
)
def test_who_is_no_player_is_said(settings, player, command, args, message):
    settings.WAGTAIL_GAMIFICATION_CREATE_INTERFACES = False
    get_user_model().objects.create_user(username="lurker")

    with pytest.raises(CommandError, match=message):
        run(command, *args)


def test_a_dry_run_says_what_would_go_and_deletes_nothing(player):
    said = run("gamification_erase_player", "ada", "--dry-run")

    assert "point_changes: 2" in said.splitlines()
    assert GamificationInterface.objects.filter(pk=player.pk).exists()


def test_yes_erases_without_a_question(player):
    said = run("gamification_erase_player", "ada", "--yes")

    assert f"rows of player {player.pk} are deleted." in said
    assert "ada" not in said
    assert not GamificationInterface.objects.filter(pk=player.pk).exists()
    assert get_user_model().objects.filter(username="ada").exists()


@pytest.mark.parametrize(
    ("answer", "is_erased"), [("ada", True), ("yes", False), ("", False), (None, False)]
)
def test_the_name_has_to_be_typed(player, monkeypatch, answer, is_erased):
    def reply(question):
        assert "“ada”" in question
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", reply)

    if is_erased:
        run("gamification_erase_player", "ada")
    else:
        with pytest.raises(CommandError, match="Nothing is deleted"):
            run("gamification_erase_player", "ada")

    left = GamificationInterface.objects.filter(pk=player.pk).exists()
    assert left is not is_erased
