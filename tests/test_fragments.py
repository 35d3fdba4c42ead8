"""What is loaded separately, so that the page around may be everybody's."""

import re
from datetime import date, datetime, timezone
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import BadSignature, Signer
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory, override_settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from tests.shelf_data import make_badge, make_user, translate
from wagtail_gamification.fragments import Fragment, PlayerKey
from wagtail_gamification.models import Category, GamificationInterface
from wagtail_gamification.templatetags.tags import shelf_tags

pytestmark = pytest.mark.django_db

# What the tags can't do without.
REQUIRED = {
    "badge": '"bookworm"',
    "badge_progress": '"bookworm"',
    "leaderboard": '"most-points"',
}


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def other():
    return make_user("bob")


def render(source, request=None, **context):
    template = Template("{% load gamification_tags %}" + source)
    return template.render(Context({"request": request, **context}))


def untouchable():
    """A request whose visitor nobody may ask for."""

    def refuse():
        raise AssertionError("Somebody asked who visits the page.")

    request = RequestFactory().get("/")
    request.user = SimpleLazyObject(refuse)
    request.session = SimpleLazyObject(refuse)
    return request


def address_in(html):
    return unescape(re.search(r'href="([^"]+)"', html)[1])


def bare(html):
    return address_in(html) + "&bare=1"


class TestPlaceholder:
    def test_it_is_a_link_to_what_it_stands_for(self):
        html = render("{% badge_shelf lazy=True %}")

        assert html.startswith('<gamification-fragment class="gamification-fragment ')
        assert "gamification-fragment--badge_shelf gamification-size--medium" in html
        assert address_in(html).startswith(reverse("wagtail_gamification:fragment"))
        assert "<bdi>Badges</bdi></a>" in html

    def test_its_link_says_the_heading(self):
        source = '{% level lazy=True heading=heading size="small" %}'

        html = render(source, heading="<Rank>")

        assert "<bdi>&lt;Rank&gt;</bdi></a>" in html
        assert "gamification-size--small" in html

    @pytest.mark.parametrize("tag", shelf_tags())
    def test_it_asks_neither_the_database_nor_who_is_there(
        self, tag, django_assert_num_queries
    ):
        request = untouchable()
        source = f"{{% {tag} {REQUIRED.get(tag, '')} lazy=True user=request.user %}}"

        with django_assert_num_queries(0):
            html = render(source, request)
            again = render(source, request)

        assert html == again
        assert "csrf" not in html
        assert Fragment.read(parse_qs(urlsplit(address_in(html)).query)["of"][0])

    def test_what_is_the_same_for_everybody_asks_nobody_either(self):
        assert "gamification-recent" in render("{% recent_awards %}", untouchable())

    def test_lazy_false_is_the_tag_itself(self, user):
        make_badge()

        assert "<section" in render("{% badge_shelf lazy=False %}")

    def test_there_is_no_data_yet(self):
        with pytest.raises(TemplateSyntaxError, match="no data yet to put into shelf"):
            render("{% badge_shelf lazy=True as shelf %}")

    def test_who_looks_is_whoever_loads_it(self, user):
        with pytest.raises(ValueError, match="whoever loads it"):
            render("{% badge_shelf lazy=True viewer=user %}", user=user)

    def test_what_fits_in_no_address_is_an_error(self):
        with pytest.raises(ValueError, match=r"badge_shelf .* with category=<object"):
            render("{% badge_shelf lazy=True category=what %}", what=object())

    def test_it_needs_the_addresses(self):
        with override_settings(ROOT_URLCONF="tests.cms.claims.urls_without_claims"):
            with pytest.raises(
                ImproperlyConfigured, match=r"wagtail_gamification\.urls"
            ):
                render("{% badge_shelf lazy=True %}")


class TestToken:
    def test_the_same_is_always_the_same(self):
        one, two = (Fragment.of("badge", None, {"slug": "x"}).token for _ in range(2))

        assert one == two

    def test_plain_arguments_come_back(self, db):
        category = Category.objects.create(name="Reading")
        arguments = {
            "a": "é",
            "b": 3,
            "c": None,
            "d": True,
            "e": date(2026, 1, 2),
            "f": datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc),
            "g": 1.5,
            "h": translation.gettext_lazy("Yes"),
        }

        fragment = Fragment.read(
            Fragment.of("x", None, {**arguments, "category": category}).token
        )

        assert fragment.tag_arguments == {
            **arguments,
            "h": "Yes",
            "category": category.pk,
        }

    @pytest.mark.parametrize(
        "change",
        [
            lambda token: "",
            lambda token: token[:-1],
            lambda token: "x" + token,
            lambda token: token.split(":")[0],
            lambda token: Signer(salt="other").sign_object(
                ["badge_shelf", {}, "", None]
            ),
            lambda token: Signer(salt="wagtail_gamification.fragment.1").sign("x"),
            lambda token: "\0",
        ],
    )
    def test_nobody_else_can_write_one(self, client, change):
        token = change(Fragment.of("badge_shelf", None, {}).token)

        with pytest.raises(BadSignature):
            Fragment.read(token)
        address = reverse("wagtail_gamification:fragment")
        assert client.get(address, {"of": token}).status_code == 404

    def test_who_is_meant_is_carried_by_key(self, user):
        interface = GamificationInterface.objects.for_user(user)
        request = RequestFactory().get("/")
        request.user = user

        def player(of):
            return Fragment.of("points", request, {"user": of}).player

        assert player(request.user) is None
        assert player(make_user("bob")).kind == "user"
        assert player(interface) == PlayerKey("interface", str(interface.pk))
        assert player(None) == player(AnonymousUser()) == PlayerKey("nobody")
        with pytest.raises(ValueError, match="neither a user nor"):
            player("ada")


class TestFragment:
    def test_everybody_gets_their_own(self, client, user, other):
        make_badge().award(user)
        address = bare(render("{% badge_shelf lazy=True %}"))

        def shown():
            return re.search(r"(\d) of 1 earned", client.get(address).content.decode())

        assert shown()[1] == "0"
        client.force_login(user)
        assert shown()[1] == "1"
        client.force_login(other)
        assert shown()[1] == "0"

    def test_somebody_elses_is_shown_to_those_who_may_see_it(
        self, client, user, other, admin_user
    ):
        make_badge().award(user)
        address = bare(render("{% badge_shelf lazy=True user=owner %}", owner=user))

        def shown_to(viewer):
            client.force_login(viewer)
            return "1 of 1 earned" in client.get(address).content.decode()

        assert shown_to(other)
        GamificationInterface.objects.update(is_public=False)
        assert not shown_to(other)
        assert shown_to(user)
        assert shown_to(admin_user)
        client.logout()
        assert "0 of 1 earned" in client.get(address).content.decode()

    def test_somebody_who_is_gone_has_nothing(self, client, user):
        make_badge().award(user)
        address = bare(render("{% badge_shelf lazy=True user=owner %}", owner=user))
        user.delete()

        assert "0 of 1 earned" in client.get(address).content.decode()

    def test_secrets_are_kept(self, client, user):
        make_badge("Moth whisperer", is_secret=True)
        client.force_login(user)

        html = client.get(bare(render("{% badge_shelf lazy=True %}"))).content.decode()

        assert "Moth" not in html

    def test_it_is_the_tags_own_html(self, client, user):
        make_badge().award(user)
        client.force_login(user)
        request = RequestFactory().get("/")
        request.user = user
        source = '{% badge "bookworm" size="large" %}'

        response = client.get(bare(render(source.replace(" %}", " lazy=True %}"))))

        assert response.content.decode() == render(source, request)

    def test_without_the_script_it_is_a_page(self, client, user):
        make_badge()

        response = client.get(address_in(render("{% badge_shelf lazy=True %}")))

        html = response.content.decode()
        assert "<h1>Badges</h1>" in html
        assert "Bookworm" in html
        assert response.headers["X-Robots-Tag"] == "noindex"

    def test_it_is_in_the_language_of_the_page(self, client):
        translate(make_badge(), "fr", name="Lecteur")
        with translation.override("fr"):
            address = bare(render("{% badge_shelf lazy=True %}"))

        response = client.get(
            address.replace("/fr/", "/"), headers={"accept-language": "de"}
        )

        assert "Lecteur" in response.content.decode()
        assert response.headers["Content-Language"] == "fr"

    def test_what_is_deleted_shows_nothing(self, client):
        badge = make_badge()
        address = bare(render('{% badge "bookworm" lazy=True %}'))
        badge.delete()

        for debug in [True, False]:
            with override_settings(DEBUG=debug):
                response = client.get(address)
            assert (response.status_code, response.content) == (200, b"")

    def test_a_tag_that_is_no_more_is_not_found(self, client):
        address = Fragment.of("bagde_shelf", None, {}).url

        assert client.get(address).status_code == 404

    def test_nothing_can_be_sent_there(self, client):
        address = address_in(render("{% badge_shelf lazy=True %}"))

        assert client.post(address).status_code == 405

    def test_a_form_in_it_works(self, user):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        html = client.get(bare(render("{% claim_form lazy=True %}"))).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]

        response = client.post(
            reverse("wagtail_gamification:claim"),
            {"code": "nonsense", "csrfmiddlewaretoken": token},
        )

        assert response.status_code == 200
        assert "can&#x27;t be used" in response.content.decode()


class TestHeaders:
    @pytest.fixture
    def address(self, user, client):
        make_badge()
        client.force_login(user)
        return bare(render("{% badge_shelf lazy=True %}"))

    @pytest.mark.parametrize("is_bare", [True, False])
    def test_no_shared_cache_keeps_it(self, client, address, is_bare):
        if not is_bare:
            address = address.replace("&bare=1", "")

        response = client.get(address)

        kept = {part.strip() for part in response.headers["Cache-Control"].split(",")}
        varies = {part.strip() for part in response.headers["Vary"].split(",")}
        assert {"private", "no-cache"} <= kept
        assert {"Cookie", "Accept-Language"} <= varies
        assert response.headers["Referrer-Policy"] == "same-origin"

    def test_what_has_not_changed_is_not_sent_again(self, client, address, user):
        tag = client.get(address).headers["ETag"]

        same = client.get(address, headers={"if-none-match": tag})
        make_badge("Second").award(user)
        changed = client.get(address, headers={"if-none-match": tag})

        assert (same.status_code, same.content) == (304, b"")
        assert "private" in same.headers["Cache-Control"]
        assert "Cookie" in same.headers["Vary"]
        assert changed.status_code == 200
        assert changed.headers["ETag"] != tag

    def test_two_members_have_two_tags(self, client, address, other, user):
        make_badge("Second").award(user)
        tag = client.get(address).headers["ETag"]
        client.force_login(other)

        response = client.get(address, headers={"if-none-match": tag})

        assert response.status_code == 200
