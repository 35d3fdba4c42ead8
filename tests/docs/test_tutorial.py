"""The tutorial, followed to the letter in an empty environment and a real browser.

What to do is read from ``docs/tutorial.md``. Added to that are only: the wheel built
from this checkout in place of a release, the answers that ``createsuperuser`` asks
for, and a port that is free.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from .tutorial import (
    TUTORIAL,
    Press,
    Run,
    See,
    Shell,
    Step,
    Visit,
    Write,
    read_tutorial,
)

ROOT = Path(__file__).resolve().parents[2]
LOGIN = {"username": "ada", "email": "ada@example.com", "password": "countess-1815"}
DOCUMENTED = "http://127.0.0.1:8000"
SECONDS = 60
STEPS = read_tutorial(TUTORIAL.read_text(encoding="utf-8"))


def test_every_block_of_the_tutorial_is_a_step():
    fences = TUTORIAL.read_text(encoding="utf-8").count("\n```") // 2
    blocks = [step for step in STEPS if isinstance(step, Run | Shell | Write)]

    assert len(blocks) == fences
    assert {type(step) for step in STEPS} == {Run, Shell, Write, Visit, Press, See}


class Follower:
    """Somebody who does what the tutorial says, and nothing else."""

    def __init__(self, directory: Path, wheel: Path, page) -> None:
        self.directory = directory
        self.wheel = wheel
        self.page = page
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("COV_", "DJANGO_", "PYTEST_", "PYTHON"))
            and name not in {"DATABASE_URL", "VIRTUAL_ENV"}
        }
        # The Python that "python" means before there is an environment.
        start = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.environment["PATH"] = start
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.server: subprocess.Popen | None = None
        self.log = directory / "server.log"
        self.state = directory / "state"

    def follow(self, steps: list[Step]) -> None:
        for number, step in enumerate(steps):
            following = steps[number + 1] if number + 1 < len(steps) else None
            match step:
                case Run():
                    for command in step.commands:
                        self.run(command, following)
                case Write():
                    self.write(step)
                case Visit():
                    self.visit(step)
                case Press():
                    self.press(step)
                case See():
                    self.see(step)

    def run(self, command: str, following: Step | None) -> None:
        if command.endswith("manage.py runserver"):
            self.start_server()
            return
        command = command.replace("wagtail-gamification", str(self.wheel))
        if command.endswith("createsuperuser"):
            command += f" --noinput --username {LOGIN['username']}"
            command += f" --email {LOGIN['email']}"
            self.environment["DJANGO_SUPERUSER_PASSWORD"] = LOGIN["password"]
        # Directory and environment outlast a command, as in a terminal.
        finished = subprocess.run(
            ["bash", "-ec", f"{command}\n{{ pwd; env -0; }} > '{self.state}'"],  # noqa: S607
            cwd=self.directory,
            env=self.environment,
            input=following.code if isinstance(following, Shell) else "",
            capture_output=True,
            text=True,
            check=False,
        )
        said = finished.stdout + finished.stderr
        # A shell that reads its commands reports their errors and goes on.
        assert finished.returncode == 0, said
        assert "Traceback" not in said, said
        directory, _newline, environment = self.state.read_text().partition("\n")
        self.directory = Path(directory)
        self.environment = dict(
            pair.split("=", 1) for pair in environment.split("\0") if pair
        )

    def write(self, step: Write) -> None:
        path = self.directory / step.path
        if step.line is None:
            path.write_text(step.text, encoding="utf-8")
            return
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        [place] = [
            number for number, line in enumerate(lines) if line.strip() == step.line
        ]
        lines.insert(place + 1, step.text)
        path.write_text("".join(lines), encoding="utf-8")

    def visit(self, step: Visit) -> None:
        # As the server does itself when files change, but not at some later time.
        self.start_server()
        address = f"http://127.0.0.1:{self.port}"
        self.page.goto(step.address.replace(DOCUMENTED, address))
        if step.logs_in:
            self.page.get_by_label("Username").fill(LOGIN["username"])
            self.page.get_by_label("Password").first.fill(LOGIN["password"])
            self.page.get_by_role("button", name="Sign in").click()
            self.page.wait_for_url("**/admin/")

    def press(self, step: Press) -> None:
        for label, value in step.fields.items():
            self.page.get_by_label(label, exact=False).first.fill(value)
        for name in step.names:
            control = self.page.get_by_role("link", name=name, exact=True).or_(
                self.page.get_by_role("button", name=name, exact=True)
            )
            control.locator("visible=true").first.click()
            self.page.wait_for_load_state()

    def see(self, step: See) -> None:
        assert step.texts
        for text in step.texts:
            shown = self.page.get_by_text(text).locator("visible=true")
            assert shown.count(), f"“{text}” isn't on:\n{self.page.inner_text('body')}"

    def start_server(self) -> None:
        self.stop_server()
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [  # noqa: S607
                    "python",
                    "manage.py",
                    "runserver",
                    "--noreload",
                    f"127.0.0.1:{self.port}",
                ],
                cwd=self.directory,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and self.server.poll() is None:
            try:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{self.port}/admin/login/", timeout=SECONDS
                ):
                    return
            except urllib.error.HTTPError as error:
                raise AssertionError(self.log.read_text()) from error
            except OSError:
                # It isn't listening yet.
                continue
        raise AssertionError(self.log.read_text())

    def stop_server(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(timeout=SECONDS)
            self.server = None


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built from a copy so that nothing is left here."""
    source = tmp_path_factory.mktemp("source")
    for name in [
        "LICENSE",
        "MANIFEST.in",
        "README.md",
        "pyproject.toml",
        "setup.cfg",
        "static",
        "templates",
        "wagtail_gamification",
    ]:
        path = ROOT / name
        if path.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, source / name, symlinks=True, ignore=ignored)
        else:
            shutil.copy(path, source / name)
    output = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", output, source],
        cwd=output,
        capture_output=True,
        check=True,
    )
    [built] = output.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def browser():
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


@pytest.mark.docs
def test_the_tutorial_leads_to_a_shelf_with_earned_badges(wheel, browser, tmp_path):
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    follower = Follower(tmp_path, wheel, page)
    try:
        follower.follow(STEPS)
        html = page.content()
    finally:
        follower.stop_server()
        page.close()

    assert 'class="gamification-badge gamification-badge--earned"' in html
    assert "wagtail_gamification/css/gamification.css" in html
