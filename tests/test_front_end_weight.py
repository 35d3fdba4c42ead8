"""What visitors' browsers load: small, and from the site itself."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from wagtail_gamification.templatetags.gamification_tags import SCRIPTS, STYLESHEETS

STYLES = [f"wagtail_gamification/css/{name}.css" for name in STYLESHEETS]
CODE = [f"wagtail_gamification/js/{name}.js" for name in SCRIPTS]


def read(name):
    path = finders.find(name)
    assert path, f"{name} is named in gamification_tags and is not there."
    return Path(path).read_bytes()


def weight(names):
    """Give the bytes of these files as servers send them, each compressed."""
    return sum(len(gzip.compress(read(name), 9)) for name in names)


def test_all_stylesheets_together_weigh_at_most_8_kb():
    assert 0 < weight(STYLES) <= 8 * 1024


def test_all_scripts_together_weigh_at_most_4_kb():
    assert weight(CODE) <= 4 * 1024


@pytest.mark.parametrize("name", STYLES)
def test_no_declaration_is_dropped_for_a_keyword_among_other_values(name):
    declarations = re.findall(r"[a-z-]+: [^;{]+;", read(name).decode())

    dropped = [one for one in declarations if re.search(r"unset\s+\S|\S\s+unset;", one)]

    assert [one for one in dropped if not re.fullmatch(r"[a-z-]+: unset;", one)] == []


@pytest.mark.parametrize("name", [*STYLES, *CODE])
def test_no_file_asks_another_host(name):
    # Addresses in comments and of XML's namespaces ask nobody.
    text = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", read(name).decode(), flags=re.S | re.M)
    text = text.replace("http://www.w3.org/", "")

    assert re.findall(r"https?://|url\(\s*['\"]?//|@import", text) == []
