"""The lists: what they show, find, filter, order and export, and what they cost."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.testing import create_player

from .conftest import (
    MODELS,
    PUBLISHED_MODELS,
    create,
    create_image,
    form_data,
    published,
    url_of,
)

pytestmark = pytest.mark.django_db


def names_in(response):
    return [item.name for item in response.context["object_list"]]


def columns_of(response):
    return [str(column.label) for column in response.context["table"].columns.values()]


def test_the_list_of_badges_shows_what_editors_look_for(cms, badge):
    badge.image = create_image()
    badge.category = create(Category, name="Walking")
    badge.points, badge.progression_target = 1500, 7
    badge.save_revision().publish()
    badge.award(create_player())
    badge.award(create_player())
    revoked = create_player()
    badge.award(revoked)
    badge.revoke(revoked)
    create_player()

    response = cms.get(url_of("list", BadgeDefinition))

    assert columns_of(response)[1:7] == [
        "Image",
        "Name",
        "Category",
        "Points",
        "Target",
        "Earned by",
    ]
    assert columns_of(response)[-1] == "Status"
    [row] = response.context["object_list"]
    assert (row.counted_category, row.counted_points, row.counted_target) == (
        "Walking",
        1500,
        7,
    )
    assert row.players == 2
    page = response.content.decode()
    assert "1,500" in page
    # Half the size of the rendition, which is made for screens of high density.
    assert 'width="40" height="30" alt=""' in page


def test_the_lists_count_who_unlocked_and_who_reached_it(cms):
    unlockable = create(UnlockableDefinition, points_required=50)
    level = create(Level, points_required=50)
    create_player(points=60)
    create_player(points=40)

    for definition in (unlockable, level):
        response = cms.get(url_of("list", definition.__class__))
        assert [row.players for row in response.context["object_list"]] == [1]


def test_a_translation_shows_the_rules_and_the_players_of_its_original(
    cms, badge, french
):
    badge.category = create(Category, name="Walking")
    badge.save_revision().publish()
    badge.award(create_player())
    translation = badge.copy_for_translation(french)
    translation.points = 99
    translation.category = None
    translation.save()

    rows = cms.get(url_of("list", BadgeDefinition)).context["object_list"]

    shown = {(row.counted_category, row.counted_points, row.players) for row in rows}
    assert len(rows) == 2
    assert shown == {("Walking", 10, 1)}


def test_the_list_is_narrowed_to_a_language_as_wagtail_does(cms, badge, french):
    translation = badge.copy_for_translation(french)
    translation.name = "Premiers pas"
    translation.save()
    url = url_of("list", BadgeDefinition)

    assert names_in(cms.get(url, {"locale": "fr"})) == ["Premiers pas"]
    assert names_in(cms.get(url, {"is_translation": "true"})) == ["Premiers pas"]
    assert names_in(cms.get(url, {"is_translation": "false"})) == ["First steps"]
    assert len(names_in(cms.get(url))) == 2


def test_categories_stand_in_their_order_and_say_how_many_badges_they_have(
    cms, badge, french
):
    walking = create(Category, name="Walking")
    create(Category, name="Birds")
    badge.category = walking
    badge.save_revision().publish()
    badge.copy_for_translation(french).save()
    in_french = walking.copy_for_translation(french)
    in_french.name = "À pied"
    in_french.save()

    rows = cms.get(url_of("list", Category)).context["object_list"]
    assert {row.name: row.badges for row in rows} == {
        "Birds": 0,
        "Walking": 1,
        "À pied": 1,
    }
    # Where the French one stands is up to the database's collation.
    names = [row.name for row in rows if row.locale != french]
    assert names == ["Birds", "Walking"]

    response = cms.get(url_of("list", Category), {"ordering": "-badges"})
    assert names_in(response)[-1] == "Birds"


def test_the_list_for_dragging_says_when_each_was_changed(cms, badge):
    response = cms.get(url_of("list", BadgeDefinition), {"ordering": "sort_order"})

    [row] = response.context["object_list"]
    assert row._updated_at == badge.latest_revision.created_at


@pytest.mark.parametrize("ordering", ["", "players", "sort_order"])
@pytest.mark.parametrize("model", PUBLISHED_MODELS)
def test_a_list_costs_the_same_for_five_rows_and_for_fifty(login_with, model, ordering):
    client = login_with(f"change_{model._meta.model_name}")
    image = create_image()
    category = create(Category)
    url = url_of("list", model) + f"?ordering={ordering}"

    def fill(numbers):
        for number in numbers:
            fields = {"name": f"Number {number}", "image": image}
            if model is BadgeDefinition:
                fields |= {"category": category, "points": number}
            else:
                fields["points_required"] = number
            published(create(model, **fields))

    fill(range(1, 6))
    client.get(url)  # Makes the renditions.
    with CaptureQueriesContext(connection) as few:
        assert len(names_in(client.get(url))) == 5
    fill(range(6, 51))
    with CaptureQueriesContext(connection) as many:
        assert len(names_in(client.get(url))) >= 20

    assert len(many) == len(few)


def test_the_export_of_many_badges_costs_as_much_as_that_of_few(cms):
    url = url_of("list", BadgeDefinition) + "?export=csv"

    def export():
        with CaptureQueriesContext(connection) as queries:
            rows = b"".join(cms.get(url).streaming_content).splitlines()
        return len(rows), len(queries)

    published(create(BadgeDefinition, name="Number 0"))
    export()
    _rows, few = export()
    for number in range(1, 30):
        published(create(BadgeDefinition, name=f"Number {number}"))
    rows, many = export()

    assert (rows, many) == (31, few)


@pytest.mark.parametrize("model", MODELS)
def test_search_finds_a_part_of_the_name(cms, model):
    create(model, name="Night owl", slug="one")
    create(model, name="Early bird", slug="two", **_other_points(model))
    url = url_of("list", model)

    assert names_in(cms.get(url, {"q": "owl"})) == ["Night owl"]
    assert names_in(cms.get(url, {"q": "OWL nig"})) == ["Night owl"]
    assert names_in(cms.get(url, {"q": "tw"})) == ["Early bird"]
    assert names_in(cms.get(url, {"q": "owl bird"})) == []


def _other_points(model):
    return {"points_required": 7} if model in (UnlockableDefinition, Level) else {}


def test_search_finds_drafts_by_their_own_name_and_by_the_published_one(cms, badge):
    badge.name = "Giant leap"
    badge.save_revision()
    create(BadgeDefinition, name="Never published", live=False)
    url = url_of("list", BadgeDefinition)

    assert names_in(cms.get(url, {"q": "giant"})) == ["First steps"]
    assert names_in(cms.get(url, {"q": "first st"})) == ["First steps"]
    assert names_in(cms.get(url, {"q": "never"})) == ["Never published"]
    # The list calls it by the name it will have.
    assert "Giant leap" in cms.get(url).content.decode()


def test_search_and_ordering_work_together(cms):
    for name, points in [("Owl one", 3), ("Owl two", 9), ("Bird", 5)]:
        create(BadgeDefinition, name=name, points=points)

    response = cms.get(
        url_of("list", BadgeDefinition), {"q": "owl", "ordering": "-counted_points"}
    )

    assert names_in(response) == ["Owl two", "Owl one"]


def test_badges_are_filtered_by_what_they_are(cms, french):
    walking = create(Category, name="Walking")
    with_all = create(
        BadgeDefinition,
        name="All",
        category=walking,
        is_secret=True,
        progression_target=3,
    )
    create(BadgeDefinition, name="Nothing", live=False)
    translation = with_all.copy_for_translation(french)
    translation.category = None
    translation.is_secret = False
    translation.progression_target = None
    translation.name = "Tout"
    translation.save()
    url = url_of("list", BadgeDefinition)

    for query in (
        {"category": walking.pk},
        {"is_secret": "true"},
        {"has_target": "true"},
    ):
        assert set(names_in(cms.get(url, query))) == {"All", "Tout"}, query
    for query in ({"is_secret": "false"}, {"has_target": "false"}):
        assert names_in(cms.get(url, query)) == ["Nothing"], query


def test_lists_are_filtered_by_status(cms):
    soon = timezone.now() + timedelta(days=1)
    published(create(BadgeDefinition, name="Live"))
    changed = published(create(BadgeDefinition, name="Changed"))
    changed.points = 5
    changed.save_revision()
    create(BadgeDefinition, name="Draft", live=False)
    scheduled = create(BadgeDefinition, name="Scheduled", live=False, go_live_at=soon)
    scheduled.save_revision().publish()
    url = url_of("list", BadgeDefinition)

    def found(status):
        return set(names_in(cms.get(url, {"status": status})))

    assert found("live") == {"Live", "Changed"}
    assert found("draft") == {"Draft", "Scheduled"}
    assert found("changed") == {"Changed"}
    assert found("scheduled") == {"Scheduled"}
    assert found("nonsense") == {"Live", "Changed", "Draft", "Scheduled"}
    page = cms.get(url).content.decode()
    assert "live + draft" in page
    assert "scheduled" in page


def test_columns_order_the_list(cms):
    walking, reading = create(Category, name="W"), create(Category, name="R", slug="r")
    create(BadgeDefinition, name="B", points=9, progression_target=1, category=reading)
    popular = create(
        BadgeDefinition, name="A", points=1, progression_target=5, category=walking
    )
    popular.award(create_player())
    url = url_of("list", BadgeDefinition)

    for ordering, expected in {
        "name": "AB",
        "-name": "BA",
        "counted_points": "AB",
        "-counted_points": "BA",
        "counted_target": "BA",
        "counted_category": "BA",
        "players": "BA",
        "-players": "AB",
        "live": "AB",
        "no_such_column": "AB",
    }.items():
        found = names_in(cms.get(url, {"ordering": ordering}))
        assert sorted(found) == ["A", "B"]
        if ordering != "live":
            assert "".join(found) == expected, ordering


@pytest.mark.parametrize("model", [BadgeDefinition, Category, UnlockableDefinition])
def test_dragging_moves_a_definition_even_when_nobody_dragged_before(
    cms, model, french
):
    for name in "ABCD":
        create(model, name=name)
    translation = model.objects.get(name="D").copy_for_translation(french)
    translation.name = "D in French"
    translation.save()

    moved = model.objects.get(name="D")
    response = cms.post(url_of("reorder", moved) + "?position=1")

    assert response.json() == {"success": True}
    in_order = model.objects.originals().values_list("name", "sort_order")
    assert list(in_order) == [("A", 1), ("D", 2), ("B", 3), ("C", 4)]
    translation.refresh_from_db()
    assert translation.sort_order == 2
    dragging = cms.get(url_of("list", model), {"ordering": "sort_order"})
    assert names_in(dragging) == ["A", "D", "B", "C"]
    assert ModelLogEntry.objects.filter(
        action="wagtail.reorder", object_id=str(moved.pk)
    ).exists()


@pytest.mark.parametrize("position", ["", "99", "-1", "x"])
def test_a_place_that_isnt_in_the_list_is_its_end(cms, position):
    for name in "ABC":
        create(BadgeDefinition, name=name)

    first = BadgeDefinition.objects.get(name="A")
    cms.post(url_of("reorder", first) + f"?position={position}")

    assert "".join(BadgeDefinition.objects.values_list("name", flat=True)) == "BCA"


def test_dragging_leaves_drafts_as_they_are(cms, badge):
    badge.name = "A draft"
    badge.save_revision()
    create(BadgeDefinition, name="Other")

    cms.post(url_of("reorder", badge) + "?position=1")
    badge.refresh_from_db()
    assert (badge.name, badge.sort_order) == ("First steps", 2)
    badge.latest_revision.publish()

    badge.refresh_from_db()
    assert (badge.name, badge.sort_order) == ("A draft", 2)


def test_a_new_badge_comes_last_once_somebody_has_dragged(cms, badge):
    add = url_of("add", BadgeDefinition)
    cms.post(add, form_data(BadgeDefinition, name="Second"))
    assert BadgeDefinition.objects.get(name="Second").sort_order == 0

    cms.post(url_of("reorder", badge) + "?position=1")
    cms.post(add, form_data(BadgeDefinition, name="A third"))

    assert list(BadgeDefinition.objects.values_list("name", flat=True)) == [
        "Second",
        "First steps",
        "A third",
    ]


def test_levels_stand_in_the_order_of_their_points_and_cant_be_dragged(cms):
    create(Level, name="High", points_required=900)
    create(Level, name="Low", points_required=1)

    response = cms.get(url_of("list", Level))

    assert names_in(response) == ["Low", "High"]
    assert "Sort item order" not in response.content.decode()
    with pytest.raises(NoReverseMatch):
        url_of("reorder", Level.objects.first())


def exported_csv(cms, model):
    response = cms.get(url_of("list", model), {"export": "csv"})
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(StringIO(text)))


def exported_cells(cms, model):
    response = cms.get(url_of("list", model), {"export": "xlsx"})
    content = b"".join(response.streaming_content)
    response.close()
    sheet = load_workbook(BytesIO(content)).active
    headings, *rows = sheet.iter_rows()
    return [
        {heading.value: cell for heading, cell in zip(headings, row, strict=True)}
        for row in rows
    ]


def test_badges_are_exported_with_headings_that_say_what_they_are(cms):
    silver = create(BadgeDefinition, name="Silver", live=False)
    bronze = create(
        BadgeDefinition,
        name="Bronze",
        points=5,
        progression_target=3,
        category=create(Category, name="Metals"),
        next_badge=silver,
    )
    bronze.award(create_player())

    row, _other = exported_csv(cms, BadgeDefinition)

    assert row == {
        "Name": "Bronze",
        "Slug": "bronze",
        "Locale": "en",
        "Category": "Metals",
        "Points": "5",
        "Target": "3",
        "Next badge": "silver",
        "Secret": "False",
        "Most awards": "",
        "Expires after (days)": "",
        "Players who earned it": "1",
        "Status": "live",
    }
    cells = exported_cells(cms, BadgeDefinition)[0]
    assert list(cells) == list(row)
    assert cells["Points"].value == 5


@pytest.mark.parametrize("model", MODELS)
def test_every_list_is_exported(cms, model):
    create(model)

    [row] = exported_csv(cms, model)

    assert (row["Name"], row["Slug"]) == ("First steps", "first-steps")
    assert list(exported_cells(cms, model)[0]) == list(row)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1"])
def test_a_name_doesnt_become_a_formula_in_an_export(cms, name):
    create(BadgeDefinition, name=name, slug="formula")

    assert exported_csv(cms, BadgeDefinition)[0]["Name"] == f"'{name}"
    cell = exported_cells(cms, BadgeDefinition)[0]["Name"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_an_image_whose_file_is_gone_doesnt_break_the_list(cms, badge):
    badge.image = create_image()
    badge.save_revision().publish()
    badge.image.file.storage.delete(badge.image.file.name)

    assert cms.get(url_of("list", BadgeDefinition)).status_code == 200
