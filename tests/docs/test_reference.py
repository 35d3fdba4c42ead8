"""The reference names everything that is public, and nothing is left out."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.template import engines
from django.utils.module_loading import import_string

import wagtail_gamification
from wagtail_gamification import (
    blocks,
    checks,
    leaderboards,
    models,
    shelf,
    signals,
    spreadsheets,
    testing,
)
from wagtail_gamification.conf import app_settings
from wagtail_gamification.spreadsheets.resources import COLUMNS
from wagtail_gamification.templatetags import gamification_tags, nodes

from .blocks import DOCS

REFERENCE = DOCS / "reference"
PACKAGE = Path(wagtail_gamification.__file__).parent
TEMPLATES = PACKAGE / "templates"
# What these say stands in the template that editors download, and nowhere else.
EXPLAINED = {"instructions", "template"}
# What Django gives every command.
DJANGO_OPTIONS = {
    "--force-color",
    "--help",
    "--no-color",
    "--pythonpath",
    "--settings",
    "--skip-checks",
    "--traceback",
    "--verbosity",
    "--version",
}


def read(page):
    return (REFERENCE / f"{page}.md").read_text(encoding="utf-8")


def sections(page, level=2):
    """Give the text below each heading of a page, by the heading without its marks."""
    marks = "#" * level
    parts = re.split(rf"^{marks} (.+)$", read(page), flags=re.MULTILINE)
    headings = [heading.replace("`", "") for heading in parts[1::2]]
    return dict(zip(headings, parts[2::2], strict=True))


def code(text):
    """Give every name that stands between backticks."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`([^`]+)`", prose))


def words(text):
    """Give every name within the code of a text, also within calls and paths."""
    return {word for span in code(text) for word in re.findall(r"[\w-]+", span)}


@pytest.mark.parametrize("name", app_settings.all())
def test_every_setting_has_a_section_with_type_and_default(name):
    section = sections("settings", level=3)[name]
    setting = app_settings.all()[name]

    default = '""' if setting.default == "" else str(setting.default)
    assert "Type: " in section
    assert default.replace("'", '"') in section.replace("'", '"')


def test_no_setting_is_documented_that_does_not_exist():
    documented = set(sections("settings", level=3))

    assert documented == set(app_settings.all())


@pytest.mark.parametrize("name", wagtail_gamification.__all__)
def test_every_public_name_is_documented(name):
    assert name in words(read("api"))


@pytest.mark.parametrize("module", [shelf, leaderboards, spreadsheets, testing, models])
def test_every_name_of_the_public_modules_is_documented(module):
    page = "models" if module is models else "api"
    documented = words(read(page)) | set(sections(page)) | set(sections(page, level=3))

    assert set(module.__all__) - documented == set()


@pytest.mark.parametrize(
    "model",
    [
        getattr(models, name)
        for name in models.__all__
        if hasattr(getattr(models, name), "_meta")
    ],
    ids=lambda model: model.__name__,
)
def test_every_field_of_every_model_is_documented(model):
    found = sections("models")
    section = found[model.__name__]
    if hasattr(model, "translation_key"):
        section += found["What all definitions share"]
    fields = {field.name for field in model._meta.concrete_fields}

    assert fields - code(section) == set()


@pytest.mark.parametrize(
    "model",
    [models.BadgeDefinition, models.GamificationInterface, models.Badge],
    ids=lambda model: model.__name__,
)
def test_every_method_of_a_model_is_documented(model):
    documented = words(read("models"))
    own = {
        name
        for name, value in vars(model).items()
        if not name.startswith("_")
        and (isinstance(value, property) or callable(value))
        and getattr(value, "__module__", PACKAGE.name).startswith(PACKAGE.name)
    }
    # What Wagtail and Django call, and what exceptions Django adds.
    inherited = {"clean", "save", "preview_modes", "DoesNotExist", "NotUpdated"}
    inherited |= {"MultipleObjectsReturned", "objects", "acquired_objects"}
    own = {name for name in own if not name.startswith("get_")} - inherited

    assert own - documented == set()


@pytest.mark.parametrize("tag", gamification_tags.register.tags)
def test_every_tag_has_a_section_with_all_its_arguments(tag):
    section = sections("tags")[tag]
    handler = gamification_tags.register.tags[tag]

    arguments = set()
    node = getattr(handler, "__self__", None)
    if node is not None and issubclass(node, nodes.ShelfNode):
        parameters = list(inspect.signature(node.read).parameters)[2:]
        arguments = {*parameters, "user", "viewer"}
        assert node.template_name in section
    assert arguments - words(section) == set()
    assert f"{{% {tag}" in section


@pytest.mark.parametrize("name", blocks.__all__)
def test_every_block_has_a_section_with_all_its_fields(name):
    section = sections("blocks")[name]

    fields = set(getattr(getattr(blocks, name), "base_blocks", {}))
    for base in ("TagBlock", "PersonalBlock"):
        fields -= code(sections("blocks")[base])
    assert fields - code(section) == set()


def test_every_filter_is_documented():
    assert set(gamification_tags.register.filters) - code(read("tags")) == set()


def sent_signals():
    """Give what each signal brings: the keyword arguments of each call that sends."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "send_on_commit"
                and node.args
            ):
                arguments = {keyword.arg for keyword in node.keywords}
                found.setdefault(node.args[0].id, set()).update(arguments)
    return found


def test_every_signal_has_a_section_with_all_its_arguments():
    sent = sent_signals()
    declared = {
        name
        for name, value in vars(signals).items()
        if isinstance(value, signals.Signal)
    }
    assert set(sent) == declared

    found = sections("signals")
    assert set(found) == declared
    for name, arguments in sent.items():
        documented = set(re.findall(r"^\| `(\w+)` \|", found[name], re.MULTILINE))
        assert documented == {"sender", *arguments}, name


@pytest.mark.parametrize(
    "name",
    sorted(path.stem for path in (PACKAGE / "management/commands").glob("[!_]*.py")),
)
def test_every_command_has_a_section_with_all_its_options(name):
    section = sections("commands")[name]
    parser = load_command_class("wagtail_gamification", name).create_parser("", name)
    arguments = {
        option
        for action in parser._actions
        for option in (
            [o for o in action.option_strings if o.startswith("--")] or [action.dest]
        )
    } - DJANGO_OPTIONS
    documented = {span.partition(" ")[0] for span in code(section)}

    assert arguments - documented == set()


@pytest.mark.parametrize(
    ("sheet", "column"),
    [(sheet, column) for sheet, columns in COLUMNS.items() for column in columns],
)
def test_every_column_of_the_catalogue_is_documented(sheet, column):
    assert column in code(sections("catalogue", level=3)[sheet])


def messages_of_the_import():
    """Give each message as the reference writes it, with dots for what varies."""
    for path in (PACKAGE / "spreadsheets").rglob("*.py"):
        if path.stem in EXPLAINED:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                message = node.args[0].value.replace("%(hint)s", "")
                if message.endswith(("?", ".")):
                    yield re.sub(r"%\(\w+\)\w", "…", message)


def test_every_message_of_the_import_is_documented():
    documented = read("catalogue")

    missing = {text for text in messages_of_the_import() if text not in documented}

    assert missing == set()


def test_every_template_that_can_be_overridden_is_documented():
    public = {
        path.relative_to(TEMPLATES).as_posix()
        for folder in (
            *("", "claims", "nominations", "shelf", "previews"),
            *(
                "notices",
                "profiles",
                "sharing",
                "blocks",
                "fragments",
                "boards",
                "gates",
            ),
        )
        for path in (TEMPLATES / "wagtail_gamification" / folder).glob("*.html")
    }
    rows = dict(
        re.findall(r"^\| `(wagtail_gamification/\S+)` \| (.+)", read("templates"), re.M)
    )

    assert set(rows) == public
    for name, row in rows.items():
        blocks = re.findall(r"{% block (\w+) %}", (TEMPLATES / name).read_text())
        assert set(blocks) - code(row) == set(), name
        assert engines["django"].get_template(name)


def test_every_custom_property_is_documented():
    folder = PACKAGE / "static/wagtail_gamification/css"
    styles = [
        (folder / f"{name}.css").read_text() for name in gamification_tags.STYLESHEETS
    ]
    used = set(re.findall(r"(?<!\w)--gamification-[a-z-]+[a-z]", "".join(styles)))

    documented = {name for name in code(read("templates")) if name.startswith("--g")}

    assert documented == used


def test_every_exception_is_documented():
    exceptions = import_module("wagtail_gamification.exceptions")
    own = {
        name
        for name, value in vars(exceptions).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }

    assert {*own, "CatalogueError"} - set(sections("api", level=3)) == set()


def test_every_system_check_is_documented():
    raised = set(
        re.findall(r"wagtail_gamification\.[EW]\d+", Path(checks.__file__).read_text())
    )

    assert raised
    assert raised - set(sections("checks")) == set()


def test_every_dotted_name_of_the_package_can_be_imported():
    for page in DOCS.rglob("*.md"):
        names = re.findall(
            r"`(wagtail_gamification\.[a-z_]+(?:\.\w+)*)(?:\(\))?`",
            page.read_text(encoding="utf-8"),
        )
        for name in names:
            if name.endswith("view_gamificationinterface"):
                continue
            if re.fullmatch(r".+\.[EW]\d+", name):
                continue
            try:
                import_module(name)
            except ModuleNotFoundError:
                assert import_string(name) is not None, page
