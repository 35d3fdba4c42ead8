"""A badge from its making to a player's shelf, in a real browser."""

import re

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, Site

from tests.browser.accessibility import violations
from tests.cms.conftest import url_of
from tests.shelf_data import locale
from tests.testapp.models import ProfilePage
from wagtail_gamification.events import Event, temporary_events
from wagtail_gamification.models import BadgeDefinition
from wagtail_gamification.testing import create_level, create_player

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LESSONS = ("One", "Two")
OF_EVENTS = ["Kind", "Event", "How many", "Count", "Within days"]


@pytest.fixture
def lesson_completed():
    with temporary_events():
        yield Event(
            "lesson_completed",
            "Completes a lesson",
            target_model="wagtailcore.Page",
            category="Lessons",
        )


@pytest.fixture
def course():
    """A site whose start page is the profile of players, and a course."""
    if not Collection.get_first_root_node():
        Collection.add_root(name="Root")
    english = locale("en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        title="Root", slug="root", locale=english
    )
    profile = root.add_child(
        instance=ProfilePage(title="Your profile", slug="profile", locale=english)
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=profile, is_default_site=True)
    course = root.add_child(title="Course", slug="course", locale=english)
    for title in LESSONS:
        course.add_child(title=title, slug=title.lower(), locale=english)
    return course


@pytest.fixture
def editor(django_user_model):
    return django_user_model.objects.create_superuser(
        username="ada", email="ada@example.com", password="secret"
    )


class Row:
    """A new requirement in the form."""

    def __init__(self, page, expect, number):
        page.get_by_role("button", name="Add requirement").click()
        self.expect = expect
        self.box = page.locator(f"#inline_child_requirements-{number}")
        self.prefix = f"#id_requirements-{number}-"

    def field(self, name):
        return self.box.locator(f"{self.prefix}{name}")

    def shows(self, *labels):
        """Wait until exactly these fields show, besides the group."""
        seen = self.box.locator(".w-field__label:visible")
        starts = [re.compile(rf"^\s*{label}\*?\s*$") for label in (*labels, "Group")]
        self.expect(seen).to_have_text(starts)


def build(page, expect):
    """Ask for two lessons of the course, and for a level or 30 points."""
    lessons = Row(page, expect, 0)
    lessons.shows(*OF_EVENTS)
    lessons.field("counting").select_option(label="days in a row")
    lessons.shows(*OF_EVENTS[:-1], "Rest days")
    lessons.field("counting").select_option(label="different objects")
    lessons.field("event").select_option(label="Reaches a level")
    lessons.shows(*OF_EVENTS, "Only this one")
    lessons.field("event").select_option(label="Completes a lesson")
    lessons.shows(*OF_EVENTS, "Only this page", "Pages below this page")
    lessons.field("target").fill("2")
    lessons.box.get_by_role("button", name="Choose a page").click()
    page.locator(".modal-body").get_by_role("link", name="Course").click()
    expect(lessons.field("page-chooser")).to_contain_text("Course")
    lessons.field("is_below").check()

    level = Row(page, expect, 1)
    level.field("kind").select_option(label="Reaches a level")
    level.shows("Kind", "Level")
    level.box.get_by_role("button", name="Choose level").click()
    page.locator(".modal-body").get_by_role("link", name="Gold").click()
    expect(level.field("level-chooser")).to_contain_text("Gold")
    level.field("group").fill("1")

    points = Row(page, expect, 2)
    points.field("kind").select_option(label="Has points")
    points.shows("Kind", "How many")
    points.field("target").fill("30")
    points.field("group").fill("1")


def test_an_editor_builds_a_badge_and_visitors_earn_it(
    expect, open_page, editor, course, lesson_completed, settings
):
    # Requests at the same time would share the one connection to the memory.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    create_level("Gold", 500)
    lessons = list(course.get_children())
    grace = create_player(points=40, username="grace")
    joan = create_player(username="joan")
    for lesson in lessons:
        lesson_completed.record(grace, target=lesson)
    redirect = Redirect.objects.create(old_path="/old", redirect_link="/new")
    measure = violations(
        open_page(f"/admin/redirects/{redirect.pk}/", user=editor)
    ).keys() | {
        # Wagtail's own: the title of any snippet's editor, and its rich text.
        "page-has-heading-one",
        "aria-input-field-name",
    }

    page = open_page(url_of("add", BadgeDefinition), user=editor)
    page.locator("#id_name").fill("Scholar")
    page.locator("#id_points").fill("7")
    publication = page.locator("#panel-when_it_is_published-section")
    expect(publication).to_be_hidden()
    build(page, expect)
    expect(publication).to_be_visible()

    # Who would earn it, before anything is saved.
    page.get_by_role("button", name="Toggle who qualifies").click()
    answer = page.locator("#gamification-qualifying")
    count = page.get_by_role("button", name="Count who qualifies")
    count.click()
    expect(answer).to_contain_text("1 player would earn it now")
    expect(answer.get_by_role("link", name="grace")).to_be_visible()
    expect(answer).to_contain_text("7 points")
    assert violations(page).keys() <= measure
    page.route("**/qualifying/**", lambda route: route.fulfill(status=500))
    count.click()
    expect(page.get_by_text("This could not be counted.")).to_be_visible()
    expect(answer).to_be_hidden()
    page.unroute("**/qualifying/**")
    page.locator("#id_requirements-2-target").fill("41")
    count.click()
    expect(answer).to_contain_text("0 players would earn it now")
    expect(page.get_by_text("This could not be counted.")).to_be_hidden()

    # An error stands in its row; what is saved reads back in words.
    page.locator("#id_requirements-2-target").fill("")
    page.get_by_role("button", name="Save draft").click()
    last = page.locator("#inline_child_requirements-2")
    expect(last.locator(".error-message")).to_contain_text("required")
    page.locator("#id_requirements-2-target").fill("30")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".gamification-sentence")).to_have_text(
        [
            "Completes a lesson 2 times, different pages, only below “Course”",
            "Reaches the level “Gold”",
            "Has 30 points",
        ]
    )
    assert violations(page).keys() <= measure
    page.get_by_role("button", name=re.compile("More actions")).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages")).to_contain_text("Scholar")

    # Grace had done it all before; Joan does it now.
    badge = BadgeDefinition.objects.get(name="Scholar")
    assert badge.live
    assert badge.badges.filter(interface=grace, acquired=True).exists()
    for lesson in lessons:
        lesson_completed.record(joan.user, target=lesson)
    shelf = open_page("/", user=joan.user).locator(".gamification-badge").first
    expect(shelf).to_contain_text("Scholar")
    expect(shelf).not_to_contain_text("Earned")
    joan.change_points(30)
    shelf = open_page("/", user=joan.user).locator(".gamification-badge").first
    expect(shelf).to_contain_text("Earned")
