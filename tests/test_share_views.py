"""Pages of awards: their players' alone, until they share them; and the pictures."""

import uuid
from datetime import datetime, timedelta
from datetime import timezone as zone
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.images import ImageFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image as PillowImage
from PIL import ImageDraw, features
from wagtail.images import get_image_model
from wagtail.models import Site

from tests.shelf_data import make_image, translate
from wagtail_gamification.checks import check_share_colours, check_share_font
from wagtail_gamification.models import (
    Award,
    Badge,
    GamificationInterface,
    PlayerPreferences,
)
from wagtail_gamification.sharing import cards, drawing, fonts
from wagtail_gamification.testing import create_badge_definition, create_player

pytestmark = pytest.mark.django_db

XSS = '"><script>alert(1)</script>'
CLOSED = {
    "unshared": lambda award: Award.objects.update(is_shared=False),
    "taken back": lambda award: award.badge.revoke(),
    "ended": lambda award: Award.objects.update(expires_at=timezone.now()),
    "hidden": lambda award: Badge.objects.update(is_hidden=True),
    "private": lambda award: GamificationInterface.objects.update(is_public=False),
    "deactivated": lambda award: type(award.badge.interface.user).objects.update(
        is_active=False
    ),
    "erased": lambda award: GamificationInterface.objects.all().delete(),
}


@pytest.fixture
def ada():
    return create_player(username="ada", first_name="Ada")


@pytest.fixture
def bea():
    return create_player(username="bea")


@pytest.fixture
def award(ada):
    """An award that anybody may see."""
    award = create_badge_definition("Bookworm", description="<p>Ten books.</p>").award(
        ada, reason="For the reading group", note="Internal"
    )
    day = datetime(2026, 3, 1, 12, tzinfo=zone.utc)
    Award.objects.update(is_shared=True, awarded_at=day)
    award.refresh_from_db()
    return award


@pytest.fixture
def url(award):
    return reverse("wagtail_gamification:award", args=[award.uuid])


@pytest.fixture
def image_url(award):
    return reverse("wagtail_gamification:award_image", args=[award.uuid])


def page_of(response):
    assert response.status_code == 200
    return response.content.decode()


def picture_of(response):
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/png"
    return PillowImage.open(BytesIO(response.content))


def store(picture, name, form, **options):
    """Store a picture as the site's image, in a file of some kind."""
    file = BytesIO()
    picture.save(file, form, **options)
    return get_image_model().objects.create(
        title=name, file=ImageFile(BytesIO(file.getvalue()), name=name)
    )


def square(colour, side=300):
    return PillowImage.new("RGB", (side, side), colour)


MOVING = {"save_all": True, "append_images": [square("blue")]}


def middle(picture):
    """Give the colour in the middle of the medal."""
    where = (drawing.EDGE + drawing.MEDAL // 2, (drawing.HEIGHT - drawing.BAND) // 2)
    return picture.convert("RGB").getpixel(where)


class TestWhoSeesIt:
    def test_anybody_sees_what_is_shared(self, client, url):
        page = page_of(client.get(url))

        for text in ("Bookworm", "Ten books.", "<bdi>Ada</bdi>", "March 1, 2026"):
            assert text in page
        # The reasons are between the player and those who gave it.
        for text in ("reading group", "Internal", "<form", "Who sees this page"):
            assert text not in page

    @pytest.mark.parametrize("close", CLOSED.values(), ids=CLOSED)
    def test_what_is_closed_looks_like_what_never_was(
        self, client, award, url, image_url, close, bea
    ):
        assert client.get(image_url).status_code == 200
        close(award)
        nowhere = uuid.uuid4()
        for visitor in (None, bea.user):
            if visitor:
                client.force_login(visitor)
            for name, address in [("award", url), ("award_image", image_url)]:
                other = reverse(f"wagtail_gamification:{name}", args=[nowhere])

                answers = [client.get(address), client.get(other)]

                assert [answer.status_code for answer in answers] == [404, 404]
                assert answers[0].headers == answers[1].headers
                bodies = {
                    answer.content.replace(answer.request["PATH_INFO"].encode(), b"")
                    for answer in answers
                }
                assert len(bodies) == 1

    @pytest.mark.parametrize(
        "close", [each for name, each in CLOSED.items() if name != "erased"]
    )
    def test_its_player_sees_it_in_any_case(
        self, client, ada, award, url, image_url, close
    ):
        client.force_login(ada.user)
        close(award)
        type(ada.user).objects.update(is_active=True)

        assert "Who sees this page" in page_of(client.get(url))
        assert client.get(image_url).status_code == 200

    def test_a_site_does_without(self, client, ada, url, image_url, settings):
        settings.WAGTAIL_GAMIFICATION_SHARE_AWARDS = False
        client.force_login(ada.user)

        for address in (url, image_url, reverse("wagtail_gamification:awards")):
            assert client.get(address).status_code == 404
        assert client.post(url, {"share": "yes"}).status_code == 404

    def test_a_secret_badge_is_shown_where_its_player_shares_it(self, client, ada):
        award = create_badge_definition("Whisperer", is_secret=True).award(ada)
        url = reverse("wagtail_gamification:award", args=[award.uuid])
        assert client.get(url).status_code == 404

        Award.objects.update(is_shared=True)
        assert "Whisperer" in page_of(client.get(url))

    def test_the_profile_is_linked_where_there_is_one(self, client, ada, url, settings):
        PlayerPreferences.objects.create(interface=ada, has_profile=True)
        assert "/players/" not in page_of(client.get(url))

        settings.WAGTAIL_GAMIFICATION_PROFILES = True
        assert "/players/" in page_of(client.get(url))

    @pytest.mark.parametrize("name", ["award", "award_image"])
    def test_no_cache_on_the_way_keeps_it(self, client, award, name, settings):
        address = reverse(f"wagtail_gamification:{name}", args=[award.uuid])

        headers = client.get(address).headers

        assert "private" in headers["Cache-Control"]
        assert "no-cache" in headers["Cache-Control"]
        assert "Cookie" in headers["Vary"]
        assert headers["X-Robots-Tag"] == "noindex"
        settings.WAGTAIL_GAMIFICATION_INDEX_PROFILES = True
        assert "X-Robots-Tag" not in client.get(address).headers


class TestSharing:
    def test_its_player_shares_it_and_stops(self, client, ada, award, url):
        Award.objects.update(is_shared=False)
        client.force_login(ada.user)
        assert "Only you." in page_of(client.get(url))

        page = page_of(client.post(url, {"share": "yes"}, follow=True))
        assert "Anybody who has its address." in page
        assert Award.objects.get().is_shared
        # A second tab.
        client.post(url, {"share": "yes"})
        assert Award.objects.get().is_shared

        client.post(url, {"share": "no"})
        assert not Award.objects.get().is_shared
        client.logout()
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize("is_shared", [True, False])
    @pytest.mark.parametrize("share", ["yes", "no"])
    def test_nobody_else_does(self, client, bea, url, share, is_shared):
        Award.objects.update(is_shared=is_shared)
        root = create_player(username="root", is_superuser=True).user
        for visitor in (None, bea.user, root):
            if visitor:
                client.force_login(visitor)

            assert client.post(url, {"share": share}).status_code == 404
        assert Award.objects.get().is_shared is is_shared

    def test_not_from_another_site(self, client, ada, url):
        client.force_login(ada.user)
        client.handler.enforce_csrf_checks = True

        assert client.post(url, {"share": "no"}).status_code == 403
        assert Award.objects.get().is_shared

    def test_a_get_changes_nothing(self, client, ada, url):
        client.force_login(ada.user)
        client.get(url, {"share": "no"})
        for method in ("put", "patch", "delete"):
            assert getattr(client, method)(url).status_code == 405

        assert Award.objects.get().is_shared

    def test_what_was_taken_back_is_not_shared(self, client, ada, award, url):
        Award.objects.update(is_shared=False)
        award.badge.revoke()
        client.force_login(ada.user)
        assert "Share this page" not in page_of(client.get(url))

        client.post(url, {"share": "yes"})

        assert not Award.objects.get().is_shared

    def test_who_shares_one_that_cannot_be_seen_hears_so(self, client, ada, url):
        Badge.objects.update(is_hidden=True)
        client.force_login(ada.user)

        page = page_of(client.get(url))

        assert "Only you, as long as" in page
        assert "Stop sharing" in page

    def test_nobody_decides_for_those_who_share_a_player(
        self, client, ada, url, monkeypatch
    ):
        from wagtail_gamification.actions import change_preferences

        create_player()
        users = type(ada.user).objects.all()
        monkeypatch.setattr(change_preferences, "users_of", lambda player: users)
        client.force_login(ada.user)

        response = client.post(url, {"share": "no"})

        assert response.status_code == 403
        assert "You share this player with others" in response.content.decode()
        assert Award.objects.get().is_shared

    def test_a_list_leads_to_ones_own(
        self, client, ada, bea, award, url, assert_max_statements
    ):
        others = create_badge_definition("Walker").award(bea)
        listed = reverse("wagtail_gamification:awards")
        assert client.get(listed).status_code == 302
        client.force_login(ada.user)

        page = page_of(client.get(listed))

        assert url in page
        assert str(others.uuid) not in page
        assert "no-store" in client.get(listed).headers["Cache-Control"]

    def test_a_long_list_has_pages(self, client, ada):
        definition = create_badge_definition("Regular", max_awards=30)
        for _number in range(25):
            definition.award(ada)
        client.force_login(ada.user)
        listed = reverse("wagtail_gamification:awards")

        first = page_of(client.get(listed))
        second = page_of(client.get(listed, {"page": 2}))

        assert (first.count("/awards/"), second.count("/awards/")) == (20, 5)
        assert client.get(listed, {"page": "x"}).status_code == 404


class TestWhatOtherSitesRead:
    def test_addresses_are_absolute_and_the_page_has_one(self, client, url, image_url):
        page = page_of(client.get(url, {"utm_source": "x"}))

        for tag in [
            f'<link rel="canonical" href="http://testserver{url}">',
            f'<meta property="og:url" content="http://testserver{url}">',
            f'<meta property="og:image" content="http://testserver{image_url}">',
            f'<meta name="twitter:image" content="http://testserver{image_url}">',
            '<meta name="twitter:card" content="summary_large_image">',
            '<meta property="og:title" content="Bookworm">',
            '<meta property="og:image:width" content="1200">',
            '<meta property="og:image:height" content="630">',
            '<meta property="og:locale" content="en">',
            '<meta property="og:site_name" content="Gamification tests">',
        ]:
            assert tag in page
        assert "Ada has earned “Bookworm”" in page

    def test_names_are_text(self, client, ada, award, url):
        type(ada.user).objects.update(first_name=XSS)
        definition = award.badge_definition
        definition.name = XSS
        definition.save()
        Site.objects.update(site_name=XSS)

        page = page_of(client.get(url))

        assert "<script>alert" not in page
        assert page.count("&lt;script&gt;") > 5

    def test_it_is_in_the_visitors_language(self, client, award):
        translate(award.badge_definition, "ar", name="قارئ")

        page = page_of(client.get(f"/ar/badges/awards/{award.uuid}/"))

        assert '<meta property="og:title" content="قارئ">' in page
        assert f"http://testserver/ar/badges/awards/{award.uuid}/image.png" in page


class TestPicture:
    def test_it_has_the_size_that_other_sites_want(self, client, image_url):
        response = client.get(image_url)

        assert picture_of(response).size == (1200, 630)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert len(response.content) < 300_000

    def test_it_is_drawn_once(self, client, image_url, monkeypatch):
        drawn = []
        draw = drawing.draw
        monkeypatch.setattr(
            drawing, "draw", lambda *args: drawn.append(1) or draw(*args)
        )
        first = client.get(image_url)
        again = client.get(image_url)
        known = client.get(image_url, headers={"if-none-match": first.headers["ETag"]})

        assert first.content == again.content
        assert (known.status_code, known.content) == (304, b"")
        assert len(drawn) == 1

    def test_a_tag_opens_nothing_that_is_closed(self, client, image_url):
        tag = client.get(image_url).headers["ETag"]
        Award.objects.update(is_shared=False)

        response = client.get(image_url, headers={"if-none-match": tag})

        assert response.status_code == 404

    def test_what_changes_is_drawn_anew(self, client, ada, award, image_url, settings):
        def changed(change):
            before = client.get(image_url)
            change()
            after = client.get(image_url)
            return (
                before.headers["ETag"] != after.headers["ETag"]
                and before.content != after.content
            )

        definition = award.badge_definition

        def rename():
            definition.name = "Reader"
            definition.save()

        def repaint():
            definition.image = make_image()
            definition.save()

        assert changed(rename)
        assert changed(repaint)
        assert changed(lambda: type(ada.user).objects.update(first_name="Grace"))
        colours = {"background": "#123456"}
        name = "WAGTAIL_GAMIFICATION_SHARE_COLOURS"
        assert changed(lambda: setattr(settings, name, colours))
        assert not changed(lambda: None)

    def test_a_picture_takes_few_queries(
        self, client, image_url, assert_max_statements
    ):
        client.get(image_url)

        # The award, the language, the badge, its texts, the site.
        with assert_max_statements(5):
            client.get(image_url)

    @pytest.mark.parametrize(
        ("name", "form", "options"),
        [
            ("still.png", "PNG", {}),
            ("still.jpg", "JPEG", {}),
            ("still.webp", "WEBP", {}),
            ("palette.gif", "GIF", {}),
            ("moving.gif", "GIF", MOVING),
            ("moving.webp", "WEBP", MOVING),
        ],
    )
    def test_the_badges_image_is_in_it(
        self, client, award, image_url, name, form, options
    ):
        definition = award.badge_definition
        definition.image = store(square("red"), name, form, **options)
        definition.save()

        red, green, blue = middle(picture_of(client.get(image_url)))

        assert red > 200 > 60 > max(green, blue)

    def test_an_image_in_grey_has_its_shape(self, client, award, image_url):
        definition = award.badge_definition
        shape = PillowImage.new("LA", (90, 200))
        ImageDraw.Draw(shape).rectangle((20, 20, 70, 180), fill=(0, 255))
        definition.image = store(shape, "grey.png", "PNG")
        definition.save()

        picture = picture_of(client.get(image_url)).convert("RGB")

        assert middle(picture) == (0, 0, 0)
        assert picture.getpixel((drawing.EDGE + 4, 300)) == (255, 255, 255)

    def test_without_an_image_there_is_the_initial(self, client, image_url):
        picture = picture_of(client.get(image_url)).convert("RGB")

        colours = {colour for _count, colour in picture.getcolors(1 << 20)}
        assert {(0xF8, 0xCF, 0x5E), (0x4D, 0x2E, 0x00)} <= colours

    @pytest.mark.parametrize("kind", ["gone", "broken", "vast", "drawing"])
    def test_what_cannot_be_drawn_gives_way_to_the_initial(
        self, client, award, image_url, kind, settings
    ):
        image = make_image()
        images = get_image_model().objects.filter(pk=image.pk)
        path = Path(image.file.path)
        if kind == "gone":
            path.unlink()
        elif kind == "broken":
            path.write_bytes(b"GIF89a" + bytes(40))
        elif kind == "vast":
            images.update(width=20_000, height=20_000)
        else:
            drawn = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
            path = path.with_suffix(".svg")
            path.write_text(drawn)
            name = image.file.name.rpartition(".")[0]
            images.update(file=f"{name}.svg")
        definition = award.badge_definition
        definition.image_id = image.pk
        definition.save()

        assert middle(picture_of(client.get(image_url))) != (255, 255, 255)

    def test_an_image_that_unpacks_to_too_much_is_not_unpacked(self, monkeypatch):
        image = make_image()
        monkeypatch.setattr(cards, "MOST_PIXELS", 256 * 256 - 1)
        monkeypatch.setattr(
            type(image), "get_rendition", lambda *args: pytest.fail("unpacked")
        )

        assert cards.picture_of(image) is None

    def test_a_rendition_of_another_size_is_not_unpacked(self, monkeypatch):
        image = make_image()
        monkeypatch.setattr(cards, "SIDE", 100)

        assert cards.picture_of(image) is None

    def test_from_right_to_left_the_medal_stands_on_the_right(self, client, award):
        address = f"/ar/badges/awards/{award.uuid}/image.png"

        picture = picture_of(client.get(address)).convert("RGB")

        medal = (drawing.WIDTH - drawing.EDGE - 100, 300)
        assert picture.getpixel(medal) != (255, 255, 255)

    def test_the_site_sets_colours_and_font(self, client, image_url, settings):
        settings.WAGTAIL_GAMIFICATION_SHARE_COLOURS = {"background": "#102030"}
        settings.WAGTAIL_GAMIFICATION_SHARE_FONT = a_font()

        picture = picture_of(client.get(image_url)).convert("RGB")

        assert picture.getpixel((1, 1)) == (0x10, 0x20, 0x30)

    @pytest.mark.parametrize(
        "name", ["x" * 300, "Ab " * 200, "é\u0301" * 150, "", "🦊"]
    )
    def test_any_name_fits(self, name):
        card = a_card(badge=name, player=name, site=name)

        picture = PillowImage.open(BytesIO(drawing.draw(card, None)))

        edge = picture.crop((drawing.WIDTH - 20, 0, drawing.WIDTH, 600)).convert("RGB")
        assert edge.getcolors() == [(20 * 600, (255, 255, 255))]


def a_font():
    """Give the path of a font of the system."""
    found = fonts._load("DejaVuSans.ttf", 20) or fonts._load("NotoSans-Regular.ttf", 20)
    if found is None:
        pytest.skip("The system has no font that the test knows.")
    return found.path


def a_card(**words):
    plain = {"badge": "Bookworm", "player": "Ada", "date": "Today", "site": "School"}
    return cards.ShareCard(**{**plain, **words}, is_rtl=False)


class TestWords:
    def test_a_long_name_is_smaller_and_then_cut(self):
        sizes = (76, 48)
        [short] = drawing.fit("Walker", "#000", sizes, 2)
        assert short.font.size == 76

        lines = drawing.fit("Walker of the long way home", "#000", sizes, 2)
        assert " ".join(line.text for line in lines) == "Walker of the long way home"

        lines = drawing.fit("word " * 60, "#000", sizes, 2)
        assert len(lines) == 2
        assert lines[-1].font.size == 48
        assert lines[-1].text.endswith("…")

    def test_marks_stay_with_their_letters(self):
        font = fonts.font_for("e", 48)

        rows = drawing.wrap("e\u0301" * 100, font)

        assert len(rows) > 1
        assert not any(row.startswith("\u0301") for row in rows)
        assert "".join(rows) == "e\u0301" * 100

    def test_what_is_no_letter_is_left_out(self):
        assert cards.clean("A\u202eb\n\tc\0\u2066") == "Ab c"
        persian = "می\u200cشود"
        assert cards.clean(persian) == persian
        assert len(cards.clean("x" * 10_000)) == cards.MOST_LETTERS

    def test_letters_that_a_font_lacks_come_from_another(self):
        own = fonts.ImageFont.load_default(20).getname()
        assert fonts.font_for("Ada", 20) is not None
        if fonts._load("DejaVuSans.ttf", 20) is None:
            pytest.skip("The system has no font with Arabic letters.")

        assert fonts._has("", "A")
        assert not fonts._has("", "ق")
        assert fonts.font_for("قارئ", 20).getname() != own

    @pytest.mark.skipif(not features.check("raqm"), reason="Raqm is not there.")
    def test_letters_that_join_are_joined(self):
        font = fonts.font_for("قارئ", 40)
        apart = sum(font.getlength(char) for char in "قارئ")

        assert font.getlength("قارئ") < apart


class TestChecks:
    def test_a_font_that_cannot_be_read_is_said_at_the_start(self, settings):
        assert check_share_font(None) == []
        settings.WAGTAIL_GAMIFICATION_SHARE_FONT = Path("/nowhere/font.ttf")
        [error] = check_share_font(None)
        assert error.id == "wagtail_gamification.E010"
        assert "/nowhere/font.ttf" in error.msg
        settings.WAGTAIL_GAMIFICATION_SHARE_FONT = (a_font(), a_font())
        assert check_share_font(None) == []
        settings.WAGTAIL_GAMIFICATION_SHARE_FONT = ("a.ttf", "b.ttf", "c.ttf")
        assert len(check_share_font(None)) == 1
        settings.WAGTAIL_GAMIFICATION_SHARE_FONT = 7
        assert check_share_font(None) == []

    @pytest.mark.parametrize(
        "colours", [{"background": "reddish"}, {"paper": "#fff"}, {"text": 7}]
    )
    def test_a_colour_that_is_none_is_said_at_the_start(self, settings, colours):
        assert check_share_colours(None) == []
        settings.WAGTAIL_GAMIFICATION_SHARE_COLOURS = colours
        [error] = check_share_colours(None)
        assert error.id == "wagtail_gamification.E011"
        assert next(iter(colours)) in error.msg


def test_an_award_that_ends_later_is_shared(client, award, url):
    Award.objects.update(expires_at=timezone.now() + timedelta(days=1))

    assert client.get(url).status_code == 200
