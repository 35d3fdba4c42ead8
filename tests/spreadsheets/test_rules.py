"""Point rules and campaigns come and go as rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from wagtail.models import Revision

from wagtail_gamification.models import Campaign, PointRule
from wagtail_gamification.spreadsheets import (
    CatalogueResult,
    export_catalogue,
    import_catalogue,
)

from .make import json_rows, workbook
from .test_import import actions, errors

pytestmark = pytest.mark.django_db

LESSON = {"name": "A visit", "event": "visited", "points": 5}
SUMMER = {"name": "Summer", "multiplier": "1.5"}


def rules(*rows: dict[str, Any], **options: Any) -> CatalogueResult:
    return import_catalogue(json_rows(*rows), "r.json", sheet="Point rules", **options)


def campaigns(*rows: dict[str, Any], **options: Any) -> CatalogueResult:
    return import_catalogue(json_rows(*rows), "c.json", sheet="Campaigns", **options)


def test_rows_become_rules_and_campaigns() -> None:
    headings = ["Slug", "Name", "Event", "Points", "Once for each object"]
    result = import_catalogue(
        workbook(
            **{
                "Point rules": [
                    [*headings, "Daily limit", "Total limit"],
                    ["login", "Log in", "Logs in", 2, "no", 10, 200],
                    [None, "A page", "page_published", 5, "yes", None, None],
                ],
                "Campaigns": [
                    ["Name", "Event", "Multiplier", "Start", "End"],
                    ["Now", None, 2, None, None],
                    ["Later", "Logs in", "1,5", "2999-01-01 08:00", "2999-02-01"],
                ],
            }
        ),
        "catalogue.xlsx",
    )

    assert actions(result) == ["created"] * 4
    login = PointRule.objects.get(slug="login")
    assert (login.event, login.points, login.live) == ("logged_in", 2, True)
    assert (login.daily_limit, login.total_limit) == (10, 200)
    assert PointRule.objects.get(slug="a-page").once_per_object
    now, later = Campaign.objects.order_by("pk")
    assert (now.live, now.multiplier, now.event) == (True, Decimal(2), "")
    # It begins by itself when its time has come.
    assert not later.live
    assert later.approved_schedule
    for format in ("xlsx", "json"):
        again = import_catalogue(export_catalogue(format), f"again.{format}")
        assert actions(again) == ["skipped"] * 4


def test_changed_and_unchanged_rows_and_drafts() -> None:
    rules(LESSON, {**LESSON, "name": "Another"})
    before = Revision.objects.count()

    result = rules(LESSON, {**LESSON, "name": "Another", "points": 6}, publish=False)

    assert actions(result) == ["skipped", "updated"]
    assert Revision.objects.count() == before + 1
    assert set(PointRule.objects.values_list("points", flat=True)) == {5}
    assert b",6," in export_catalogue("csv", sheet="Point rules")


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ({"event": "visitd"}, "event", "The nearest are: visited."),
        ({"event": ""}, "event", "Choose what is paid for."),
        ({"event": "points_reached"}, "event", "is not known"),
        ({"points": 0}, "points", "less than 1"),
        ({"points": ""}, "points", "This is needed."),
        ({"points": 10**7}, "points", "1000000"),
        ({"daily_limit": 0}, "daily_limit", "less than 1"),
        ({"daily_limit": 9, "total_limit": 5}, "total_limit", "lower than the daily"),
    ],
)
def test_mistakes_of_rules(row: dict[str, Any], column: str, message: str) -> None:
    ((_number, found, said),) = errors(rules({**LESSON, **row}))

    assert found == column
    assert message in said


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ({"multiplier": "0.5"}, "multiplier", "1"),
        ({"multiplier": "much"}, "multiplier", "isn't a number"),
        ({"event": "visitd"}, "event", "The nearest are: visited."),
        ({"start": "2030-01-02", "end": "2030-01-01"}, "expire_at", "later than"),
    ],
)
def test_mistakes_of_campaigns(row: dict[str, Any], column: str, message: str) -> None:
    ((_number, found, said),) = errors(campaigns({**SUMMER, **row}))

    assert found == column
    assert message in said


def test_text_like_a_formula_stays_text() -> None:
    rules({**LESSON, "slug": "a", "name": "=1+1"})

    data = export_catalogue("csv", sheet="Point rules")

    assert ",'=1+1," in data.decode()
    assert actions(import_catalogue(data, "a.csv", sheet="Point rules")) == ["skipped"]


def test_each_sheet_needs_its_own_permission() -> None:
    user = get_user_model().objects.create_user("ada")
    codes = ["import_definitions", "add_pointrule", "publish_pointrule"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=codes))

    assert rules(LESSON, user=user, check_permissions=True).is_written
    refused = errors(campaigns(SUMMER, user=user, check_permissions=True))
    assert "You may not add campaigns." in {message for *_place, message in refused}
