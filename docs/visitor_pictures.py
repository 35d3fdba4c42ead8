"""The pictures of what visitors see.

``screenshots.py`` takes them with the others. Blocks are those of the demo's
noticeboard. The order matters: what one leaves is in the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

NOTICEBOARD = "/noticeboard/"
WIDTH, NARROW = 1280, 360
# So that no image waits for somebody to scroll down to it.
TALL = 5000
MARGIN = 16

# Somebody's first badges, of which they haven't been told.
TELL = """
from wagtail_gamification.models import GamificationInterface, Notice

kit = GamificationInterface.objects.get(user__username="kit")
if not Notice.objects.filter(interface=kit).exists():
    for slug in ("leaf-turner", "first-feather", "keen-ear"):
        kit.award(slug)
Notice.objects.filter(interface=kit).update(shown_at=None, read_at=None)
"""


def register(
    picture: Callable[..., Any],
    snapshot: Callable[..., bytes],
    work: Callable[[str], None],
) -> None:
    """Register the pictures with what takes all of them."""
    _register_blocks(picture, snapshot)
    _register_noticeboard(picture, snapshot)
    _register_boards(picture, snapshot)
    _register_gates(picture, snapshot)
    _register_profile(picture, snapshot)
    _register_sharing(picture, snapshot)
    _register_notices(picture, snapshot, work)


def _register_blocks(picture: Any, snapshot: Any) -> None:
    def block(kind: str, name: str, *, number: int = 0) -> None:
        @picture(name, user="maya")
        def take(page: Page) -> bytes:
            _open(page, NOTICEBOARD)
            return _around(page, snapshot, _part(page, kind).nth(number))

    block("standing", "block-standing")
    block("badge_shelf", "block-badge-shelf")
    block("badge", "block-badge")
    block("progress", "block-progress")
    block("unlockables", "block-unlockables")
    block("recent_awards", "block-recent-awards")
    block("claim_form", "block-claim-form")
    block("leaderboard", "block-leaderboard", number=1)


def _register_noticeboard(picture: Any, snapshot: Any) -> None:
    @picture("noticeboard", user="maya", dark=True)
    def noticeboard(page: Page) -> bytes:
        _open(page, NOTICEBOARD)
        return snapshot(page, clip=_top(WIDTH, 1400))

    @picture("noticeboard-narrow", user="maya")
    def narrow(page: Page) -> bytes:
        _open(page, NOTICEBOARD, width=NARROW)
        return snapshot(page, clip=_top(NARROW, 1100))

    @picture("noticeboard-arabic", user="maya")
    def arabic(page: Page) -> bytes:
        _open(page, f"/ar{NOTICEBOARD}")
        return snapshot(page, clip=_top(WIDTH, 1400))

    @picture("noticeboard-without-javascript", user="")
    def without_javascript(page: Page) -> bytes:
        browser = page.context.browser
        assert browser
        context = browser.new_context(
            viewport={"width": WIDTH, "height": 760}, java_script_enabled=False
        )
        plain = context.new_page()
        page.goto(NOTICEBOARD)
        plain.goto(page.url)
        png = plain.screenshot()
        context.close()
        return png


def _register_boards(picture: Any, snapshot: Any) -> None:
    @picture("leaderboard", user="maya", dark=True)
    def leaderboard(page: Page) -> bytes:
        _open(page, NOTICEBOARD)
        return _around(page, snapshot, _part(page, "leaderboard").first)

    @picture("leaderboard-around", user="idris")
    def around(page: Page) -> bytes:
        _open(page, NOTICEBOARD, width=NARROW)
        return _around(page, snapshot, _part(page, "leaderboard").last)

    @picture("leaderboard-arabic", user="maya")
    def arabic(page: Page) -> bytes:
        _open(page, f"/ar{NOTICEBOARD}", width=NARROW)
        return _around(page, snapshot, _part(page, "leaderboard").first)


def _register_gates(picture: Any, snapshot: Any) -> None:
    @picture("gate-closed", user="maya", dark=True)
    def closed(page: Page) -> bytes:
        _open(page, "/lessons/reading-a-hedge/")
        return _around(page, snapshot, page.locator(".gamification-gate").first)

    @picture("gate-closed-narrow", user="maya")
    def closed_narrow(page: Page) -> bytes:
        _open(page, "/ar/lessons/finding-saturn/", width=NARROW)
        return _around(page, snapshot, page.locator(".gamification-gate").first)

    @picture("gate-open", user="maya")
    def opened(page: Page) -> bytes:
        _open(page, "/lessons/five-songs-to-start-with/")
        return _around(page, snapshot, page.locator(".block-locked_section").first)

    @picture("locked-page", user="kit")
    def locked_page(page: Page) -> bytes:
        page.goto("/lessons/finding-saturn/")
        return snapshot(page, clip=_top(WIDTH, 520))

    # Nothing is bought: the pictures after this one would show it.
    @picture("buy", user="maya")
    def buy(page: Page) -> bytes:
        _open(page, "/lessons/reading-a-hedge/")
        page.get_by_role("link", name="Get it for 150 points").click()
        page.get_by_role("button", name="Spend 150 points").wait_for()
        return snapshot(page, clip=_top(WIDTH, 900))


def _register_profile(picture: Any, snapshot: Any) -> None:
    @picture("player-settings", user="maya")
    def settings(page: Page) -> bytes:
        _have_a_public_page(page)
        page.set_viewport_size({"width": WIDTH, "height": 1000})
        return snapshot(page)

    @picture("player-settings-narrow", user="maya")
    def settings_narrow(page: Page) -> bytes:
        _have_a_public_page(page)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": NARROW, "height": 900})
        return snapshot(page)

    @picture("public-profile", user="maya")
    def profile(page: Page) -> bytes:
        _open_public_page(page)
        page.set_viewport_size({"width": WIDTH, "height": 940})
        return snapshot(page)

    @picture("public-profile-narrow", user="maya")
    def profile_narrow(page: Page) -> bytes:
        _open_public_page(page)
        page.goto(page.url.replace("/badges/", "/ar/badges/"))
        page.set_viewport_size({"width": NARROW, "height": 900})
        return snapshot(page)


def _register_sharing(picture: Any, snapshot: Any) -> None:
    @picture("award-page", user="maya", dark=True)
    def award_page(page: Page) -> bytes:
        _open_shared_award(page)
        return snapshot(page, clip=_top(WIDTH, 900))

    @picture("share-image", user="maya")
    def share_image(page: Page) -> bytes:
        _open_shared_award(page)
        return _image_of(page)

    @picture("share-image-arabic", user="maya")
    def share_image_arabic(page: Page) -> bytes:
        _open_shared_award(page)
        page.goto(page.url.replace("/badges/", "/ar/badges/"))
        return _image_of(page)


def _register_notices(picture: Any, snapshot: Any, work: Any) -> None:
    @picture("toast", user="kit", dark=True)
    def toast(page: Page) -> bytes:
        work(TELL)
        page.goto("/lessons/")
        page.locator(".gamification-toast--floating").wait_for()
        return snapshot(page)

    @picture("notices", user="kit")
    def notices(page: Page) -> bytes:
        _have_news(page, work)
        return snapshot(page, clip=_top(WIDTH, 720))

    @picture("notices-narrow", user="kit")
    def notices_narrow(page: Page) -> bytes:
        _have_news(page, work)
        page.set_viewport_size({"width": NARROW, "height": 800})
        return snapshot(page)


def _open(page: Page, address: str, *, width: int = WIDTH) -> None:
    """Open a page with all that is loaded separately."""
    page.set_viewport_size({"width": width, "height": TALL})
    page.goto(address)
    page.wait_for_load_state("networkidle")


def _part(page: Page, kind: str) -> Locator:
    return page.locator(f".board__part--{kind}")


def _around(page: Page, snapshot: Callable[..., bytes], shown: Locator) -> bytes:
    """Take something with a margin, as far as the page has one."""
    box = shown.bounding_box()
    size = page.viewport_size
    assert box
    assert size
    left, top = max(0, box["x"] - MARGIN), max(0, box["y"] - MARGIN)
    right = min(size["width"], box["x"] + box["width"] + MARGIN)
    bottom = box["y"] + box["height"] + MARGIN
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return snapshot(page, clip=clip)


def _top(width: int, height: int) -> dict[str, int]:
    return {"x": 0, "y": 0, "width": width, "height": height}


def _have_a_public_page(page: Page) -> None:
    """Open the settings of somebody who has a public page, and hides a badge."""
    page.goto("/badges/settings/")
    for name in ("I have a public page", "Points", "Field day"):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Save").click()
    page.goto("/badges/settings/")
    page.get_by_role("link", name="Your public page").wait_for()


def _open_public_page(page: Page) -> None:
    """Open it as everybody does: without an account."""
    _have_a_public_page(page)
    page.get_by_role("link", name="Your public page").click()
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.reload()


def _open_shared_award(page: Page) -> None:
    page.goto("/badges/awards/")
    page.get_by_role("link", name="Keen ear").first.click()
    page.locator(".gamification-award").wait_for()
    share = page.get_by_role("button", name="Share this page")
    if share.count():
        share.click()
    page.get_by_role("button", name="Stop sharing").wait_for()


def _image_of(page: Page) -> bytes:
    """Fetch what other sites show beside a link to the page."""
    address = page.locator("meta[property='og:image']").get_attribute("content")
    assert address
    return page.request.get(address).body()


def _have_news(page: Page, work: Callable[[str], None]) -> None:
    work(TELL)
    # The toast, which the page itself needn't show once more.
    page.goto("/lessons/")
    page.goto("/badges/notices/")
    page.locator(".gamification-notice").first.wait_for()
