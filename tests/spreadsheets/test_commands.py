"""The commands: what they print, and how they end."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from wagtail_gamification.models import BadgeDefinition

from .make import archive, picture, separated, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write_file(name: str, data: bytes) -> str:
        (tmp_path / name).write_bytes(data)
        return str(tmp_path / name)

    return write_file


def run(command: str, *args: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out, no_color=True, **options)
    return out.getvalue()


def failure_of(command: str, *args: str, **options: Any) -> tuple[str, str]:
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(command, *args, stdout=out, no_color=True, **options)
    assert caught.value.returncode == 1
    return str(caught.value), out.getvalue()


def test_a_table_of_what_was_done(write: Any) -> None:
    data = workbook(
        Badges=[["name", "points"], ["Gold", 5], [], ["Silver", 3]],
        Levels=[["name", "points_required"]],
    )

    printed = run("gamification_import", write("a.xlsx", data))

    assert [" ".join(line.split()) for line in printed.splitlines()] == [
        "Badges",
        "Row Outcome Slug Column Reason",
        "2 created gold (en)",
        "4 created silver (en)",
        "Levels",
        "No rows.",
        "2 created, 0 updated, 0 skipped, 0 refused.",
    ]
    data = workbook(Badges=[["slug", "points"], ["gold", 6], ["silver", 3]])
    printed = run("gamification_import", write("b.xlsx", data))
    assert "2    updated  gold (en)    points" in printed
    assert "3    skipped  silver (en)" in printed


def test_refused_rows_are_explained_and_the_command_fails(write: Any) -> None:
    data = separated([["name", "points", "category"], ["A", "x", "y"], ["B", "1", ""]])

    message, printed = failure_of(
        "gamification_import", write("a.csv", data), sheet="badges"
    )

    assert message == "Nothing was written: 1 row is refused."
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    assert lines[2:5] == [
        "2 refused a (en) category There is no category “y”.",
        "points “x” isn't a whole number.",
        "3 created b (en)",
    ]
    assert not BadgeDefinition.objects.exists()


def test_a_dry_run(write: Any) -> None:
    path = write("a.csv", b"name\nGold\n")

    printed = run("gamification_import", path, sheet="Badges", dry_run=True)

    assert "Dry run: 1 created, 0 updated, 0 skipped, 0 refused." in printed
    assert not BadgeDefinition.objects.exists()


def test_a_dry_run_of_what_would_be_refused_fails_too(write: Any) -> None:
    path = write("a.csv", b"name,points\nGold,x\n")

    failure_of("gamification_import", path, sheet="Badges", dry_run=True)


@pytest.mark.parametrize(("option", "live"), [("--draft", False), ("--publish", True)])
def test_live_or_drafted(write: Any, option: str, live: bool) -> None:
    run("gamification_import", write("a.csv", b"name\nA\n"), option, "--sheet=Badges")

    assert BadgeDefinition.objects.get().live is live


def test_images_and_a_user(write: Any) -> None:
    user = get_user_model().objects.create_user("editor")
    images = write("art.zip", archive({"gold.png": picture()}))

    run(
        "gamification_import",
        write("a.csv", b"name,image\nGold,gold.png\n"),
        sheet="Badges",
        images=images,
        user="editor",
    )

    badge = BadgeDefinition.objects.get()
    assert badge.image.uploaded_by_user == user
    assert badge.latest_revision.user == user


def test_what_is_wrong_with_a_file_is_one_line(write: Any, tmp_path: Path) -> None:
    image = write("image.csv", picture())
    assert "a PNG image" in failure_of("gamification_import", image, sheet="Badges")[0]
    missing = str(tmp_path / "missing.csv")
    assert "No such file" in failure_of("gamification_import", missing)[0]
    path = write("a.csv", b"name\nA\n")
    message, _ = failure_of("gamification_import", path, sheet="Badges", user="nobody")
    assert message == "There is no user “nobody”."
    message, _ = failure_of("gamification_import", path, sheet="Badges", images=missing)
    assert "No such file" in message


def test_a_large_file_is_not_read_whole(write: Any, settings: Any) -> None:
    settings.WAGTAIL_GAMIFICATION_IMPORT_MAX_FILE_SIZE = 10

    path = write("a.csv", b"name\n" * 100)

    assert "larger than 10" in failure_of("gamification_import", path)[0]


def test_export_and_import(write: Any, tmp_path: Path) -> None:
    run("gamification_import", write("a.csv", b"name\nGold\n"), sheet="Badges")
    path = str(tmp_path / "out.xlsx")

    assert path in run("gamification_export", path)

    assert "0 created, 0 updated, 1 skipped" in run("gamification_import", path)


def test_exporting_what_cannot_be(tmp_path: Path) -> None:
    pdf = str(tmp_path / "out.pdf")
    assert "isn't a format" in failure_of("gamification_export", pdf)[0]
    nowhere = str(tmp_path / "nowhere" / "out.json")
    assert "can't be written" in failure_of("gamification_export", nowhere)[0]
    csv = str(tmp_path / "out.csv")
    assert "Say which" in failure_of("gamification_export", csv)[0]
    run("gamification_export", csv, sheet="Levels", locale="en")
