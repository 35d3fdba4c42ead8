"""The documentation is built without a warning, and asks nobody else for anything."""

import re
import subprocess
import sys

import pytest

from .blocks import DOCS

pytestmark = pytest.mark.docs


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    output = tmp_path_factory.mktemp("html")
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "--fail-on-warning",
            "--keep-going",
            "--quiet",
            *("--doctree-dir", tmp_path_factory.mktemp("doctrees")),
            *("--builder", "html"),
            DOCS,
            output,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return output


def test_every_page_is_built(site):
    pages = {
        page.relative_to(DOCS).with_suffix(".html")
        for page in DOCS.rglob("*.md")
        if "_build" not in page.parts
    }

    assert pages
    assert {page for page in pages if not (site / page).exists()} == set()


def test_no_page_loads_anything_from_elsewhere(site):
    loaded = re.compile(
        r"""(?:<link[^>]+href|<(?:script|img|iframe|source)[^>]+src)=["']?"""
        r"""((?:https?:)?//[^"'\s>]+)"""
    )
    for page in site.rglob("*.html"):
        assert loaded.findall(page.read_text(encoding="utf-8")) == [], page
    for sheet in site.rglob("*.css"):
        fetched = re.findall(
            r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)]+", sheet.read_text()
        )
        assert fetched == [], sheet
