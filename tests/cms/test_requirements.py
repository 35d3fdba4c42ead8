"""What a badge asks for, as editors write it."""

import sys
from types import ModuleType, SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from wagtail_gamification.events import Event, object_key_of, temporary_events
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    Requirement,
)
from wagtail_gamification.requirements import sentence_of
from wagtail_gamification.testing import create_badge_definition, create_player

from .conftest import create, form_data, published, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def events():
    """The events of a site with lessons, which are pages, and levels."""
    with temporary_events():
        yield SimpleNamespace(
            lesson=Event(
                "lesson_completed",
                "Completes a lesson",
                target_model="wagtailcore.Page",
                category="Lessons",
            ),
            thanks=Event("thanked", "Says thank you", category="Manners"),
        )


@pytest.fixture
def page():
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    return root.add_child(title="Course", slug="course")


def ask(badge, *requirements):
    """Publish the badge with these requirements."""
    badge.requirements = [Requirement(**fields) for fields in requirements]
    published(badge)
    return list(Requirement.objects.filter(badge_definition=badge))


def row(number=0, **fields):
    """Give what a browser sends of a row that is filled in as little as it takes."""
    values = {
        "kind": "event",
        "event": "thanked",
        "target": "1",
        "counting": "every",
        "ORDER": str(number + 1),
    } | fields
    return {f"requirements-{number}-{name}": value for name, value in values.items()}


def with_rows(*rows, stored=0, **fields):
    data = form_data(BadgeDefinition, **fields)
    data |= {
        "requirements-TOTAL_FORMS": str(len(rows)),
        "requirements-INITIAL_FORMS": str(stored),
    }
    for each in rows:
        data |= each
    return data


def save(cms, badge, *rows, action="publish", **options):
    data = with_rows(*rows, slug=badge.slug, name=badge.name, **options)
    return cms.post(url_of("edit", badge), data | {f"action-{action}": "1"})


def errors_of(response):
    formset = response.context["form"].formsets["requirements"]
    return [
        {
            name: [error.code for error in errors.as_data()]
            for name, errors in row.items()
        }
        for row in formset.errors
    ]


def test_a_badge_is_saved_with_its_requirements_in_their_order(cms, badge, page):
    level = create(Level, name="Gold")

    response = save(
        cms,
        badge,
        row(
            0,
            event="lesson_completed",
            target="3",
            counting="objects",
            within_days="30",
            page=str(page.pk),
            is_below="on",
            # Left over from other kinds.
            level=str(level.pk),
            group="1",
        ),
        row(
            1, kind="level", event="nonsense", target="", level=str(level.pk), group="1"
        ),
        row(2, kind="membership", target="7"),
    )

    assert response.status_code == 302
    assert [sentence_of(each) for each in badge.requirements.all()] == [
        "Completes a lesson 3 times, different pages, within 30 days, "
        "only below “Course”",
        "Reaches the level “Gold”",
        "Has been a member for 7 days",
    ]
    first = badge.requirements.first()
    assert (first.level, first.group) == (None, 1)
    assert first.object_key == object_key_of(page)
    badge.refresh_from_db()
    assert badge.progression_target == 2


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"event": ""}, {"event": ["required"]}),
        ({"event": "no_more"}, {"event": ["unknown_event"]}),
        ({"event": "points_reached"}, {"event": ["invalid_choice"]}),
        ({"target": ""}, {"target": ["required"]}),
        ({"target": "0"}, {"target": ["min_value"]}),
        ({"kind": "points", "target": ""}, {"target": ["required"]}),
        ({"kind": "no_more"}, {"kind": ["invalid_choice"]}),
        ({"kind": "level"}, {"level": ["required"]}),
        ({"kind": "badge"}, {"badge": ["either"]}),
        (
            {"counting": "days", "within_days": "2", "target": "3"},
            {"target": ["invalid"]},
        ),
        (
            {"event": "lesson_completed", "is_below": "on"},
            {"is_below": ["invalid"]},
        ),
        (
            {"event": "lesson_completed", "page": "999999"},
            {"page": ["invalid_choice"]},
        ),
        (
            {"event": "level_reached", "object_key": "x:1"},
            {"object_key": ["invalid_choice"]},
        ),
    ],
)
def test_an_error_stands_beside_the_field_of_its_row(cms, badge, fields, errors):
    response = save(cms, badge, row(0), row(1, **fields))

    assert response.status_code == 200
    found = errors_of(response)
    assert found == [{}, errors]
    assert not badge.requirements.exists()


def test_what_the_way_of_counting_hides_is_emptied(cms, badge, page):
    save(
        cms,
        badge,
        row(0, counting="days_in_a_row", within_days="9", allows_rest_days="on"),
        row(1, within_days="9", allows_rest_days="on", page=page.pk, is_below="on"),
    )

    first, second = badge.requirements.all()
    assert (first.within_days, first.allows_rest_days) == (None, True)
    assert (second.within_days, second.allows_rest_days) == (9, False)
    assert (second.object_key, second.is_below) == ("", False)


def test_an_object_that_is_no_page_is_chosen_from_a_list(cms, badge):
    gold, silver = create(Level, name="Gold"), create(Level, points_required=5)
    key = object_key_of(gold)

    save(cms, badge, row(0, event="level_reached", object_key=key))

    [stored] = badge.requirements.all()
    assert stored.object_key == key
    page = cms.get(url_of("edit", badge)).content.decode()
    assert f'<option value="{key}" selected>Gold</option>' in page
    assert f'value="{object_key_of(silver)}"' in page
    response = save(cms, badge, row(0, event="badge_earned", object_key=key))
    assert errors_of(response) == [{"object_key": ["other_model"]}]


def test_an_event_that_is_gone_stays_chosen_and_is_complained_of(cms, badge):
    [stored] = ask(badge, {"event": "no_more"})

    page = cms.get(url_of("edit", badge)).content.decode()
    assert '<option value="no_more" selected>' in page
    assert "this event is not known any more" in page

    response = save(cms, badge, row(0, event="no_more", id=stored.pk), stored=1)
    assert errors_of(response) == [{"event": ["unknown_event"]}]


def test_circles_are_refused_with_the_path_beside_the_field(cms, badge):
    middle = published(create_badge_definition("Middle"))
    ask(middle, {"kind": "badge", "badge": badge})
    draft = published(create_badge_definition("Draft"))
    draft.requirements = [Requirement(kind="badge", badge=middle)]
    draft.save_revision()

    for needed, path in (
        (middle, "First steps → Middle → First steps"),
        (draft, "First steps → Draft → Middle → First steps"),
    ):
        response = save(cms, badge, row(0, kind="badge", badge=needed.pk))

        assert errors_of(response) == [{"badge": ["circle"]}]
        assert path in response.content.decode()
    response = save(cms, badge, row(0, kind="badge", badge=badge.pk))
    assert errors_of(response)[0]["badge"] == ["invalid_choice"]


def test_the_rows_show_what_their_kind_needs_by_the_rules_of_wagtail(cms, badge):
    ask(badge, {"kind": "points", "target": 100})

    page = cms.get(url_of("edit", badge)).content.decode()

    assert "Has 100 points" in page
    for prefix in ("requirements-0", "requirements-__prefix__"):
        rule = f"[[&quot;{prefix}-kind&quot;, [&quot;level&quot;]], "
        assert f'data-w-rules-target="show" data-w-rules="{rule}' in page
    assert page.index('<optgroup label="Lessons"') > 0


def test_a_translation_has_no_rows_and_says_what_the_original_asks_for(
    cms, badge, french
):
    ask(badge, {"kind": "points", "target": 100})
    translation = badge.copy_for_translation(french)
    translation.save()

    page = cms.get(url_of("edit", translation)).content.decode()
    assert "requirements-TOTAL_FORMS" not in page
    assert "id_awards_retroactively" not in page
    assert "gamification-qualifying" not in page
    assert "Has 100 points" in page

    save(cms, translation, row(0, kind="points", target="5"))
    assert badge.requirements.get().target == 100


def test_a_copy_asks_for_the_same(cms, badge):
    ask(badge, {"kind": "points", "target": 100})

    form = cms.get(url_of("copy", badge)).context["form"]
    [copied] = form.formsets["requirements"].forms
    assert (copied["kind"].value(), copied["target"].value()) == ("points", 100)
    data = with_rows(row(0, kind="points", target="100", id=""), stored=1, name="Copy")
    cms.post(url_of("add", BadgeDefinition), data)

    copy = BadgeDefinition.objects.get(name="Copy")
    assert [each.target for each in copy.requirements.all()] == [100]
    assert "Has 100 points" in cms.get(url_of("inspect", copy)).content.decode()


@pytest.mark.parametrize("action", ["publish", "edit"])
def test_saving_warns_of_what_nobody_can_meet_and_goes_through(
    cms, badge, page, action
):
    birds = create(Category, name="Birds")
    rows = [
        row(0, event="lesson_completed", counting="objects", target="40"),
        # An alternative that can be met excuses the other.
        row(1, kind="badge", category=birds.pk, target="2", group="1"),
        row(2, kind="points", group="1"),
        row(3, kind="badge", badge=create(BadgeDefinition, name="D", live=False).pk),
        row(4, event="signed_up", target="2"),
    ]

    response = save(cms, badge, *rows, action=action)

    assert response.status_code == 302
    warnings = [
        str(message)
        for message in cms.get(response.url).context["messages"]
        if message.level_tag == "warning"
    ]
    exist = Page.objects.count()
    assert warnings == [
        f"Completes a lesson 40 times, different pages: only {exist} exist.",
        "Earns the badge “D”: it isn't published.",
        "Signs up 2 times: more than 1 isn't possible.",
    ]


@pytest.fixture
def qualifying(monkeypatch):
    """Answers of the count, and what it was asked."""
    asked = []
    players = (create_player(username="grace"), create_player(username="joan"))
    answer = SimpleNamespace(
        count=12, is_complete=True, players=players, above_half=31, points=120
    )

    def find_qualifying(definition, requirements, **options):
        asked.append((definition, requirements, options))
        return answer

    module = ModuleType("wagtail_gamification.actions.qualifying")
    module.find_qualifying = find_qualifying
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return SimpleNamespace(asked=asked, answer=answer, player=players[0])


def count(client, *args, rows=(), **options):
    return client.post(
        url_of("qualifying", BadgeDefinition, *args),
        with_rows(*rows, **options),
        headers={"x-requested-with": "XMLHttpRequest"},
    )


def test_who_qualifies_is_counted_for_the_form_as_it_stands(cms, badge, qualifying):
    [stored] = ask(badge, {"kind": "points", "target": 100})
    rows = [
        row(0, kind="points", target="50", id=stored.pk),
        row(1, kind="points", target="9", DELETE="1"),
        row(2, event="thanked", target="4", ORDER="0"),
    ]

    # The name is missing: that is no reason not to count.
    response = count(cms, badge.pk, rows=rows, stored=1, name="", points="7")

    [(definition, requirements, options)] = qualifying.asked
    assert (definition.pk, definition.points) == (badge.pk, 7)
    assert [each.target for each in requirements] == [4, 50]
    assert options == {"seconds": 2, "names": 10}
    fragment = " ".join(response.content.decode().split())
    assert "12 players would earn it now" in fragment
    edit_url = reverse("wagtailusers_users:edit", args=[qualifying.player.user_id])
    assert f'<a href="{edit_url}"><bdi>grace</bdi></a>' in fragment
    for text in ("and 10 others", "31 players", "120 points"):
        assert text in fragment
    # Nothing was saved.
    assert badge.requirements.get().target == 100

    qualifying.answer.is_complete = False
    fragment = count(cms, rows=[row(0)]).content.decode()
    assert "At least 12 players" in " ".join(fragment.split())


def test_who_qualifies_says_what_is_missing(cms, badge, qualifying):
    assert b"no requirements" in count(cms, badge.pk).content
    fragment = count(cms, badge.pk, rows=[row(0, kind="level")]).content.decode()
    assert "complete yet" in fragment
    assert qualifying.asked == []


@pytest.mark.parametrize(
    ("permissions", "may_add", "may_change"),
    [
        ((), 403, 403),
        (("view_badgedefinition",), 403, 403),
        (("add_badgedefinition",), 200, 403),
        (("change_badgedefinition",), 403, 200),
    ],
)
def test_only_editors_of_badges_may_count(
    login_with, badge, qualifying, permissions, may_add, may_change
):
    client = login_with(*permissions)

    assert count(client, rows=[row(0)]).status_code == may_add
    assert count(client, badge.pk, rows=[row(0)]).status_code == may_change
    assert client.get(url_of("qualifying", badge)).status_code in (302, 403, 405)


def test_names_are_for_those_who_may_see_players(login_with, badge, qualifying):
    client = login_with("change_badgedefinition")
    fragment = count(client, badge.pk, rows=[row(0)]).content.decode()
    assert "12" in fragment
    assert "grace" not in fragment

    group = client.get("/admin/").wsgi_request.user.groups.get()
    group.permissions.add(Permission.objects.get(codename="view_gamificationinterface"))
    fragment = count(client, badge.pk, rows=[row(0)]).content.decode()
    assert "<li><bdi>grace</bdi></li>" in fragment


def test_the_side_panel_counts_with_the_form_of_the_page(cms, badge):
    for url, target in (
        (url_of("edit", badge), url_of("qualifying", badge)),
        (url_of("add", BadgeDefinition), url_of("qualifying", BadgeDefinition)),
    ):
        page = cms.get(url).content.decode()
        assert f'data-w-swap-src-value="{target}"' in page
        assert "w-swap:error-&gt;w-clone#add" in page or "w-swap:error->w-clone" in page


def test_the_editor_chooses_what_the_publication_does(cms, badge):
    response = cms.get(url_of("edit", badge))
    form = response.context["form"]
    assert form["awards_retroactively"].value() is True
    assert form["tells_retroactively"].value() is False

    save(cms, badge, row(0), tells_retroactively="on")

    badge.refresh_from_db()
    assert not badge.awards_retroactively
    assert badge.tells_retroactively


def test_rows_cost_no_queries_of_their_own(cms, badge):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            cms.get(url_of("edit", badge))
        return len(captured)

    ask(badge, {"kind": "points", "target": 1})
    queries()
    one = queries()
    ask(badge, *({"kind": "points", "target": target} for target in range(1, 6)))

    assert queries() <= one


def test_revisions_are_compared_in_words(cms, badge, page):
    ask(badge, {"event": "lesson_completed", "object_key": object_key_of(page)})
    [asked] = badge.requirements.all()
    asked.target = 3
    badge.requirements = [asked, Requirement(kind="points", target=9, group=2)]
    badge.save_revision()

    response = cms.get(url_of("revisions_compare", badge, "live", "latest"))

    html = response.content.decode()
    changed = '<span class="deletion">once</span><span class="addition">3 times</span>'
    assert f"Completes a lesson {changed}, only “Course”" in html
    assert "Has 9 points" in html
