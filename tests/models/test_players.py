"""Players: interfaces, the rows that appear by themselves, who may see them."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.management import call_command
from django.utils import timezone

from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    GamificationInterface,
    Unlockable,
)
from wagtail_gamification.testing import (
    create_badge_definition,
    create_player,
    create_unlockable_definition,
)

pytestmark = pytest.mark.django_db


def test_an_interface_without_a_user_works():
    create_badge_definition(points=5)

    team = GamificationInterface.objects.create()

    assert str(team) == f"Player {team.pk}"
    assert team.badges.get().award()
    team.refresh_from_db()
    assert team.points == 5


def test_creating_a_user_creates_an_interface(django_user_model):
    user = django_user_model.objects.create_user("ada")

    assert user.gamification_interface.points == 0
    assert str(user.gamification_interface) == "ada"


def test_creating_a_user_through_a_proxy_creates_an_interface(django_user_model):
    class Student(django_user_model):
        class Meta:
            app_label = "testapp"
            proxy = True

    try:
        student = Student.objects.create_user("grace")
    finally:
        del apps.all_models["testapp"]["student"]
        apps.clear_cache()

    assert student.gamification_interface.points == 0


def test_for_user_makes_an_interface_where_it_is_missing(django_user_model, settings):
    settings.WAGTAIL_GAMIFICATION_CREATE_INTERFACES = False
    user = django_user_model.objects.create_user("ada")
    assert not GamificationInterface.objects.exists()

    interface = GamificationInterface.objects.for_user(user)

    assert interface.user == user
    assert GamificationInterface.objects.for_user(user) == interface


def test_an_anonymous_visitor_has_no_interface():
    with pytest.raises(ValueError, match="anonymous"):
        GamificationInterface.objects.for_user(AnonymousUser())


def test_a_new_interface_gets_a_row_for_every_definition_that_was_published():
    create_badge_definition("Live")
    retired = create_badge_definition("Retired")
    retired.save_revision().publish()
    retired.refresh_from_db()
    retired.unpublish()
    create_badge_definition("Draft", live=False)
    create_unlockable_definition()

    player = create_player()

    names = player.badges.values_list("badge_definition__name", flat=True)
    assert sorted(names) == ["Live", "Retired"]
    assert player.unlockables.count() == 1


def test_publishing_a_draft_gives_every_interface_a_row():
    player = create_player()
    draft = create_badge_definition(live=False)
    assert not player.badges.exists()

    draft.save_revision().publish()

    assert player.badges.count() == 1


def test_no_rows_are_prepared_where_the_setting_is_off(settings):
    settings.WAGTAIL_GAMIFICATION_PREPARE_ROWS = False
    rich = create_player(points=100)
    create_badge_definition()
    create_unlockable_definition(points_required=100)
    create_player()

    assert not Badge.objects.exists()
    assert Unlockable.objects.get().interface == rich


def test_a_new_interface_with_fifty_badges_takes_at_most_four_queries(
    django_assert_max_num_queries,
):
    for number in range(50):
        create_badge_definition(f"Badge {number}")
    for number in range(10):
        create_unlockable_definition(f"Unlockable {number}")

    with django_assert_max_num_queries(4):
        interface = GamificationInterface.objects.create()

    assert interface.badges.count() == 50
    assert interface.unlockables.count() == 10


@pytest.fixture
def background_tasks(settings):
    """Queue Wagtail's index updates, as on a site that has a worker for them."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
    }


def test_publishing_with_ten_thousand_players_is_one_insert_for_all_rows(
    django_assert_max_num_queries, background_tasks
):
    GamificationInterface.objects.bulk_create(
        [GamificationInterface() for _ in range(10_000)], batch_size=1000
    )
    revision = create_badge_definition(live=False).save_revision()

    with django_assert_max_num_queries(13) as captured:
        revision.publish()

    inserts = [
        query["sql"]
        for query in captured.captured_queries
        if query["sql"].startswith("INSERT") and Badge._meta.db_table in query["sql"]
    ]
    assert len(inserts) == 1
    assert Badge.objects.count() == 10_000


def test_publishing_where_the_tasks_run_at_once_adds_only_the_index_updates(
    django_assert_max_num_queries,
):
    create_player()
    revision = create_badge_definition(live=False).save_revision()

    # Wagtail's search index and reference index take ten of them, on SQLite.
    with django_assert_max_num_queries(24):
        revision.publish()


def test_editing_a_definition_writes_nothing_per_player(
    django_assert_max_num_queries, background_tasks
):
    create_player()
    create_badge_definition(live=False).save_revision().publish()
    definition = BadgeDefinition.objects.get()
    definition.points = 77
    revision = definition.save_revision()

    with django_assert_max_num_queries(17) as captured:
        revision.publish()

    tables = (Badge._meta.db_table, GamificationInterface._meta.db_table)
    assert not [
        query["sql"]
        for query in captured.captured_queries
        if any(f'"{table}"' in query["sql"] for table in tables)
    ]


def test_sync_makes_interfaces_and_rows_for_people_who_were_there_before(
    django_user_model, settings, capsys
):
    settings.WAGTAIL_GAMIFICATION_CREATE_INTERFACES = False
    django_user_model.objects.create_user("ada")
    django_user_model.objects.create_user("grace")
    create_badge_definition()
    create_unlockable_definition("Free", points_required=0)

    call_command("gamification_sync")
    assert "Made 2 interfaces, 2 badges and 2 unlockables" in capsys.readouterr().out

    assert Badge.objects.count() == 2
    assert Unlockable.objects.filter(acquired=True).count() == 2
    call_command("gamification_sync")
    assert "Made 0 interfaces, 0 badges and 0 unlockables" in capsys.readouterr().out


def test_sync_unlocks_what_was_missed():
    player = create_player(points=100)
    create_unlockable_definition("Garden", points_required=100)
    Unlockable.objects.update(acquired=False)

    call_command("gamification_sync")

    assert player.has_unlocked("garden")


def test_saving_a_stale_interface_leaves_the_points_alone():
    player = create_player()
    stale = GamificationInterface.objects.get(pk=player.pk)
    player.change_points(50)

    stale.is_public = False
    stale.save()

    player.refresh_from_db()
    assert (player.points, player.is_public) == (50, False)


def test_saving_a_stale_badge_undoes_nothing(django_assert_num_queries):
    player = create_player()
    create_badge_definition(progression_target=3, points=5)
    stale = player.badges.get()
    player.badges.get().increment(by=3)

    with django_assert_num_queries(0):
        stale.save()

    badge = player.badges.get()
    assert (badge.progress, badge.acquired) == (3, True)


def test_saving_a_badge_writes_what_was_set_on_it():
    player = create_player()
    create_badge_definition(progression_target=30)
    badge = player.badges.get()
    player.badges.get().increment(by=3)

    badge.expires_at = timezone.now()
    badge.save()
    badge.progress = 7
    badge.save()

    saved = player.badges.get()
    assert (saved.progress, saved.is_expired, saved.acquired) == (7, True, False)


def test_a_badge_that_was_read_in_part_can_be_saved():
    player = create_player()
    create_badge_definition(progression_target=30)
    badge = player.badges.defer("progress", "expires_at").get()
    badge.revoked = True
    assert badge.progress == 0
    player.badges.get().increment(by=3)

    badge.save()

    saved = player.badges.get()
    assert (saved.progress, saved.revoked) == (3, True)


def test_what_a_partial_save_left_out_is_written_by_the_next():
    player = create_player()
    create_badge_definition(progression_target=30)
    badge = player.badges.get()
    badge.progress, badge.revoked = 5, True

    badge.save(update_fields=["progress"])
    assert not player.badges.get().revoked
    badge.save()

    assert player.badges.get().revoked


def test_saving_a_refreshed_badge_undoes_nothing(django_assert_num_queries):
    player = create_player()
    create_badge_definition(progression_target=30)
    badge = player.badges.get()
    player.badges.get().increment(by=3)
    badge.refresh_from_db()
    player.badges.get().increment(by=3)

    with django_assert_num_queries(0):
        badge.save()

    assert player.badges.get().progress == 6


def test_an_increment_and_a_save_after_it_write_once():
    player = create_player()
    create_badge_definition(progression_target=30)
    badge = player.badges.get()

    badge.increment()
    player.badges.get().increment()
    badge.save()

    assert player.badges.get().progress == 2


def test_a_new_interface_cannot_bring_points_that_no_ledger_has():
    interface = GamificationInterface.objects.create(points=1000)

    interface.refresh_from_db()
    assert interface.points == 0


def test_who_may_see_a_player(django_user_model):
    private = create_player()
    GamificationInterface.objects.filter(pk=private.pk).update(is_public=False)
    other = create_player().user
    staff = django_user_model.objects.create_user("staff")
    staff.user_permissions.add(
        Permission.objects.get(codename="view_gamificationinterface")
    )
    players = GamificationInterface.objects.filter(pk=private.pk)

    assert not players.visible_to(AnonymousUser()).exists()
    assert not players.visible_to(other).exists()
    assert players.visible_to(private.user).exists()
    assert players.visible_to(staff).exists()


def test_a_user_who_isnt_saved_has_no_teams_interface(django_user_model):
    team = GamificationInterface.objects.create(is_public=False)
    team.change_points(5)

    stranger = django_user_model(username="nobody")

    assert not GamificationInterface.objects.owned_by(stranger).exists()


def test_interface_methods_reach_badges_by_slug():
    player = create_player()
    create_badge_definition("Explorer", points=5)

    assert player.award("explorer", reason="Found it").reason == "Found it"
    assert player.badge("explorer").acquired
    assert player.revoke("explorer")
    player.refresh_from_db()
    assert player.points == 0


def test_badges_come_with_their_definitions(django_assert_num_queries):
    player = create_player()
    for number in range(5):
        create_badge_definition(f"Badge {number}")

    with django_assert_num_queries(1):
        facts = {(badge.name, badge.category) for badge in player.badges.all()}
    assert len(facts) == 5


def test_an_award_reads_as_its_badge_and_number():
    award = create_badge_definition("Explorer").award(create_player())

    assert str(award) == "Explorer #1"
    assert str(award.badge.interface.point_changes.model(amount=5)) == "+5"
