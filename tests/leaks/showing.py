"""What somebody gets to see, on each kind of surface, as text."""

import re
from html import unescape

from django.db import transaction
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone
from jinja2 import Environment

from tests.testapp.models import BlocksPage, LessonPage
from wagtail_gamification.blocks import TagBlock
from wagtail_gamification.models import Notice

from .world import WORDS

EXTENSION = "wagtail_gamification.jinja2tags.gamification"
JINJA2 = Environment(extensions=[EXTENSION], autoescape=True)
PLACEHOLDER = "placeholder"

# What isn't a tag of both template languages.
ONLY_DJANGO = ("player_url", "gamification_login_url")
# What is never loaded by itself: there is nothing in it, or it is part of the page.
NEVER_LAZY = (
    *ONLY_DJANGO,
    "gamification_stylesheet",
    "gamification_script",
    "ifbadge",
    "iflevel",
    "ifunlocked",
)


def tag_of(source):
    return re.match(r"{% (\w+)", source)[1]


def request_of(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def undone(show, *arguments):
    """Show it, and undo what that has done: the next one finds all as it was."""
    with transaction.atomic():
        shown = show(*arguments)
        transaction.set_rollback(True)
    return shown


def show_tag(source, visit, world):
    """Give what a tag shows in both template languages, and loaded by itself."""
    shown = {"Django": undone(_in_django, source, visit.user, world)}
    if tag_of(source) not in ONLY_DJANGO:
        shown["Jinja2"] = undone(_in_jinja2, source, visit.user, world)
    if tag_of(source) not in NEVER_LAZY:
        lazy = source.replace(" %}", " lazy=True %}", 1)
        shown[PLACEHOLDER] = _in_django(lazy, visit.user, world)
        shown["fragment"] = undone(_loaded, shown[PLACEHOLDER], visit)
    return {form: ("2" if text.strip() else "0", text) for form, text in shown.items()}


def show_block(surface, visit, world):
    """Give what a block shows, and loaded separately."""
    kind, *arguments = surface.split()
    values = {
        name: world.names.get(value, value)
        for name, value in (argument.split("=") for argument in arguments)
    }
    model = LessonPage if kind == "gated" else BlocksPage
    stream = model.body.field.stream_block
    if kind == "text":
        values = "".join(
            f'<p><embed embedtype="gamification-badge" id="{key}"/></p>'
            for key in values.values()
        )
    if kind == "gated":
        text = [{"type": "text", "value": f"<p>{WORDS['locked']}</p>"}]
        values["content"] = text
    shown = {"block": undone(_in_stream, stream, kind, values, visit, world)}
    if isinstance(stream.child_blocks[kind], TagBlock):
        apart = {**values, "load_separately": True}
        shown[PLACEHOLDER] = _in_stream(stream, kind, apart, visit, world)
        shown["fragment"] = undone(_loaded, shown[PLACEHOLDER], visit)
    return {form: ("2" if text.strip() else "0", text) for form, text in shown.items()}


def show_address(surface, visit, world):
    """Give what an address answers, with its headers."""
    return {"answer": undone(_answer, surface, visit, world)}


def _answer(surface, visit, world):
    method, address = surface.split(" ", 1)
    address = address.format(**world.names)
    if not address.startswith("/badges/notices/"):
        # Or each page would tell first what is new.
        Notice.objects.update(shown_at=timezone.now())
    headers = {"X-Requested-With": "fetch"}
    if address.startswith("/api/v3/") and visit.token:
        headers["Authorization"] = f"Bearer {visit.token}"
    data = {}
    if method == "POST":
        data = {"data": {"all": True}, "content_type": "application/json"}
    response = getattr(visit.client, method.lower())(address, headers=headers, **data)
    text = response.content.decode(errors="ignore")
    lines = [f"{name}: {value}" for name, value in response.headers.items()]
    # Who asks knows the address.
    told = "\n".join([*lines, text]).replace(address, "")
    return str(response.status_code)[0], told


def _in_django(source, user, world):
    template = Template("{% load gamification_tags %}" + source)
    context = {"request": request_of(user), **world.players}
    return template.render(Context(context))


def _in_jinja2(source, user, world):
    template = JINJA2.from_string(source)
    return template.render(request=request_of(user), **world.players)


def _in_stream(stream, kind, values, visit, world):
    [child] = stream.to_python([{"type": kind, "value": values}])
    page = BlocksPage(title="Blocks", owner=world.users["owner"])
    return child.render({"request": request_of(visit.user), "page": page})


def _loaded(placeholder, visit):
    [address] = set(re.findall(r'href="([^"]+)"', placeholder))
    response = visit.client.get(f"{unescape(address)}&bare=1")
    assert response.status_code == 200
    return response.content.decode()
