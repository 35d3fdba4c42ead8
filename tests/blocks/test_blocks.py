"""What editors put into a StreamField, and what visitors get to see of it."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.urls import reverse
from wagtail.models import ReferenceIndex

from tests.shelf_data import make_badge, make_user
from tests.testapp.models import BlocksPage
from wagtail_gamification import blocks
from wagtail_gamification.blocks.choosers import key_of
from wagtail_gamification.models import (
    Category,
    GamificationInterface,
    Level,
    UnlockableDefinition,
)
from wagtail_gamification.testing import create_leaderboard

from .conftest import render

pytestmark = pytest.mark.django_db

BLOCKS = {
    name: block
    for name, block in BlocksPage.body.field.stream_block.child_blocks.items()
    if isinstance(block, blocks.GamificationBlock)
}


@pytest.fixture
def user():
    return make_user()


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestEachBlock:
    def test_a_shelf_shows_the_visitors_badges(self, make_page, user):
        make_badge().award(user)
        make_badge("Night owl")
        page = make_page(("badge_shelf", {}))

        assert "1 of 2 earned" in words(render(page, user))
        assert "0 of 2 earned" in words(render(page))

    def test_a_shelf_has_what_the_editor_has_filled_in(self, make_page, user):
        reading = Category.objects.create(name="Reading")
        make_badge(category=reading, progression_target=3)
        make_badge("Second", category=reading)
        make_badge("Night owl")
        page = make_page(
            (
                "badge_shelf",
                {
                    "heading": "To read",
                    "category": reading.pk,
                    "show": "locked",
                    "limit": 1,
                    "size": "small",
                },
            )
        )

        html = render(page, user)

        assert "To read" in words(html)
        assert html.count("gamification-shelf__item") == 1
        assert "gamification-size--small" in html
        assert "Night owl" not in html

    def test_a_badge_is_shown_as_it_stands(self, make_page, user):
        badge = make_badge()
        badge.award(user)
        page = make_page(("badge", {"badge": badge.pk}))

        assert "Bookworm Earned" in words(render(page, user))
        assert "Bookworm Locked" in words(render(page))

    def test_progress_is_towards_the_chosen_badge(self, make_page, user):
        badge = make_badge(progression_target=10)
        GamificationInterface.objects.for_user(user).increment("bookworm", by=7)
        page = make_page(("progress", {"badge": badge.pk}))

        assert words(render(page, user)) == "7 of 10"

    def test_progress_without_a_badge_is_towards_the_next_level(self, make_page, user):
        Level.objects.create(name="Novice", points_required=0)
        Level.objects.create(name="Master", points_required=100)
        page = make_page(("progress", {}))

        assert "100 points to Master" in words(render(page, user))

    def test_unlockables_are_listed(self, make_page, user):
        UnlockableDefinition.objects.create(name="Attic", points_required=20)
        page = make_page(("unlockables", {"show": "locked"}))

        assert "Attic Opens with 20 points" in words(render(page, user))

    def test_points_and_level_stand_together(self, make_page, user):
        Level.objects.create(name="Novice", points_required=0)
        GamificationInterface.objects.for_user(user).change_points(30, reason="Test")
        page = make_page(("standing", {}))

        html = words(render(page, user))

        assert "30 points" in html
        assert "Novice" in html

    def test_recent_awards_name_those_who_show_them(self, make_page, user):
        make_badge().award(user)
        page = make_page(("recent_awards", {"limit": 5}))

        assert "ada has earned Bookworm" in words(render(page))

    def test_a_member_gets_a_field_for_a_code(self, make_page, user):
        page = make_page(("claim_form", {"heading": "Been to the fair?"}))

        html = render(page, user)

        assert f'action="{reverse("wagtail_gamification:claim")}"' in html
        assert "csrfmiddlewaretoken" in html
        assert "Been to the fair?" in html

    def test_a_visitor_is_led_to_sign_in_for_that(self, make_page):
        page = make_page(("claim_form", {}))

        html = render(page)

        assert f'href="{reverse("wagtail_gamification:claim")}"' in html
        assert "csrf" not in html


class TestWhose:
    def test_the_pages_owner(self, make_page, user):
        make_badge().award(user)
        page = make_page(("badge_shelf", {"whose": "owner"}), owner=user)

        assert "1 of 1 earned" in words(render(page))
        assert "1 of 1 earned" in words(render(page, make_user("bob")))

    def test_a_page_without_an_owner_shows_nothing(self, make_page):
        make_badge()
        page = make_page(("badge_shelf", {"whose": "owner"}))

        assert words(render(page)) == ""

    def test_a_chosen_player(self, make_page, user):
        make_badge().award(user)
        player = GamificationInterface.objects.for_user(user)
        page = make_page(("badge_shelf", {"whose": "player", "player": player.pk}))

        assert "1 of 1 earned" in words(render(page, make_user("bob")))

    @pytest.mark.parametrize("whose", ["owner", "player"])
    def test_a_player_who_is_not_public_looks_like_a_new_one(
        self, make_page, user, whose
    ):
        make_badge().award(user)
        player = GamificationInterface.objects.for_user(user)
        GamificationInterface.objects.update(is_public=False)
        value = {"whose": whose, "player": player.pk}
        page = make_page(("badge_shelf", value), owner=user)

        assert "0 of 1 earned" in words(render(page, make_user("bob")))
        assert "1 of 1 earned" in words(render(page, user))

    def test_a_player_who_is_gone_shows_nothing(self, make_page, user):
        make_badge()
        player = GamificationInterface.objects.for_user(user)
        page = make_page(("badge_shelf", {"whose": "player", "player": player.pk}))
        user.delete()

        html = render(page)

        assert "earned" not in words(html) or "0 of 1 earned" in words(html)

    def test_the_form_asks_for_the_player_that_it_is_about(self):
        block = BLOCKS["badge_shelf"]
        value = block.normalize({**block.get_default(), "whose": "player"})

        with pytest.raises(ValidationError) as error:
            block.clean(value)

        assert set(error.value.block_errors) == {"player"}


class TestWhatIsGone:
    def test_a_deleted_badge_shows_nothing(self, make_page, user):
        badge = make_badge()
        page = make_page(
            ("badge", {"badge": badge.pk}), ("progress", {"badge": badge.pk})
        )
        badge.delete()

        assert words(render(page, user)) == ""
        with override_settings(DEBUG=True):
            assert words(render(page, user)) == ""

    def test_a_deleted_category_shows_nothing(self, make_page, user):
        reading = Category.objects.create(name="Reading")
        make_badge()
        page = make_page(
            ("badge_shelf", {"category": reading.pk}),
            ("recent_awards", {"category": reading.pk, "limit": 5}),
        )
        reading.delete()

        assert words(render(page, user)) == ""

    def test_an_unpublished_badge_is_shown_to_those_who_have_it(self, make_page, user):
        badge = make_badge()
        badge.award(user)
        badge.unpublish()
        page = make_page(("badge", {"badge": badge.pk}))

        assert "Bookworm" in words(render(page, user))
        assert words(render(page)) == ""

    def test_the_page_can_still_be_edited(self, make_page, admin_client, user):
        badge = make_badge()
        player = GamificationInterface.objects.for_user(user)
        page = make_page(
            ("badge", {"badge": badge.pk}),
            ("badge_shelf", {"whose": "player", "player": player.pk}),
        )
        badge.delete()
        user.delete()

        response = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))

        assert response.status_code == 200
        value = page.body[0].value["badge"]
        assert not value
        assert list(page.body.stream_block.extract_references(page.body)) == []

    def test_a_block_without_a_choice_shows_nothing(self, make_page):
        page = make_page(("badge", {}), ("badge", {"badge": None}))

        assert words(render(page)) == ""


class TestSecrets:
    def test_a_secret_badge_leaks_nowhere(self, make_page, user):
        secret = make_badge("Moth whisperer", slug="moths", is_secret=True)
        secret.award(make_user("bob"))
        page = make_page(
            ("badge_shelf", {"steps": True}),
            ("badge", {"badge": secret.pk}),
            ("progress", {"badge": secret.pk}),
            ("recent_awards", {"limit": 5}),
        )

        for html in [render(page, user), render(page)]:
            assert "oth" not in html.replace("other", "")


class TestQueries:
    BODY = ["badge_shelf", "badge", "progress", "unlockables", "standing"]

    @pytest.fixture
    def body(self, django_capture_on_commit_callbacks):
        """Give blocks of what is published already."""
        with django_capture_on_commit_callbacks(execute=True):
            badges = [make_badge(f"Badge {number}") for number in range(5)]
            category = Category.objects.create(name="Reading")
            UnlockableDefinition.objects.create(name="Attic", points_required=20)
            Level.objects.create(name="Novice", points_required=0)
        return [
            (name, {"badge": badge.pk, "category": category.pk, "limit": 5})
            for badge in badges
            for name in [*self.BODY, "recent_awards"]
        ]

    @pytest.mark.parametrize("number", [6, 30])
    def test_thirty_blocks_cost_what_six_do(
        self, make_page, user, assert_max_statements, body, number
    ):
        page = make_page(*body[:number])
        render(page, user)
        page = BlocksPage.objects.get(pk=page.pk)

        # Badges, unlockables, points, recent awards.
        with assert_max_statements(4):
            render(page, user)

    def test_blocks_that_are_loaded_separately_cost_nothing(
        self, make_page, user, django_assert_num_queries, body
    ):
        page = make_page(
            *((name, {**value, "load_separately": True}) for name, value in body),
            owner=user,
        )

        with django_assert_num_queries(0):
            html = render(page)

        assert html.count("<gamification-fragment") == 30

    @pytest.mark.parametrize("whose", ["owner", "player"])
    def test_the_same_player_is_looked_up_once(
        self,
        make_page,
        user,
        assert_max_statements,
        django_capture_on_commit_callbacks,
        whose,
    ):
        player = GamificationInterface.objects.for_user(user)
        body = [("badge_shelf", {"whose": whose, "player": player.pk})] * 10
        page = make_page(*body, owner=user)
        with django_capture_on_commit_callbacks(execute=True):
            make_badge()
        render(page)
        page = BlocksPage.objects.get(pk=page.pk)

        # The page's owner or the player, and the badges.
        with assert_max_statements(2):
            render(page)


class TestForEditors:
    @pytest.mark.parametrize("name", BLOCKS)
    def test_each_block_says_what_it_is(self, name):
        block = BLOCKS[name]

        assert block.meta.group == "Gamification"
        assert block.meta.icon.startswith("gamification-")
        assert str(block.get_description()).endswith(".")

    @pytest.mark.parametrize("name", BLOCKS)
    def test_each_block_has_a_preview(self, name, admin_client):
        make_badge()
        Level.objects.create(name="Novice", points_required=0)
        UnlockableDefinition.objects.create(name="Attic", points_required=20)
        create_leaderboard()
        block = BLOCKS[name]

        assert block.is_previewable
        response = admin_client.get(
            reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}
        )

        assert response.status_code == 200
        html = response.content.decode()
        assert "gamification-preview" in html
        assert "gamification-" in html.split("<main>")[1]

    def test_a_preview_without_any_badge_says_nothing(self, admin_client):
        response = admin_client.get(
            reverse("wagtailadmin_block_preview"),
            {"id": BLOCKS["badge"].definition_prefix},
        )

        assert response.status_code == 200

    def test_what_is_used_in_blocks_is_known(self, make_page):
        badge = make_badge()
        page = make_page(("badge", {"badge": badge.pk}))
        ReferenceIndex.create_or_update_for_object(page)

        references = ReferenceIndex.get_references_to(badge)

        assert (
            references.filter(
                base_content_type=ContentType.objects.get_for_model(BlocksPage)
            ).exists()
            or references.exists()
        )

    def test_a_choice_is_looked_up_when_it_is_needed(
        self, make_page, django_assert_num_queries
    ):
        first, second = make_badge(), make_badge("Night owl")
        page = make_page(
            ("badge", {"badge": first.pk}), ("badge", {"badge": second.pk})
        )

        with django_assert_num_queries(0):
            chosen = [block.value["badge"] for block in page.body]
            assert [key_of(badge) for badge in chosen] == [first.pk, second.pk]
            assert page.body.get_prep_value()[0]["value"]["badge"] == first.pk
        with django_assert_num_queries(1):
            assert [badge.name for badge in chosen] == ["Bookworm", "Night owl"]
        assert chosen == [first, second]


class TestChoosingPlayers:
    URLS = {
        "choose": [],
        "choose_results": [],
        "chosen": ["1"],
        "chosen_multiple": [],
    }

    @pytest.mark.parametrize("name", URLS)
    def test_it_is_as_private_as_the_list_of_players(self, client, name):
        editor = make_user("editor", is_staff=True)
        editor.user_permissions.add(_permission("wagtailadmin", "access_admin"))
        client.force_login(editor)
        address = reverse(f"gamification_player_chooser:{name}", args=self.URLS[name])

        response = client.get(address)

        assert response.status_code in (302, 403)
        assert b"ada" not in response.content

    def test_players_are_found_by_name(self, admin_client, user):
        player = GamificationInterface.objects.for_user(user)
        GamificationInterface.objects.for_user(make_user("bob"))
        address = reverse("gamification_player_chooser:choose")

        html = admin_client.get(address, {"q": "ada"}).content.decode()

        assert f"/{player.pk}/" in html
        assert "bob" not in html


def _permission(app, codename):
    from django.contrib.auth.models import Permission

    return Permission.objects.get(content_type__app_label=app, codename=codename)
