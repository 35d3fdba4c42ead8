"""The whole way through an import, as an editor goes it in a browser.

The browser test asks it whether all is well on each screen; the documentation takes
its pictures there. So the guide shows what is tested.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from PIL import Image

SANDBOX = Path(__file__).resolve().parents[2] / "sandbox"
CATALOGUE = SANDBOX / "catalogue.xlsx"
IMAGES = SANDBOX / "images.zip"

# A heading that nobody can know the meaning of, and one that means nothing to us.
UNKNOWN, REMARKS = "Worth", "Remarks"
MISSPELT = "hedgerwo"
REASON = "Did you mean “hedgerow”?"
REFUSED = "toadstool"
CHANGED = {"bumblebee": 20, "acorn": 15}
NEW = {
    "wren-in-the-ivy": ("Wren in the ivy", "first-feather.png", "birds", 15),
    "barn-owl": ("Barn owl", "owl-light.png", "birds", 25),
    "limpet-line": ("Limpet line", "shell-seeker.png", "shore", 10),
}
# The pages on which an import is watched. Whoever walks does a worker's part there,
# if the site has none that does its tasks at once.
BUSY = ("checking", "progress", "undoing")

OnScreen = Callable[[str], Any]


def definitions() -> openpyxl.Workbook:
    """Give the demo's catalogue without its rules: they name what its code declares."""
    book = openpyxl.load_workbook(CATALOGUE)
    for title in ("Requirements", "Point rules", "Campaigns"):
        del book[title]
    return book


def prepare(folder: Path) -> tuple[Path, Path]:
    """Write the demo's catalogue with new badges, changes, a typo and odd headings.

    :return: the workbook, and the ZIP with the images that it names
    """
    book = definitions()
    sheet = book["Badges"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        slug = sheet.cell(row, columns["slug"]).value
        is_original = sheet.cell(row, columns["locale"]).value == "en"
        if slug in CHANGED:
            sheet.cell(row, columns["points"]).value = CHANGED[slug]
        if slug == REFUSED and is_original:
            sheet.cell(row, columns["category"]).value = MISSPELT
    for slug, (name, _image, category, points) in NEW.items():
        values = {
            "slug": slug,
            "locale": "en",
            "name": name,
            "image": f"{slug}.png",
            "category": category,
            "points": points,
        }
        row = sheet.max_row + 1
        for column, value in values.items():
            sheet.cell(row, columns[column]).value = value
    sheet.cell(1, columns["points"]).value = UNKNOWN
    sheet.cell(1, sheet.max_column + 1).value = REMARKS
    workbook = folder / "spring-badges.xlsx"
    book.save(workbook)
    return workbook, _with_new_images(folder / "spring-images.zip")


def _with_new_images(path: Path) -> Path:
    """Add an image of its own for each new badge: one that is there, recoloured."""
    path.write_bytes(IMAGES.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        names = {Path(name).name: name for name in archive.namelist()}
        for slug, (_name, source, _category, _points) in NEW.items():
            with archive.open(names[source]) as file:
                picture = Image.open(file).convert("RGBA")
            red, green, blue, alpha = picture.split()
            stream = io.BytesIO()
            Image.merge("RGBA", (green, blue, red, alpha)).save(stream, "PNG")
            archive.writestr(f"{slug}.png", stream.getvalue())
    return path


def walk(
    page: Any, base_url: str, workbook: Path, images: Path, on_screen: OnScreen
) -> None:
    """Import a workbook, take it back, and look at the history.

    :param page: a Playwright page on which an editor is logged in
    :param on_screen: called on each screen with its name, in this order: upload,
        match, preview, new, changed, refused, choose, result, undo, undone, history;
        and between them those of ``BUSY`` on a site whose tasks wait for a worker
    """
    page.goto(f"{base_url}/admin/")
    _open_history(page)
    page.get_by_role("link", name="Import…", exact=True).first.click()
    _reach(page, on_screen, "upload", "Import")

    page.get_by_label("Spreadsheet").set_input_files(workbook)
    page.get_by_label("Images").set_input_files(images)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("combobox", name=UNKNOWN).select_option("points")
    _reach(page, on_screen, "match", "Match columns")

    page.get_by_role("button", name="Check the file").click()
    _watch(page, on_screen, "checking", "Preview")
    _reach(page, on_screen, "preview", "Preview")

    for name, link in (("new", "New"), ("changed", "Changed"), ("refused", "Refused")):
        choose_rows(page, link)
        _reach(page, on_screen, name, "Preview")
    choose_rows(page, "All rows")

    page.get_by_role("radio", name="Import the good rows").check()
    start = page.get_by_role("button", name="Import 5 rows")
    start.scroll_into_view_if_needed()
    _reach(page, on_screen, "choose", "Preview")
    start.dblclick()
    _watch(page, on_screen, "progress", "Import done")
    _reach(page, on_screen, "result", "Import done")

    page.get_by_role("link", name="Undo…").click()
    _reach(page, on_screen, "undo", "Undo the import")
    page.get_by_role("button", name="Undo the import").click()
    _watch(page, on_screen, "undoing", "Import undone")
    _reach(page, on_screen, "undone", "Import undone")

    _open_history(page)
    _reach(page, on_screen, "history", "Import history")


def download_refused(page: Any, folder: Path) -> Path:
    """Take the refused rows home, as XLSX."""
    with page.expect_download() as started:
        page.get_by_role("link", name="XLSX", exact=True).click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def _open_history(page: Any) -> None:
    """Choose Import in the menu, which is behind a button on a small screen."""
    toggle = page.locator("button.sidebar-nav-toggle")
    if toggle.is_visible():
        toggle.click()
    page.get_by_role("button", name="Gamification").click()
    page.get_by_role("link", name="Import", exact=True).click()


def choose_rows(page: Any, outcome: str) -> None:
    """Show only the rows with one outcome."""
    links = page.get_by_role("navigation", name="Filter by outcome")
    # "Changed" is also the end of "Unchanged".
    name = re.compile(f"^{outcome}")
    links.get_by_role("link", name=name).click()
    links.locator("[aria-current=page]").filter(has_text=name).wait_for()


def _watch(page: Any, on_screen: OnScreen, name: str, title: str) -> None:
    """Wait until the work is done, if there is a page that says that it isn't."""
    done = page.get_by_role("heading", name=title)
    bar = page.locator("#import-progress")
    done.or_(bar).first.wait_for(state="attached")
    if bar.count():
        page.wait_for_load_state("networkidle")
        on_screen(name)
        # The page goes on by itself.
        bar.wait_for(state="detached")


def _reach(page: Any, on_screen: OnScreen, name: str, title: str) -> None:
    page.get_by_role("heading", name=title).first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    on_screen(name)
