"""What is loaded separately, in a real browser."""

import pytest
from wagtail.models import Collection, Page, Site

from tests.browser.accessibility import overflow, violations
from tests.shelf_data import locale, make_badge, make_image, make_user, translate
from tests.testapp.models import BlocksPage
from wagtail_gamification.models import GamificationInterface, Level

pytestmark = pytest.mark.browser

NAMES = ["badge_shelf", "standing", "claim_form", "recent_awards"]
WINDOWS = {
    "narrow, light": {"width": 360, "color_scheme": "light"},
    "narrow, dark": {"width": 360, "color_scheme": "dark"},
    "wide, light": {"width": 1280, "color_scheme": "light"},
    "wide, dark": {"width": 1280, "color_scheme": "dark"},
    "forced colours": {"width": 1280, "forced_colors": "active"},
    "reduced motion": {"width": 360, "reduced_motion": "reduce"},
}


@pytest.fixture
def user(transactional_db):
    """A member of a site whose pages could come from a cache."""
    if not Collection.get_first_root_node():
        Collection.add_root(name="Root")
    english = locale("en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        title="Root", slug="root", locale=english
    )
    body = [{"type": name, "value": {"load_separately": True}} for name in NAMES]
    home = root.add_child(
        instance=BlocksPage(title="Home", slug="lazy", locale=english, body=body)
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    arabic = home.copy_for_translation(locale("ar"), copy_parents=True)
    arabic.title = "الصفحة"
    arabic.save_revision().publish()
    user = make_user(first_name="Ada")
    badge = make_badge(image=make_image())
    translate(badge, "ar", name="قارئ")
    badge.award(user)
    make_badge("Night owl", progression_target=10)
    GamificationInterface.objects.for_user(user).increment("night-owl", by=7)
    Level.objects.create(name="Novice", points_required=0)
    Level.objects.create(name="Master", points_required=500)
    return user


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize("path", ["/", "/ar/"], ids=["left to right", "right to left"])
def test_it_looks_as_if_it_had_always_been_there(open_page, user, window, path):
    page = open_page(path, user=user, **window)

    assert page.locator("gamification-fragment").count() == len(NAMES)
    assert page.locator(".gamification-fragment--loaded").count() == len(NAMES)
    assert page.locator("[aria-busy]").count() == 0
    assert page.locator(".gamification-badge--earned").count() == 1
    name = "قارئ" if path == "/ar/" else "Bookworm"
    assert page.locator(".gamification-badge--earned").get_by_text(name).is_visible()
    assert violations(page) == {}
    assert overflow(page) == 0


def test_visitors_see_what_there_is_to_earn(open_page, user):
    page = open_page("/")

    assert page.locator(".gamification-badge--earned").count() == 0
    assert page.locator(".gamification-badge").count() == 2


@pytest.mark.parametrize("width", [360, 1280])
def test_without_javascript_links_lead_there(open_page, user, width, expect):
    page = open_page("/", user=user, width=width, java_script_enabled=False)
    links = page.locator(".gamification-fragment__link")

    assert links.all_inner_texts() == [
        "Badges",
        "Points and level",
        "Claim a badge",
        "Recent awards",
    ]
    assert overflow(page) == 0
    # By the keyboard alone.
    page.keyboard.press("Tab")
    expect(links.first).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Badges")).to_be_visible()
    expect(page.locator(".gamification-badge--earned")).to_have_count(1)


@pytest.mark.parametrize("runs_scripts", [True, False])
def test_space_is_kept_only_for_what_comes(open_page, user, runs_scripts):
    page = open_page("/badges/claim/", user=user, java_script_enabled=runs_scripts)
    page.route("**/fragment/**", lambda route: None)
    page.goto(page.url.replace("/badges/claim/", "/"), wait_until="load")

    box = page.locator(".gamification-fragment--badge_shelf").bounding_box()

    assert (box["height"] > 200) is runs_scripts


def test_no_space_is_kept_for_notices_which_there_mostly_are_none_of(open_page, user):
    page = open_page("/", user=user)

    height = page.evaluate(
        """() => {
            const place = document.createElement("gamification-fragment");
            place.className =
                "gamification-fragment gamification-fragment--gamification_notices";
            place.textContent = "What is new";
            document.body.append(place);
            return place.getBoundingClientRect().height;
        }"""
    )

    assert height == 0


def test_a_page_of_its_own_is_as_good(open_page, user):
    page = open_page("/", user=user, java_script_enabled=False)
    address = page.locator(".gamification-fragment__link").first.get_attribute("href")

    alone = open_page(address, user=user, width=360)

    assert violations(alone) == {}
    assert overflow(alone) == 0


def test_a_claim_in_it_works(open_page, user, expect):
    page = open_page("/", user=user)

    page.get_by_label("Code").fill("nonsense")
    page.get_by_role("button", name="Claim the badge").click()

    expect(page.get_by_text("This code can't be used.")).to_be_visible()


def test_where_it_fails_the_link_stays_and_says_so(open_page, user, live_server):
    page = open_page("/badges/claim/", user=user)
    page.route("**/fragment/**", lambda route: route.abort())

    page.goto(f"{live_server.url}/", wait_until="networkidle")

    assert page.get_by_role("status").all_inner_texts() == [
        "This part could not be loaded."
    ] * len(NAMES)
    assert page.locator(".gamification-fragment__link").count() == len(NAMES)
    assert page.locator("[aria-busy]").count() == 0
    assert violations(page) == {}


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_of_the_server_is_not_put_on_the_page(
    open_page, user, live_server, status
):
    page = open_page("/badges/claim/", user=user)
    page.route(
        "**/fragment/**",
        lambda route: route.fulfill(status=status, body="<p>Broken</p>"),
    )

    page.goto(f"{live_server.url}/", wait_until="networkidle")

    assert page.get_by_text("Broken").count() == 0
    assert page.get_by_role("status").count() == len(NAMES)


def test_another_page_is_not_put_in_its_place(open_page, user, expect):
    """Some sites send everybody to sign in who hasn't."""
    page = open_page("/", user=user)

    page.evaluate(
        """document.querySelector("main").innerHTML = `
            <gamification-fragment data-error="No.">
                <a class="gamification-fragment__link" href="/badges/claim">Badges</a>
            </gamification-fragment>`"""
    )

    expect(page.get_by_role("status")).to_have_text("No.")
    assert page.locator("main form").count() == 0


def test_it_works_where_another_script_puts_it(open_page, user, expect):
    page = open_page("/", user=user)
    page.evaluate(
        """async () => {
            const html = await (await fetch("/")).text();
            const [link] = html.match(/<gamification-fragment.*?<\\/gamification-f/s);
            const all = document.createElement("div");
            all.id = "all";
            all.innerHTML = `${link}ragment>`;
            document.body.append(all);
            // Empty first, and its link after it.
            const one = all.firstElementChild.cloneNode(false);
            const a = new DOMParser().parseFromString(`${link}ragment>`, "text/html")
                .querySelector("a");
            one.id = "one";
            document.body.append(one);
            requestAnimationFrame(() => one.append(a));
        }"""
    )

    expect(page.locator("#all .gamification-badge--earned")).to_have_count(1)
    expect(page.locator("#one .gamification-badge--earned")).to_have_count(1)


def test_what_is_taken_away_is_not_waited_for(open_page, user, live_server):
    page = open_page("/badges/claim/", user=user)
    failed = []
    page.on("requestfailed", lambda request: failed.append(request.failure))
    page.route("**/fragment/**", lambda route: None)
    page.goto(f"{live_server.url}/", wait_until="load")

    page.wait_for_selector("[aria-busy]")
    page.evaluate(
        "document.querySelectorAll('gamification-fragment').forEach((f) => f.remove())"
    )
    page.wait_for_function("!document.querySelector('gamification-fragment')")
    page.wait_for_timeout(0)

    assert failed == ["net::ERR_ABORTED"] * len(NAMES)


def test_whoever_waits_on_the_link_stays_there(open_page, user, live_server, expect):
    page = open_page("/badges/claim/", user=user)
    waiting = []
    page.route("**/fragment/**", lambda route: waiting.append(route))
    page.goto(f"{live_server.url}/", wait_until="load")
    page.wait_for_selector("[aria-busy]")
    page.locator(".gamification-fragment__link").first.focus()

    while waiting:
        waiting.pop().continue_()
    page.wait_for_selector(
        ".gamification-fragment--badge_shelf.gamification-fragment--loaded"
    )

    expect(page.locator(".gamification-fragment--badge_shelf")).to_be_focused()


def test_the_page_hardly_moves(open_page, user, live_server):
    page = open_page("/badges/claim/", user=user)
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.moved += entry.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )

    page.goto(f"{live_server.url}/", wait_until="networkidle")

    # What Core Web Vitals call good.
    assert page.evaluate("window.moved") < 0.1


def test_the_script_weighs_at_most_2_kb():
    from pathlib import Path

    from django.contrib.staticfiles import finders

    script = finders.find("wagtail_gamification/js/fragment.js")
    assert len(Path(script).read_bytes()) <= 2048
