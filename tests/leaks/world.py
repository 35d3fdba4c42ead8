"""A site with something of everything that not everybody may see.

Each has a word in all its texts, and in the names of its pictures, that stands nowhere
else: where the word is found, it was told.
"""

from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import quote

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.utils.translation import override
from wagtail.models import GroupPagePermission, Page, Site

from tests.shelf_data import make_badge, make_image, translate
from tests.testapp.models import LessonPage
from wagtail_gamification.actions.claim_code import ClaimCodeAction
from wagtail_gamification.actions.send_digests import token_for
from wagtail_gamification.fragments import Fragment
from wagtail_gamification.models import (
    Award,
    Badge,
    Category,
    ClaimCode,
    GamificationInterface,
    Notice,
    PlayerPreferences,
    Requirement,
)
from wagtail_gamification.models.preferences import ProfileSection
from wagtail_gamification.testing import (
    create_leaderboard,
    create_level,
    create_player,
    create_unlockable_definition,
)

WORDS = {
    "plain": "Kingfisher",
    "found": "Nightheron",
    "secret": "Thunderbird",
    "hidden": "Wallcreeper",
    "draft": "Hatchling",
    "kept": "Woodpigeon",
    "owner": "Winifred",
    "opted out": "Ottoline",
    "private": "Priscilla",
    "title": "Hummingbird",
    "locked": "Flycatcher",
    "ledger": "Whimbrel",
    "points": "271828",
}
"""What is looked for, by the heading of its column."""

VIEWERS = {
    "w": "owner",
    "e": "editor",
    "p": "private",
    "o": "opted_out",
    "m": "member",
    "a": "anonymous",
}
"""Who looks, by the letter in the tables; first those who see most.

What is kept for them in a cache of the process must not be told to the next one.
"""

LETTERS = "amopwe"


def texts(word):
    """Give what an editor fills in: each of it says the word."""
    name = WORDS[word]
    image = make_image(name)
    return {"description": f"<p>About the {name}.</p>", "image": image}


def badge(word, **fields):
    return make_badge(WORDS[word], **texts(word), **fields)


def make_world(commit):
    """Make it all. ``commit`` is a context in which on-commit callbacks are run."""
    with commit():
        world = _define()
    with commit():
        _play(world)
    with commit():
        _unpublish(world)
        _write_pages(world)
    _address(world)
    return world


def _define():
    birds = Category.objects.create(name="Birds")
    found = badge("found", is_secret=True, category=birds)
    secret = badge("secret", is_secret=True, category=birds, allows_nominations=True)
    translate(secret, "fr", name=WORDS["secret"], description=WORDS["secret"])
    draft = badge("draft", live=False, category=birds, allows_nominations=True)
    hidden = badge("hidden", category=birds)
    kept = badge("kept", category=birds)
    plain = badge(
        "plain",
        category=birds,
        next_badge=secret,
        allows_nominations=True,
        progression_target=5,
    )
    seeker = make_badge("Seeker", next_badge=draft)
    for asked in (secret, found, draft):
        Requirement.objects.create(badge_definition=seeker, kind="badge", badge=asked)
    plain_unlockable = create_unlockable_definition(
        WORDS["plain"], 5, price=5, **texts("plain")
    )
    kept_unlockable = create_unlockable_definition(
        WORDS["kept"], 400_000, **texts("kept")
    )
    create_unlockable_definition(WORDS["draft"], 0, live=False, **texts("draft"))
    level = create_level("Warden", 300_000)
    for definition in (plain, plain_unlockable, level):
        # What is changed and not yet published.
        definition.name = definition.description = WORDS["draft"]
        definition.save_revision()
        definition.refresh_from_db()
    create_level(WORDS["plain"], 1, **texts("plain"))
    create_level(WORDS["draft"], 2, live=False, **texts("draft"))
    board = create_leaderboard("Most points")
    draft_board = create_leaderboard(WORDS["draft"], live=False)
    group = Group.objects.create(name="Ringers")
    group_board = create_leaderboard("Ringers", audience="group", group=group)
    return SimpleNamespace(**locals())


def _play(world):
    players = {
        "member": create_player(10, username="member"),
        "opted_out": create_player(
            20, username="ottoline", first_name=WORDS["opted out"]
        ),
        "private": create_player(
            int(WORDS["points"]), username="priscilla", first_name=WORDS["private"]
        ),
        "owner": create_player(500_000, username="winifred", first_name=WORDS["owner"]),
        "editor": create_player(username="editor"),
    }
    world.players = players
    everybody = GamificationInterface.objects
    everybody.filter(pk=players["opted_out"].pk).update(on_boards=False)
    everybody.filter(pk=players["private"].pk).update(is_public=False)
    for player in players.values():
        player.user.groups.add(world.group)
        player.refresh_from_db()
    for name in ("opted_out", "private"):
        world.plain.award(players[name])
    owner = players["owner"]
    owner.change_points(1, reason=WORDS["ledger"])
    code = ClaimCode.objects.create(badge_definition=world.plain)
    claimed = ClaimCodeAction(code.code, owner, owner.user).execute().award
    world.awards = {
        "claimed": claimed,
        "found": world.found.award(owner),
        "hidden": world.hidden.award(owner),
        "kept": world.kept.award(owner),
        "private": Award.objects.get(badge__interface=players["private"]),
        "unshared": Award.objects.get(badge__interface=players["opted_out"]),
        "revoked": world.seeker.award(owner),
    }
    world.seeker.revoke(owner)
    Award.objects.exclude(pk=world.awards["unshared"].pk).update(is_shared=True)
    Badge.objects.filter(badge_definition=world.hidden, interface=owner).update(
        is_hidden=True
    )
    world.profiles = {
        name: PlayerPreferences.objects.create(
            interface=players[name],
            has_profile=name != "opted_out",
            profile_sections=ProfileSection.values,
        ).public_id
        for name in ("owner", "private", "opted_out")
    }
    world.users = {
        "anonymous": AnonymousUser(),
        **{name: player.user for name, player in players.items()},
    }
    _make_editor(world.users["editor"])


def _make_editor(user):
    group = Group.objects.create(name="Page editors")
    group.permissions.set(
        Permission.objects.filter(content_type__app_label="wagtail_gamification")
    )
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group,
        page=Page.objects.get(depth=1),
        permission=Permission.objects.get(
            codename="change_page", content_type__app_label="wagtailcore"
        ),
    )
    user.groups.add(group)


def _unpublish(world):
    for definition in (world.kept, world.kept_unlockable):
        definition.refresh_from_db()
        definition.unpublish()


def _write_pages(world):
    """Write a page for each gate, and one with all gates in it."""
    opened_by = {
        "badge": world.found,
        "unlockable": world.kept_unlockable,
        "level": world.level,
    }
    text = {"type": "text", "value": f"<p>{WORDS['locked']}</p>"}
    root = Site.objects.get().root_page
    for kind, asked in opened_by.items():
        page = LessonPage(
            title=WORDS["title"],
            slug=f"{WORDS['title'].lower()}-{kind}",
            search_description=WORDS["locked"],
            body=[text],
            gate=kind,
            **{f"gate_{kind}": asked},
        )
        root.add_child(instance=page)
        setattr(world, f"{kind}_page", page.pk)
    gates = [
        {"type": "gated", "value": {kind: asked.pk, "content": [text]}}
        for kind, asked in opened_by.items()
    ]
    page = LessonPage(title="Gates", slug="gates", body=gates)
    root.add_child(instance=page)
    world.gates_page = page.pk


def _address(world):
    """Name what stands in the addresses of the tables."""
    owner = world.players["owner"]
    with override("en"):
        of_owner = Fragment.of("badge_shelf", None, {"user": owner})
    notice = Notice.objects.filter(interface=owner).first()
    world.names = {
        **{f"{name}_award": award.uuid for name, award in world.awards.items()},
        **{f"{name}_profile": key for name, key in world.profiles.items()},
        **{f"{name}_player": player.pk for name, player in world.players.items()},
        **{
            name: getattr(world, name).pk
            for name in ("plain", "found", "secret", "hidden", "draft", "kept")
        },
        "board": world.board.pk,
        "draft_board": world.draft_board.pk,
        "group_board": world.group_board.pk,
        "birds": world.birds.pk,
        "level": world.level.pk,
        "unlockable": world.plain_unlockable.pk,
        "kept_unlockable": world.kept_unlockable.pk,
        **{f"{kind}_page": getattr(world, f"{kind}_page") for kind in _GATED},
        "gates_page": world.gates_page,
        "fragment": quote(of_owner.token),
        "digest": token_for(owner.pk),
        "notice": notice.pk,
    }


_GATED = ("badge", "unlockable", "level")


@contextmanager
def committed(test_case):
    """Do as if it were committed, so that catalogues are kept and boards counted."""
    with test_case.captureOnCommitCallbacks(execute=True):
        yield
