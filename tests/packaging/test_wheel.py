"""What is released works without the repository it was built from."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
# Everything that the build reads. A copy is built, so that the checkout stays clean.
SOURCES = [
    "CHANGELOG.md",
    "LICENSE",
    "MANIFEST.in",
    "README.md",
    "pyproject.toml",
    "setup.cfg",
    "static",
    "templates",
    "wagtail_gamification",
]

RENDER = """
import json
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.template import Context, Template
import wagtail_gamification
from wagtail_gamification.models import BadgeDefinition

user = get_user_model().objects.create_user("ada")
BadgeDefinition.objects.create(name="Finished the first lesson", points=10)
template = Template(
    "{% load gamification_tags %}{% badge_shelf user=user %}"
)
print("RESULT" + json.dumps({
    "html": template.render(Context({"user": user})),
    "package": wagtail_gamification.__file__,
    "stylesheets": {name: finders.find(name) for name in STYLESHEETS},
}))
"""


def run(*command, cwd, **kwargs):
    """Run a command without anything that would lead it back to the checkout."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COV_", "DJANGO_", "PYTEST_", "PYTHON"))
        and name not in {"DATABASE_URL", "VIRTUAL_ENV"}
    }
    finished = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=inherited,
        capture_output=True,
        text=True,
        **kwargs,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def checked_in_files():
    """The package's files as they stand in the repository, links followed."""
    found = set()
    package = ROOT / "wagtail_gamification"
    for directory, _, names in os.walk(package, followlinks=True):
        for name in names:
            path = (Path(directory) / name).relative_to(ROOT)
            ignored = path.suffix == ".pyc" or path.name in {".gitkeep", ".DS_Store"}
            if not ignored:
                found.add(path.as_posix())
    return found


@pytest.fixture(scope="session")
def distributions(tmp_path_factory):
    """The sdist, the wheel built from it, and a wheel built from the checkout."""
    source = tmp_path_factory.mktemp("source")
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in SOURCES:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, symlinks=True, ignore=ignore)
        else:
            shutil.copy(path, source / name)
    output = tmp_path_factory.mktemp("dist")
    # Without options, the wheel is built from the sdist and not from the source.
    run(sys.executable, "-m", "build", "--outdir", output, source, cwd=output)
    direct = tmp_path_factory.mktemp("direct")
    run(
        sys.executable, "-m", "build", "--wheel", "--outdir", direct, source, cwd=direct
    )
    (sdist,) = output.glob("*.tar.gz")
    (wheel,) = output.glob("*.whl")
    (direct_wheel,) = direct.glob("*.whl")
    return sdist, wheel, direct_wheel


@pytest.fixture(scope="session")
def site(distributions, tmp_path_factory):
    """A new Wagtail project, in an environment that has only the wheel of us."""
    _, wheel, _ = distributions
    home = tmp_path_factory.mktemp("site")
    run(sys.executable, "-m", "venv", "env", cwd=home)
    python = home / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=home)
    run(home / "env" / "bin" / "wagtail", "start", "mysite", cwd=home)
    project = home / "mysite"
    with (project / "mysite" / "settings" / "base.py").open("a") as settings:
        settings.write('\nINSTALLED_APPS += ["wagtail_gamification"]\n')
    run(python, "manage.py", "migrate", "--verbosity", "0", cwd=project)
    return python, project


def test_sdist_holds_the_top_level_templates_and_static_files(distributions):
    sdist, _, _ = distributions
    with tarfile.open(sdist) as archive:
        links = [member.name for member in archive if member.issym() or member.islnk()]
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}

    for directory in ["static", "templates"]:
        files = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / directory).rglob("*")
            if path.is_file() and path.name not in {".gitkeep", ".DS_Store"}
        }
        assert files
        assert files <= names
    assert links == []


def test_wheel_holds_every_file_of_the_package(distributions):
    _, wheel, _ = distributions

    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert shipped == checked_in_files()


def test_wheel_from_the_sdist_equals_the_wheel_from_the_checkout(distributions):
    _, wheel, direct_wheel = distributions

    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(direct_wheel) as other:
        contents = [
            {
                entry.filename: entry.CRC
                for entry in archive.infolist()
                if not entry.filename.endswith("/RECORD")
            }
            for archive in [one, other]
        ]

    assert contents[0] == contents[1]


def test_wheel_names_its_licence_and_what_it_supports(distributions):
    _, wheel, _ = distributions
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith("/METADATA")]
        metadata = archive.read(name).decode().splitlines()

    assert "Requires-Python: >=3.10" in metadata
    assert "License-Expression: BSD-3-Clause" in metadata
    assert {
        "Classifier: Framework :: Wagtail",
        "Classifier: Framework :: Wagtail :: 7",
        "Classifier: Framework :: Wagtail :: 8",
        "Classifier: Typing :: Typed",
    } <= set(metadata)


def test_shelf_is_rendered_by_a_site_that_has_only_the_wheel(site):
    python, project = site
    stylesheets = [
        path.relative_to(ROOT / "static").as_posix()
        for path in (ROOT / "static").rglob("*.css")
    ]
    script = f"STYLESHEETS = {stylesheets!r}\n{RENDER}"

    output = run(python, "manage.py", "shell", "--command", script, cwd=project)

    result = json.loads(output.partition("RESULT")[2])
    assert not Path(result["package"]).is_relative_to(ROOT)
    assert "Finished the first lesson" in result["html"]
    assert 'class="gamification-shelf' in result["html"]
    assert stylesheets
    assert all(result["stylesheets"].values()), result["stylesheets"]
    assert not any(
        Path(found).is_relative_to(ROOT) for found in result["stylesheets"].values()
    )
