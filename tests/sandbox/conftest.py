"""The demo site as its users meet it: loaded by its command, and served over HTTP."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import (
    HTTPCookieProcessor,
    OpenerDirector,
    ProxyHandler,
    build_opener,
)

import pytest
from bs4 import BeautifulSoup

REPOSITORY = Path(__file__).resolve().parents[2]
MANAGE = REPOSITORY / "sandbox" / "manage.py"
PASSWORD = "lapwing"  # noqa: S105 - the one that the demo prints


@dataclass(frozen=True)
class Demo:
    """A loaded demo: its data, and what loading it said."""

    data: Path
    first_output: str
    second_output: str
    first_dump: list[str]
    second_dump: list[str]

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.data)


@dataclass
class Answer:
    """What the server answered."""

    status: int
    url: str
    html: str
    headers: Mapping[str, str]

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "html.parser")

    def texts(self, selector: str) -> list[str]:
        """The visible texts of what the selector finds, spaces evened out."""
        return [" ".join(tag.get_text().split()) for tag in self.page.select(selector)]


def _opener() -> OpenerDirector:
    # A proxy of the machine's would look for the demo somewhere else.
    return build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))


@dataclass
class Visitor:
    """Somebody with a browser, who keeps cookies and fills in forms."""

    address: str
    opener: OpenerDirector = field(default_factory=_opener)

    def get(self, path: str) -> Answer:
        return self._open(path, None)

    def post(self, path: str, **fields: str) -> Answer:
        return self._open(path, urlencode(fields).encode())

    def press(self, path: str, button: str) -> Answer:
        """Open the page, and press the button of that name in its form."""
        page = self.get(path).page
        form = page.find("button", string=button).find_parent("form")
        fields = {
            tag["name"]: tag.get("value", "") for tag in form.select("input[name]")
        }
        return self.post(form["action"], **fields)

    def log_in(self, username: str) -> Answer:
        token = self.get("/login/").page.select_one("input[name=csrfmiddlewaretoken]")
        return self.post(
            "/login/",
            username=username,
            password=PASSWORD,
            csrfmiddlewaretoken=token["value"],
        )

    def _open(self, path: str, body: bytes | None) -> Answer:
        try:
            with self.opener.open(self.address + path, body, timeout=60) as response:
                html = response.read().decode()
                return Answer(response.status, response.url, html, response.headers)
        except HTTPError as error:
            with error:
                html = error.read().decode()
                return Answer(error.code, error.url or path, html, error.headers)


def environment(data: Path) -> dict[str, str]:
    """The demo's environment: its own data, on SQLite whatever the tests run on."""
    variables = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        and not name.startswith("COV_CORE")
    }
    variables |= {
        "SANDBOX_DATA": str(data),
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUNBUFFERED": "1",
    }
    return variables


def manage(data: Path, *arguments: str) -> str:
    """Run a command of the demo's manage.py, and give what it printed."""
    run = subprocess.run(
        [sys.executable, str(MANAGE), *arguments],
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def _dump(data: Path) -> list[str]:
    connection = sqlite3.connect(data / "db.sqlite3")
    try:
        # A run that finds nothing to do takes numbers for its rows all the same.
        return [
            line
            for line in connection.iterdump()
            if not line.startswith('INSERT INTO "sqlite_sequence"')
        ]
    finally:
        connection.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, loaded twice into a folder of its own."""
    data = tmp_path_factory.mktemp("demo")
    manage(data, "migrate", "--verbosity", "0")
    first_output = manage(data, "load_demo")
    first_dump = _dump(data)
    second_output = manage(data, "load_demo")
    return Demo(data, first_output, second_output, first_dump, _dump(data))


@pytest.fixture(scope="session")
def address(demo: Demo) -> Iterator[str]:
    """The address at which the loaded demo is served."""
    with subprocess.Popen(
        [sys.executable, str(MANAGE), "runserver", "--noreload", "127.0.0.1:0"],
        env=demo.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            for line in server.stdout:
                found = re.search(r"at (http://127\.0\.0\.1:\d+)/", line)
                if found:
                    yield found[1]
                    break
            else:
                pytest.fail("The demo's server ended before it served anything.")
        finally:
            server.terminate()


@pytest.fixture
def visitor(address: str) -> Visitor:
    """Somebody who hasn't logged in."""
    return Visitor(address)


@pytest.fixture
def member(address: str) -> Callable[[str], Visitor]:
    """Gives a visitor who is logged in as that member."""

    def logged_in(username: str) -> Visitor:
        visitor = Visitor(address)
        assert visitor.log_in(username).url.endswith("/profile/")
        return visitor

    return logged_in
