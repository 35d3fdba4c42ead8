"""Take the pictures of the documentation from the demo site: `make screenshots`.

The demo is loaded into a temporary SQLite database of its own and served on a free
port; a headless Chromium looks at it as its members and editors do. Names on the
command line take only those pictures; ``--data DIR`` keeps the demo's data there, so
that the next run needn't load it again.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import community_pictures
import player_pictures
import rule_pictures
import visitor_pictures
import visitor_screens
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser import import_walk  # noqa: E402

IMAGES = ROOT / "docs" / "images"
PASSWORD = "lapwing"  # noqa: S105 (the demo's, printed by `make demo`)
SNIPPETS = "/admin/snippets/wagtail_gamification"
LARGEST = 150_000
SECONDS = 60

Picture = Callable[[Page], bytes]
PICTURES: dict[str, tuple[str, Picture]] = {}
# The demo site, while it is.
SERVED: list[Any] = []

# The pictures of one import: the screen of the walk that each shows, and its height.
IMPORT_SCREENS = {
    "import-upload": ("upload", 940),
    "import-match": ("match", 1020),
    "import-preview": ("new", 720),
    "import-changed": ("changed", 600),
    "import-refused": ("refused", 520),
    "import-choose": ("choose", 760),
    "import-progress": ("progress", 460),
    "import-result": ("result", 900),
    "import-undo": ("undo", 860),
    "import-history": ("history", 460),
}
IMPORTS = [f"{name}{dark}" for name in IMPORT_SCREENS for dark in ("", "-dark")]

WAITING = """
from sandbox.settings import *

TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
"""
# What happens in the background: half of the work, all of it, and somebody earns it.
WORK = """
from django.contrib.auth import get_user_model
from wagtail_gamification.models import BadgeDefinition, ImportJob
from wagtail_gamification.spreadsheets import runs
from wagtail_gamification.spreadsheets.progress import ProgressNote
from wagtail_gamification.spreadsheets.results import Stage

job = ImportJob.objects.latest("created_at")
match "{step}":
    case "half":
        job.move("queued", to="running")
        ProgressNote(job).write(Stage.WRITING, 41, 110)
    case "checking":
        runs.preview(str(job.pk))
    case "progress":
        job.move("running", to="queued")
        runs.run(str(job.pk))
    case "undoing":
        runs.undo(str(job.pk))
    case "result":
        badge = BadgeDefinition.objects.get(slug="barn-owl", locale__language_code="en")
        badge.award(get_user_model().objects.get(username="maya"))
"""


def picture(name: str, *, user: str, dark: bool = False) -> Any:
    """Register a picture; with ``dark``, a second one in dark colours."""

    def register(take: Picture) -> Picture:
        PICTURES[name] = (user, take)
        if dark:
            PICTURES[f"{name}-dark"] = (user, take)
        return take

    return register


@picture("shelf", user="maya", dark=True)
def shelf(page: Page) -> bytes:
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto("/profile/")
    # One category is enough to show all states.
    box = page.locator(".gamification-shelf").first.bounding_box()
    margin = 24
    clip = {
        "x": box["x"] - margin,
        "y": box["y"] - margin,
        "width": box["width"] + 2 * margin,
        "height": box["height"] + 2 * margin,
    }
    return snapshot(page, clip=clip)


@picture("profile", user="maya")
def profile(page: Page) -> bytes:
    page.goto("/profile/")
    return snapshot(page, clip={"x": 0, "y": 0, "width": 1280, "height": 900})


@picture("badge-list", user="editor", dark=True)
def badge_list(page: Page) -> bytes:
    page.goto(f"{SNIPPETS}/badgedefinition/?locale=en")
    return snapshot(page)


@picture("badge-edit", user="editor", dark=True)
def badge_edit(page: Page) -> bytes:
    page.set_viewport_size({"width": 1280, "height": 2000})
    open_badge(page, "Keen ear")
    return snapshot(page)


@picture("badge-preview", user="editor")
def badge_preview(page: Page) -> bytes:
    open_badge(page, "Keen ear")
    page.get_by_role("button", name="Toggle preview").click()
    frame = page.frame_locator("#w-preview-iframe")
    frame.locator(".gamification-badge").first.wait_for()
    page.locator("select[name=preview_mode], #id_preview_mode").first.select_option(
        "in_progress"
    )
    frame.locator(".gamification-badge--in-progress").first.wait_for()
    return snapshot(page)


@picture("badge-chooser", user="editor")
def badge_chooser(page: Page) -> bytes:
    open_badge(page, "Keen ear")
    chooser = page.locator("[data-contentpath=next_badge]")
    chooser.get_by_role("button").first.click()
    chooser.get_by_text("Choose another").first.click()
    dialogue = page.locator(".modal-content")
    dialogue.get_by_role("table").wait_for()
    return snapshot(page)


@picture("translation", user="editor")
def translation(page: Page) -> bytes:
    page.set_viewport_size({"width": 1280, "height": 1300})
    page.goto(f"{SNIPPETS}/badgedefinition/?q=first-footprint&locale=fr")
    page.locator("table a[href*='/edit/']").first.click()
    page.wait_for_load_state("networkidle")
    return snapshot(page)


@picture("schedule", user="editor")
def schedule(page: Page) -> bytes:
    open_badge(page, "Keen ear")
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    page.get_by_role("dialog").wait_for()
    return snapshot(page)


@picture("delete-refused", user="editor")
def delete_refused(page: Page) -> bytes:
    open_badge(page, "Keen ear")
    page.goto(page.url.replace("/edit/", "/delete/"))
    return snapshot(page, clip={"x": 0, "y": 0, "width": 1280, "height": 480})


@picture("unlockable-list", user="editor")
def unlockable_list(page: Page) -> bytes:
    page.goto(f"{SNIPPETS}/unlockabledefinition/?locale=en")
    return snapshot(page, clip={"x": 0, "y": 0, "width": 1280, "height": 640})


@picture("level-list", user="editor")
def level_list(page: Page) -> bytes:
    page.goto(f"{SNIPPETS}/level/?locale=en")
    return snapshot(page, clip={"x": 0, "y": 0, "width": 1280, "height": 700})


def import_pictures(page: Page, site: Demo, names: set[str]) -> dict[str, bytes]:
    """Go through an import, and take what there is to see on the way."""
    pictures: dict[str, bytes] = {}
    shown = {screen: (name, size) for name, (screen, size) in IMPORT_SCREENS.items()}

    def on_screen(screen: str) -> None:
        if screen == "progress":
            site.work("half")
            page.get_by_text("41").first.wait_for()
        name, height = shown.get(screen, ("", 0))
        for dark in ("", "-dark"):
            if f"{name}{dark}" in names:
                page.emulate_media(color_scheme="dark" if dark else "light")
                page.set_viewport_size({"width": 1280, "height": height})
                show(page, screen)
                pictures[f"{name}{dark}"] = snapshot(page)
        page.emulate_media(color_scheme="light")
        if screen in (*import_walk.BUSY, "result"):
            site.work(screen)

    files = import_walk.prepare(site.data)
    import_walk.walk(page, site.address, *files, on_screen)
    return pictures


def show(page: Page, screen: str) -> None:
    """Scroll to what a screen is about, and look at the rest of it from the top."""
    sought = {
        "match": page.get_by_role("combobox", name=import_walk.UNKNOWN),
        "choose": page.get_by_role("radio", name="Import the good rows"),
    }.get(screen)
    if sought:
        sought.evaluate("element => element.scrollIntoView({block: 'center'})")
    else:
        page.evaluate("window.scrollTo(0, 0)")


def snapshot(page: Page, **options: Any) -> bytes:
    """Take what is on the screen, once its images are there and nothing moves."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        """() => [...document.images]
            .filter((image) => image.getBoundingClientRect().top < innerHeight)
            .every((image) => image.complete)"""
    )
    return page.screenshot(animations="disabled", **options)


def work(code: str) -> None:
    """Run Python on the demo site that is served, as a worker would."""
    [site] = SERVED
    site.manage("shell", "-v", "0", "-c", code)


def open_badge(page: Page, name: str) -> None:
    """Open the editor of an original badge, and let its fields come to rest."""
    page.goto(f"{SNIPPETS}/badgedefinition/?q={name}&locale=en")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.locator(".Draftail-Editor").first.wait_for()
    page.wait_for_load_state("networkidle")


rule_pictures.register(picture, snapshot, open_badge)
player_pictures.register(picture, snapshot)
community_pictures.register(picture, snapshot, work)
visitor_pictures.register(picture, snapshot, work)
visitor_screens.register(picture, snapshot, work)


def compressed(png: bytes) -> bytes:
    """Make a PNG as small as its colours allow, at most ``LARGEST`` bytes."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        stream = BytesIO()
        picture.quantize(
            colours,
            method=Image.Quantize.MEDIANCUT,
            # Rare colours, such as those of small pictures, survive only by this.
            kmeans=8,
            dither=Image.Dither.NONE,
        ).save(stream, "PNG", optimize=True)
        if stream.tell() <= LARGEST:
            break
    return stream.getvalue()


@dataclass(frozen=True)
class Demo:
    """The demo site while it is served."""

    address: str
    data: Path
    manage: Callable[..., None]

    def work(self, step: str) -> None:
        """Do what a worker would: the site's own tasks wait for one."""
        work(WORK.format(step=step))


@contextmanager
def demo_site(data: Path) -> Iterator[Demo]:
    """Load the demo, serve it, and give it."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(data)]),
        "SANDBOX_DATA": str(data),
    }
    command = [sys.executable, str(ROOT / "sandbox" / "manage.py")]

    def manage(*arguments: str) -> None:
        subprocess.run([*command, *arguments], env=environment, check=True)

    database, loaded = data / "db.sqlite3", data / "loaded.sqlite3"
    if not loaded.exists():
        manage("migrate", "-v", "0")
        manage("load_demo")
        manage("gamification_summarise")
        shutil.copy(database, loaded)
    # What is done for the pictures would be seen in the next ones.
    shutil.copy(loaded, database)
    # From now on tasks wait, so that there is something to see of them.
    (data / "waiting.py").write_text(WAITING)
    environment["DJANGO_SETTINGS_MODULE"] = "waiting"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (data / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "runserver", "--noreload", f"127.0.0.1:{port}"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(address, server)
        SERVED.append(Demo(address, data, manage))
        yield SERVED[0]
    finally:
        SERVED.clear()
        server.terminate()
        server.wait(timeout=SECONDS)


def wait_for(address: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=SECONDS):  # noqa: S310
                return
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The demo site could not be served.")


def write(name: str, png: bytes) -> None:
    size = (IMAGES / f"{name}.png").write_bytes(compressed(png))
    print(f"{name}.png: {size // 1000} kB")


@contextmanager
def page_of(browser: Browser, address: str, user: str, *, dark: bool) -> Iterator[Page]:
    """Give a page on which ``user`` is logged in; nobody where it is empty."""
    context = browser.new_context(
        base_url=address,
        color_scheme="dark" if dark else "light",
        locale="en-GB",
        reduced_motion="reduce",
        timezone_id="Europe/London",
        viewport={"width": 1280, "height": 900},
    )
    page = context.new_page()
    if user:
        in_cms = user == "editor"
        page.goto("/admin/login/" if in_cms else "/login/")
        page.locator("input[name=username]").fill(user)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_load_state("networkidle")
    yield page
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*PICTURES, *IMPORTS, []])
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        raise SystemExit("No Chromium was found. Install it, or name it in CHROMIUM.")
    IMAGES.mkdir(exist_ok=True)
    names = options.names or [*PICTURES, *IMPORTS]
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        data = options.data or Path(temporary)
        data.mkdir(exist_ok=True)
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        with demo_site(data) as site:
            for name in names:
                if name in PICTURES:
                    user, take = PICTURES[name]
                    dark = name.endswith("-dark")
                    with page_of(browser, site.address, user, dark=dark) as page:
                        page.mouse.move(0, 0)
                        write(name, take(page))
            if imports := set(names).intersection(IMPORTS):
                with page_of(browser, site.address, "editor", dark=False) as page:
                    for name, png in import_pictures(page, site, imports).items():
                        write(name, png)
        browser.close()


if __name__ == "__main__":
    main()
