"""Point rules and campaigns in the CMS."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wagtail_gamification.events import Event, temporary_events
from wagtail_gamification.models import Campaign, PointChange, PointRule
from wagtail_gamification.testing import create_player

from .conftest import published, url_of

pytestmark = pytest.mark.django_db
RULES = [PointRule, Campaign]


@pytest.fixture(autouse=True)
def events():
    with temporary_events():
        Event("lesson_done", "Completes a lesson", category="Learning")
        yield


def make(model, name="Lessons", **fields):
    if model is PointRule:
        fields.setdefault("points", 5)
    return model.objects.create(
        name=name, event=fields.pop("event", "lesson_done"), **fields
    )


def data_for(model, **fields):
    data = {"name": "Lessons", "slug": "", "event": "lesson_done"}
    if model is PointRule:
        data |= {"points": "5", "daily_limit": "", "total_limit": ""}
    else:
        data |= {"multiplier": "2"}
    return data | {"go_live_at": "", "expire_at": ""} | fields


def errors_of(response):
    return {
        name: list(found) for name, found in response.context["form"].errors.items()
    }


def names_in(response):
    return [item.name for item in response.context["object_list"]]


@pytest.mark.parametrize("model", RULES)
def test_an_editor_drafts_publishes_copies_and_deletes(cms, model):
    response = cms.post(url_of("add", model), data_for(model))
    rule = model.objects.get()
    assert (rule.slug, rule.live) == ("lessons", False), response.content
    cms.post(
        url_of("edit", rule), data_for(model, **{"action-publish": "action-publish"})
    )
    rule.refresh_from_db()
    assert rule.live

    copied = cms.get(url_of("copy", rule)).context["form"].initial
    assert (copied["name"], copied["slug"]) == ("Copy of Lessons", "")
    assert copied["event"] == "lesson_done"
    assert "Completes a lesson" in cms.get(url_of("inspect", rule)).content.decode()
    cms.post(url_of("delete", rule))
    assert not model.objects.exists()


def test_a_rule_that_has_paid_stays_so_that_it_can_be_taken_back(cms, admin_client):
    rule, idle = make(PointRule), make(PointRule, name="Idle")
    PointChange.objects.create(interface=create_player(), amount=5, rule=rule)
    bulk = reverse(
        "wagtail_bulk_action", args=["wagtail_gamification", "pointrule", "delete"]
    )
    bulk = f"{bulk}?id={rule.pk}&id={idle.pk}"

    page = cms.get(url_of("delete", rule)).content.decode()
    assert "prevent it from being deleted" in page
    assert url_of("unpublish", rule) in page
    assert "Yes, delete" not in page
    assert cms.post(url_of("delete", rule)).status_code == 409
    assert "Yes, delete" not in cms.get(bulk).content.decode()
    cms.post(bulk)
    change = reverse("admin:wagtail_gamification_pointrule_delete", args=[rule.pk])
    admin_client.post(change, {"post": "yes"})
    with pytest.raises(ProtectedError, match="Unpublish it instead"):
        rule.delete()

    assert PointRule.objects.count() == 2
    idle.delete()


@pytest.mark.parametrize(
    ("model", "fields", "field", "message"),
    [
        (PointRule, {"event": ""}, "event", "Choose what is paid for."),
        (PointRule, {"event": "points_reached"}, "event", "Select a valid choice"),
        (PointRule, {"event": "nonsense"}, "event", "Select a valid choice"),
        (PointRule, {"points": "0"}, "points", "greater than or equal to 1"),
        (PointRule, {"points": ""}, "points", "required"),
        (PointRule, {"daily_limit": "0"}, "daily_limit", "greater than or equal"),
        (
            PointRule,
            {"daily_limit": "9", "total_limit": "8"},
            "total_limit",
            "can't be lower than the daily limit",
        ),
        (PointRule, {"slug": "taken"}, "slug", "has this slug already"),
        (PointRule, {"slug": "drafted"}, "slug", "has this slug already"),
        (Campaign, {"multiplier": "0.5"}, "multiplier", "greater than or equal to 1"),
        (Campaign, {"multiplier": "101"}, "multiplier", "less than or equal to 100"),
        (Campaign, {"slug": "taken"}, "slug", "has this slug already"),
        (
            Campaign,
            {"go_live_at": "2090-01-02 10:00", "expire_at": "2090-01-01 10:00"},
            "go_live_at",
            "Go live date/time must be before",
        ),
    ],
)
def test_bad_input_gets_an_error_beside_its_field(cms, model, fields, field, message):
    taken = published(make(model, slug="taken"))
    taken.slug = "drafted"
    taken.save_revision()

    response = cms.post(url_of("add", model), data_for(model, **fields))

    assert message in errors_of(response)[field][0]
    assert model.objects.count() == 1


def test_events_are_offered_by_category_and_only_those_that_can_be_counted(cms):
    choices = dict(
        cms.get(url_of("add", PointRule)).context["form"]["event"].field.choices
    )

    assert choices["Learning"] == [("lesson_done", "Completes a lesson")]
    assert "points_reached" not in str(choices)


@pytest.mark.parametrize("model", RULES)
def test_an_event_that_is_gone_stays_chosen_and_is_reported(cms, model):
    rule = make(model, event="was_removed")

    form = cms.get(url_of("edit", rule)).context["form"]
    assert ("was_removed", "Unknown event (was_removed)") in form[
        "event"
    ].field.choices[-1][1]
    assert form["event"].value() == "was_removed"
    assert "is not known any more" in str(form["event"].help_text)

    response = cms.post(url_of("edit", rule), data_for(model, event="was_removed"))
    assert "not known any more" in errors_of(response)["event"][0]
    assert (
        "Unknown event (was_removed)" in cms.get(url_of("list", model)).content.decode()
    )


def test_a_campaign_without_event_is_for_all_rules_and_is_scheduled(cms):
    start, end = timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=3)
    cms.post(
        url_of("add", Campaign),
        data_for(
            Campaign,
            event="",
            multiplier="1.50",
            go_live_at=start.strftime("%Y-%m-%d %H:%M"),
            expire_at=end.strftime("%Y-%m-%d %H:%M"),
            **{"action-publish": "action-publish"},
        ),
    )
    campaign = Campaign.objects.get()
    assert (campaign.event, campaign.multiplier) == ("", Decimal("1.50"))
    assert not campaign.live

    page = cms.get(url_of("list", Campaign)).content.decode()

    assert "All point rules" in page
    assert "\N{MULTIPLICATION SIGN} 1.5" in page
    assert f"{start.year}" in page
    assert " to " in page
    assert "scheduled" in page
    assert (
        "starts when it goes live" in cms.get(url_of("edit", campaign)).content.decode()
    )


def test_the_list_of_rules_shows_limits_and_is_searched_filtered_and_ordered(cms):
    make(
        PointRule,
        "Lessons",
        points=7,
        once_per_object=True,
        daily_limit=20,
        total_limit=1000,
    )
    make(PointRule, "Visits", event="visited", points=1, live=False)
    url = url_of("list", PointRule)

    page = cms.get(url).content.decode()
    assert "once for each object, 20 a day, 1,000 in all" in page
    assert 'class="gamification-scroll"' in page
    assert "css/imports.css" in page
    for query, expected in [
        ({"q": "less"}, ["Lessons"]),
        ({"event": "visited"}, ["Visits"]),
        ({"status": "live"}, ["Lessons"]),
        ({"status": "draft"}, ["Visits"]),
        ({"ordering": "points"}, ["Visits", "Lessons"]),
        ({"ordering": "-points"}, ["Lessons", "Visits"]),
        ({}, ["Lessons", "Visits"]),
    ]:
        assert names_in(cms.get(url, query)) == expected, query
    make(Campaign, "All", event="")
    make(Campaign, "Some")
    assert names_in(cms.get(url_of("list", Campaign), {"event": "*"})) == ["All"]


@pytest.mark.parametrize("model", RULES)
def test_a_list_costs_the_same_for_two_rows_and_for_ten(cms, model):
    url = url_of("list", model)

    def fill(numbers):
        for number in numbers:
            published(make(model, f"Number {number}"))

    fill(range(2))
    cms.get(url)
    with CaptureQueriesContext(connection) as few:
        cms.get(url)
    fill(range(2, 10))
    with CaptureQueriesContext(connection) as many:
        cms.get(url)

    assert len(many) == len(few)


@pytest.mark.parametrize("model", RULES)
def test_permissions_are_asked_on_the_server(login_with, model):
    rule = make(model, live=False)
    name = model._meta.model_name
    client = login_with(f"change_{name}")

    assert client.get(url_of("list", model)).status_code == 200
    # Wagtail sends those without permission away from its editor.
    for view, target in [("add", model), ("delete", rule)]:
        url = url_of(view, target)
        assert client.post(url).headers["Location"] == reverse("wagtailadmin_home")
    client.post(
        url_of("edit", rule), data_for(model, **{"action-publish": "action-publish"})
    )
    rule.refresh_from_db()
    assert not rule.live


def test_others_see_neither_list_nor_menu(login_with):
    client = login_with("change_level")

    home = client.get(reverse("wagtailadmin_home")).content.decode()
    for model in RULES:
        assert client.get(url_of("list", model)).status_code == 302
        assert url_of("list", model) not in home
