"""A real browser. Where it is missing, these tests fail: they have not passed."""

import os
import shutil
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def _orm_beside_the_browser() -> Iterator[None]:
    """Playwright runs an event loop in this thread, in which Django's ORM refuses."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def chromium(_orm_beside_the_browser):
    """The system's Chromium; CHROMIUM names another one."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ["chromium", "chromium-browser"])), None
    )
    assert path, "No Chromium was found. Install it, or name it: CHROMIUM=/path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def expect():
    """What Playwright waits for. Imported late: only these tests need Playwright."""
    from playwright.sync_api import expect

    return expect


@pytest.fixture
def open_page(chromium, live_server, client):
    """Open an address of the site as a user, in a window of some kind."""
    contexts = []

    def open_page(path, *, user=None, width=1280, height=900, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        if user is not None:
            client.force_login(user)
            cookie = client.cookies["sessionid"]
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
            )
        page = context.new_page()
        page.goto(f"{live_server.url}{path}", wait_until="networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def visit(open_page, live_server):
    """Open one address after another in the same window, one for each user.

    A window of its own for each address takes twice the work.
    """
    pages = {}

    def visit(path, *, user=None, **window):
        key = (user and user.pk, str(window))
        if key in pages:
            pages[key].goto(f"{live_server.url}{path}", wait_until="networkidle")
        else:
            pages[key] = open_page(path, user=user, **window)
        return pages[key]

    return visit
