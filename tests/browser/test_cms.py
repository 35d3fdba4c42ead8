"""The CMS as an editor uses it, in a real browser."""

import re

import pytest
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Locale, Page

from tests.browser.accessibility import violations
from tests.cms.conftest import MODELS, create, create_image, url_of
from wagtail_gamification.models import (
    BadgeDefinition,
    Category,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.testing import create_player

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(django_user_model):
    return django_user_model.objects.create_superuser(
        username="ada", email="ada@example.com", password="secret"
    )


@pytest.fixture
def catalogue():
    """Two badges in a category and one in another."""
    # What migrations make, and the flush after a test takes away.
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    walking = create(Category, name="Walking")
    image = create_image()
    for name in ("Bronze boot", "Silver boot"):
        create(BadgeDefinition, name=name, category=walking, image=image)
    create(BadgeDefinition, name="Night owl", category=create(Category, name="Birds"))
    create(UnlockableDefinition)
    create(Level)
    return BadgeDefinition.objects.order_by("name")


def test_an_editor_writes_previews_and_publishes_a_badge(
    expect, open_page, editor, catalogue, settings
):
    # Requests at the same time would share the one connection to the memory.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    page = open_page(url_of("add", BadgeDefinition), user=editor)

    page.get_by_label("Name", exact=False).first.fill("Gold boot")
    page.keyboard.press("Tab")
    expect(page.locator("#id_slug")).to_have_value("gold-boot")
    page.locator("#id_points").fill("250")
    page.locator("#id_progression_target").fill("9")

    # The next badge: chosen from the dialogue, narrowed to a category.
    page.locator("#id_next_badge-chooser").get_by_role(
        "button", name="Choose badge"
    ).click()
    dialogue = page.locator(".modal-body")
    expect(dialogue.get_by_role("link", name="Night owl")).to_be_visible()
    expect(dialogue.locator("img").first).to_be_visible()
    dialogue.get_by_label("Category").select_option(label="Walking")
    expect(dialogue.get_by_role("link", name="Night owl")).to_have_count(0)
    dialogue.get_by_role("link", name="Silver boot").click()
    expect(page.locator("#id_next_badge-chooser")).to_contain_text("Silver boot")

    # The preview shows what was typed, in each mode.
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe#w-preview-iframe")
    expect(preview.locator("body")).to_contain_text("Gold boot")
    page.get_by_label("Preview mode").select_option(label="In progress")
    expect(preview.locator("progress").first).to_be_visible()

    page.get_by_role("button", name=re.compile("More actions")).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages")).to_contain_text("Gold boot")
    badge = BadgeDefinition.objects.get(slug="gold-boot")
    assert badge.live
    assert (badge.points, badge.progression_target) == (250, 9)
    assert badge.next_badge.name == "Silver boot"


def test_an_editor_puts_badges_in_order_with_the_keyboard(
    expect, open_page, editor, catalogue
):
    page = open_page(
        url_of("list", BadgeDefinition) + "?ordering=sort_order", user=editor
    )

    handle = page.locator("tr", has_text="Bronze boot").locator(
        "[data-w-orderable-target='handle']"
    )
    handle.focus()
    with page.expect_response(re.compile("/reorder/")):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

    expect(page.locator(".messages, [data-message-status]").first).to_be_visible()
    assert list(BadgeDefinition.objects.values_list("name", flat=True)) == [
        "Night owl",
        "Bronze boot",
        "Silver boot",
    ]


def test_deleting_leads_to_unpublishing_where_players_have_it(
    expect, open_page, editor, catalogue
):
    badge = catalogue.first()
    badge.award(create_player())
    page = open_page(url_of("delete", badge), user=editor)

    expect(page.get_by_role("button", name="Yes, delete")).to_have_count(0)
    page.get_by_role("link", name="Unpublish instead").click()
    page.get_by_role("button", name="Yes, unpublish it").click()

    expect(page.locator(".messages")).to_contain_text("unpublished")
    badge.refresh_from_db()
    assert not badge.live


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 420)])
def test_axe_finds_nothing_that_wagtail_itself_doesnt_have(
    visit, editor, catalogue, width, scheme
):
    """Wagtail's own lists, forms and choosers are the measure."""
    redirect = Redirect.objects.create(old_path="/old", redirect_link="/new")
    image = create_image("Measure")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    for badge in catalogue[:1]:
        badge.award(create_player())

    def found(path, prepare=None):
        page = visit(path, user=editor, width=width, color_scheme=scheme)
        if prepare is not None:
            prepare(page)
        return violations(page)

    def open_chooser(page):
        page.locator("#id_next_badge-chooser button:visible").first.click()
        page.locator(".modal-body").wait_for()

    def open_image_chooser(page):
        page.locator("#id_image-chooser button:visible").first.click()
        page.locator(".modal-body").wait_for()

    # The editor of any snippet has its title in an h2, and no h1.
    measure = {"page-has-heading-one"}.union(
        found(reverse("wagtailredirects:index")),
        found(reverse("wagtailredirects:edit", args=[redirect.pk])),
        found(reverse("wagtailredirects:delete", args=[redirect.pk])),
        found(
            reverse("wagtailadmin_pages:add", args=["testapp", "profilepage", root.pk])
        ),
        found(reverse("wagtailimages:index")),
        found(reverse("wagtailimages:edit", args=[image.pk])),
        found(url_of("add", BadgeDefinition), open_image_chooser),
    )
    badge = catalogue.first()
    ours = {
        path: found(path)
        for path in (
            *(url_of("list", model) for model in MODELS),
            url_of("list", BadgeDefinition) + "?ordering=sort_order",
            url_of("edit", badge),
            url_of("delete", badge),
            url_of("inspect", badge),
        )
    }
    ours["chooser"] = found(url_of("add", BadgeDefinition), open_chooser)

    assert not [
        (path, rule, nodes)
        for path, rules in ours.items()
        for rule, nodes in rules.items()
        if rule not in measure
    ]
