"""The shape of the code: which way imports point, and what is public."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import wagtail_gamification

PACKAGE = Path(wagtail_gamification.__file__).parent
NEVER = ("wagtail.admin", "import_export", "rest_framework", "ninja")
INNER = ("models", "requirements", "events", "actions", "shelf", "leaderboards")
# Each layer may import itself and those before it.
LAYERS = ("models", "requirements", "actions")
OUTER = ("cms", "spreadsheets", "api", "templatetags", "blocks", "tasks", "admin")


def modules_of(name):
    path = PACKAGE / name
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def imports_of(path, *, module_level=False):
    tree = ast.parse(path.read_text())
    nodes = tree.body if module_level else ast.walk(tree)
    package = [PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: -node.level] if node.level else []
            yield ".".join([*base, *([node.module] if node.module else [])])


@pytest.mark.parametrize("name", INNER)
def test_the_inner_modules_know_no_admin_no_spreadsheets_and_no_api(name):
    for path in modules_of(name):
        if path.exists():
            forbidden = [found for found in imports_of(path) if found.startswith(NEVER)]
            assert forbidden == [], path


@pytest.mark.parametrize("name", INNER)
def test_imports_point_one_way(name):
    later = (*LAYERS[LAYERS.index(name) + 1 :], *OUTER) if name in LAYERS else OUTER
    forbidden = tuple(f"{PACKAGE.name}.{module}" for module in later)
    for path in modules_of(name):
        if path.exists():
            upward = [
                found
                for found in imports_of(path, module_level=True)
                if found.startswith(forbidden)
            ]
            assert upward == [], path


def test_the_public_names_exist():
    for name in wagtail_gamification.__all__:
        assert getattr(wagtail_gamification, name) is not None
    assert set(wagtail_gamification.__all__) <= set(dir(wagtail_gamification))


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        wagtail_gamification.nothing  # noqa: B018


def test_the_package_can_be_imported_before_django_is_set_up():
    code = "import wagtail_gamification; print(wagtail_gamification.__version__)"

    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert result.stdout.strip() == wagtail_gamification.__version__, result.stderr


def test_modules_fit_on_a_few_screens():
    lengths = {
        path.relative_to(PACKAGE): len(path.read_text().splitlines())
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts
    }

    assert {path: length for path, length in lengths.items() if length > 400} == {}
