"""Every setting of this app, with its default and what it decides.

Settings are read when they are used, so ``override_settings`` works in tests.
"""

from __future__ import annotations

from os import PathLike
from typing import Any, Generic, TypeVar

from django.conf import settings as django_settings

T = TypeVar("T")

PREFIX = "WAGTAIL_GAMIFICATION_"

# The codes of the events that every site has.
BUILT_IN_EVENTS = (
    "signed_up",
    "logged_in",
    "visited",
    "form_submitted",
    "page_published",
    "comment_added",
    "points_reached",
    "badge_earned",
    "level_reached",
    "unlockable_unlocked",
)


class Setting(Generic[T]):
    """One setting: its default, its type for the system check, its meaning."""

    def __init__(self, default: T, types: type | tuple[type, ...], doc: str) -> None:
        self.default = default
        self.types = types
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"{PREFIX}{name}"

    def __get__(self, instance: object, owner: type | None = None) -> T:
        return getattr(django_settings, self.name, self.default)


class AppSettings:
    """What a site may set, under ``WAGTAIL_GAMIFICATION_`` and the name here."""

    PREPARE_ROWS = Setting(
        True,
        bool,
        "Give every player a row for each definition as soon as it is published. "
        "Switch it off on sites with very many players: then a row appears when "
        "there is something to say in it.",
    )
    CREATE_INTERFACES = Setting(
        True,
        bool,
        "Give every new user a gamification interface. Where this is off, "
        "``GamificationInterface.objects.for_user(user)`` makes one on first use.",
    )
    USER_INTERFACE_FIELD = Setting(
        "",
        str,
        "The name of the user model's own foreign key to GamificationInterface, on "
        "sites where users point to interfaces (teams that share one, say). Empty: "
        "each interface points to its user.",
    )
    CACHE_ALIAS = Setting(
        "default",
        str,
        "The cache, one of ``CACHES``, that keeps the definitions, their texts and "
        "their images for the shelves. With more than one server process, use a "
        "cache that they share.",
    )
    CACHE_TIMEOUT = Setting(
        300,
        int,
        "Seconds until the cached definitions are read again in any case. "
        "Publishing drops them at once.",
    )
    DESCRIPTION_FEATURES = Setting(
        ["bold", "italic", "link", "ul", "ol"],
        (list, tuple),
        "The rich text features that editors get for descriptions.",
    )
    IMAGE_SIZES = Setting(
        {"small": 48, "medium": 96, "large": 192},
        dict,
        "The sizes that the template tags know, in CSS pixels. Images are rendered "
        "at twice that, for screens with a high density.",
    )
    EVENTS = Setting(
        BUILT_IN_EVENTS,
        (list, tuple, set, frozenset),
        "The codes of the built-in events that are recorded. Leave one out to switch "
        "it off.",
    )
    ACTIVE_DAYS = Setting(
        30,
        int,
        "Days for which a player counts as active after doing something: after an "
        "event of theirs was recorded. Reports give the rarity of badges among these.",
    )
    SUMMARY_MINUTES = Setting(
        10,
        int,
        "Minutes after which the dashboard and the report of rarity ask for new totals "
        "when somebody opens them. 0 leaves it to ``gamification_summarise``.",
    )
    EXCLUDED_GROUPS: Setting[Any] = Setting(
        (),
        (list, tuple, set, frozenset),
        "The names of the groups whose members are not counted: what they do earns "
        "no badges and no points.",
    )
    RECEIPT_DAYS = Setting(
        90,
        int,
        "Days after which ``gamification_purge_receipts`` forgets which deliveries "
        "were counted. An event that is delivered again after that counts again.",
    )
    EXPIRY_REMINDER_DAYS = Setting(
        7,
        int,
        "Days before a badge ends that ``gamification_expire`` sends "
        "``badge_expires_soon``; 0 to send none.",
    )
    PREVIEW_SECONDS = Setting(
        2,
        (int, float),
        "Seconds that counting who qualifies for a draft may take. Then editors see "
        "“at least” what was found.",
    )
    IMPORT_MAX_FILE_SIZE = Setting(
        10 * 1024 * 1024,
        int,
        "Bytes that a spreadsheet may have when it is imported.",
    )
    IMPORT_MAX_IMAGES_SIZE = Setting(
        30 * 1024 * 1024,
        int,
        "Bytes that the ZIP of images may have. A request that is larger than both "
        "files may be is refused before any of it is read.",
    )
    IMPORT_MAX_UNPACKED_SIZE = Setting(
        200 * 1024 * 1024,
        int,
        "Bytes that a packed file (XLSX, ODS, the ZIP of images) may unpack to.",
    )
    IMPORT_MAX_ROWS = Setting(5000, int, "Rows that one sheet may have.")
    IMPORT_MAX_COLUMNS = Setting(100, int, "Columns that one sheet may have.")
    BULK_MAX_LINES = Setting(
        5000, int, "Lines that a list of people to award badges to may have."
    )
    IMPORT_STORAGE = Setting(
        "gamification_imports",
        str,
        "The storage, one of ``STORAGES``, that keeps the files of imports. It should "
        "be one that the site doesn't serve. Where there is none of this name, they "
        "go to the default storage, under names that nobody can guess.",
    )
    IMPORT_KEEP_DAYS = Setting(
        30,
        int,
        "Days after which ``gamification_purge_imports`` deletes the files of imports. "
        "The history stays.",
    )
    IMPORT_SILENT_SECONDS = Setting(
        60,
        int,
        "Seconds after which an import that says nothing any more is taken for "
        "interrupted, so that it can be run again.",
    )

    CLAIM_BATCH_SIZE = Setting(
        500,
        int,
        "Claim codes that can be made, and so printed, at once.",
    )
    CLAIM_TRIES_PER_USER = Setting(
        10,
        int,
        "Attempts to claim a badge that one member has in ``CLAIM_TRIES_SECONDS``, not "
        "counting those that succeed; 0 for no limit.",
    )
    CLAIM_TRIES_PER_ADDRESS = Setting(
        60,
        int,
        "The same for all members at one address: a school or an event may share one. "
        "0 for no limit.",
    )
    CLAIM_TRIES_SECONDS = Setting(
        600, int, "Seconds after which attempts to claim a badge are forgotten."
    )
    CLIENT_ADDRESS = Setting(
        "REMOTE_ADDR",
        str,
        "The key of ``request.META`` that holds a visitor's address. Behind a proxy, "
        "name the header that it sets and that visitors can't.",
    )

    PLAYER_NAME = Setting(
        "wagtail_gamification.public_names.full_name",
        str,
        "The function, by its dotted path, that gives the name of a user where other "
        "visitors read it: on boards, profiles and lists. The default gives the full "
        "name, else the user name, and never an e-mail address.",
    )

    PROFILES = Setting(
        False,
        bool,
        "Whether players may have a public page of their own. Each is shown once its "
        "player has said so.",
    )
    INDEX_PROFILES = Setting(
        False,
        bool,
        "Whether search engines may list players' pages and the awards they share.",
    )
    SHARE_AWARDS = Setting(
        True, bool, "Whether players may make a public page of an award."
    )
    SHARE_FONT: Setting[Any] = Setting(
        "",
        (str, PathLike, list, tuple),
        "The font of the pictures of shared awards: the path of a TrueType or OpenType "
        "file, or of two, regular and bold. Letters that it doesn't have come from the "
        "fonts of the system.",
    )
    SHARE_COLOURS = Setting(
        {
            "background": "#ffffff",
            "text": "#1a2230",
            "quiet": "#566173",
            "accent": "#dd9a1f",
            "medal": "#f8cf5e",
            "medal_text": "#4d2e00",
        },
        dict,
        "The colours of the pictures of shared awards, as CSS writes them. Those that "
        "are left out stay as they are.",
    )
    BADGE_URL = Setting(
        "",
        str,
        "The function, by its dotted path, that gives the address of the page about a "
        "badge, or None. It gets an object with ``slug``, ``name`` and "
        "``definition_id``. Badges within texts then link there. Empty: they don't.",
    )

    RANK_SECONDS = Setting(
        60,
        int,
        "Seconds after which it is counted anew where ranks begin on a leaderboard of "
        "more than 5,000 players. Until then, ranks behind the first 1,000 may be off "
        "by those who overtook.",
    )

    NOMINATIONS_PER_DAY = Setting(
        5, int, "People whom one member may nominate in a day; 0 for no limit."
    )

    NOTICES = Setting(
        True,
        bool,
        "Tell players of awards, levels and unlockables: on the next page, in their "
        "list of notices and, if they like, in a digest. Where this is off, no notice "
        "is written.",
    )
    NOTICE_KEEP_DAYS = Setting(
        365, int, "Days after which ``gamification_purge_notices`` deletes notices."
    )

    WEBHOOK_PLAYER_KEYS = Setting(
        "wagtail_gamification.player_keys.numbers",
        str,
        "The function, by its dotted path, that says what players are called in web "
        "hooks. It gets primary keys of interfaces, and gives a mapping from these to "
        "texts.",
    )
    WEBHOOK_ALLOW_HTTP = Setting(
        False,
        bool,
        "Let web hooks have addresses with http://, which anybody on the way can read. "
        "``DEBUG`` does so too.",
    )
    WEBHOOK_ALLOWED_NETWORKS: Setting[Any] = Setting(
        (),
        (list, tuple, set, frozenset),
        "Networks, such as ``10.1.0.0/16``, that web hooks may be in although they are "
        "private.",
    )
    WEBHOOK_TIMEOUT = Setting(
        10, (int, float), "Seconds that an endpoint has to answer a message."
    )
    WEBHOOK_PAUSE_DAYS = Setting(
        5, int, "Days after which an endpoint that only fails is switched off."
    )
    WEBHOOK_ROTATION_HOURS = Setting(
        24,
        int,
        "Hours for which messages are signed with the secret of before too, once an "
        "editor has made a new one.",
    )
    WEBHOOK_KEEP_DAYS = Setting(
        30,
        int,
        "Days after which ``gamification_purge_notices`` deletes deliveries of web "
        "hooks.",
    )

    @classmethod
    def all(cls) -> dict[str, Setting[Any]]:
        """Give every setting by its full name."""
        return {
            setting.name: setting
            for setting in vars(cls).values()
            if isinstance(setting, Setting)
        }


app_settings = AppSettings()
