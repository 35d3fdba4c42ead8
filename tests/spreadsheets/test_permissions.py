"""An import does what its editor may do in the CMS, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupCollectionPermission

from wagtail_gamification.models import BadgeDefinition
from wagtail_gamification.spreadsheets import (
    CatalogueError,
    CatalogueResult,
    import_catalogue,
)
from wagtail_gamification.spreadsheets.options import Destination, ImportOptions
from wagtail_gamification.spreadsheets.permissions import ImportPermissions

from .make import archive, json_rows, picture
from .test_import import actions, badges
from .test_options import reasons

pytestmark = pytest.mark.django_db

DRAFT = ImportOptions(destination=Destination.DRAFT)


@pytest.fixture
def editors() -> Group:
    group = Group.objects.create(name="Badge editors")
    allow(group, "import_definitions")
    return group


@pytest.fixture
def editor(editors: Group) -> Any:
    user = get_user_model().objects.create_user("ada")
    user.groups.add(editors)
    return user


def allow(group: Group, *codenames: str) -> None:
    permissions = Permission.objects.filter(
        content_type__app_label="wagtail_gamification", codename__in=codenames
    )
    assert len(permissions) == len(codenames)
    group.permissions.add(*permissions)


def allow_images(group: Group, collection: Collection, codename: str) -> None:
    GroupCollectionPermission.objects.create(
        group=group,
        collection=collection,
        permission=Permission.objects.get(
            content_type__app_label="wagtailimages", codename=codename
        ),
    )


def checked(user: Any, *rows: dict[str, Any], **options: Any) -> CatalogueResult:
    # Permissions are kept by the user object.
    user = get_user_model().objects.get(pk=user.pk)
    return badges(*rows, user=user, check_permissions=True, **options)


def test_who_may_not_import_learns_nothing_else() -> None:
    user = get_user_model().objects.create_user("ada")

    with pytest.raises(CatalogueError, match="You may not import definitions"):
        import_catalogue(b"", "a.exe", user=user, check_permissions=True)
    with pytest.raises(CatalogueError, match="You may not import definitions"):
        import_catalogue(b"", "a.exe", check_permissions=True)


def test_nobody_is_asked_by_the_command(editor: Any) -> None:
    assert actions(badges({"name": "Gold"}, user=editor)) == ["created"]


def test_each_thing_has_its_permission(editor: Any, editors: Group) -> None:
    badges({"name": "Old"})
    rows = [{"name": "New"}, {"slug": "old", "points": 2}]

    assert reasons(checked(editor, *rows)) == [
        (1, "", "You may not add badges."),
        (1, "", "You may not publish badges."),
        (2, "", "You may not change badges."),
        (2, "", "You may not publish badges."),
    ]
    allow(editors, "add_badgedefinition")
    refused = reasons(checked(editor, *rows, options=DRAFT))
    assert refused == [(2, "", "You may not change badges.")]
    allow(editors, "change_badgedefinition")
    assert reasons(checked(editor, *rows)) == [
        (1, "", "You may not publish badges."),
        (2, "", "You may not publish badges."),
    ]
    assert actions(checked(editor, *rows, options=DRAFT, dry_run=True)) == [
        "created",
        "updated",
    ]
    allow(editors, "publish_badgedefinition")
    assert actions(checked(editor, *rows)) == ["created", "updated"]


def test_what_stays_the_same_needs_no_permission(editor: Any) -> None:
    badges({"name": "Old"})

    assert actions(checked(editor, {"name": "Old"})) == ["skipped"]


def test_what_has_no_drafts_needs_no_permission_to_publish(
    editor: Any, editors: Group
) -> None:
    allow(editors, "add_category")

    result = import_catalogue(
        json_rows({"name": "Sport"}),
        "c.json",
        sheet="Categories",
        user=editor,
        check_permissions=True,
    )

    assert actions(result) == ["created"]


def test_permissions_taken_away_since_the_preview(editor: Any, editors: Group) -> None:
    allow(editors, "add_badgedefinition", "publish_badgedefinition")
    assert actions(checked(editor, {"name": "A"}, dry_run=True)) == ["created"]
    editors.permissions.clear()
    allow(editors, "import_definitions")

    result = checked(editor, {"name": "A"})

    assert actions(result) == ["refused"]
    assert not BadgeDefinition.objects.exists()


def test_permissions_are_looked_up_once_and_not_for_each_row(
    editor: Any, editors: Group
) -> None:
    allow(editors, "add_badgedefinition", "publish_badgedefinition")

    def counted(count: int) -> int:
        rows = [{"name": f"Badge {number}"} for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            assert "refused" not in actions(checked(editor, *rows, dry_run=True))
        return len(captured)

    assert counted(2) == counted(20)


def test_instances_are_asked_where_a_policy_tells_them_apart(
    editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    badges({"name": "A"}, {"name": "B"})
    policy = BadgeDefinition.snippet_viewset.permission_policy

    class OnlyA(type(policy)):  # type: ignore[misc]
        def user_has_permission_for_instance(
            self, user: Any, action: str, instance: Any
        ) -> bool:
            return bool(instance.slug == "a")

    permissions = ImportPermissions(editor)
    permissions._policies[BadgeDefinition] = OnlyA(BadgeDefinition)

    may = {
        badge.slug: permissions.may(badge, "change")
        for badge in BadgeDefinition.objects.all()
    }

    assert may == {"a": True, "b": False}


# Images


@pytest.fixture
def may_all(editors: Group) -> None:
    names = ["add_badgedefinition", "change_badgedefinition", "publish_badgedefinition"]
    allow(editors, *names)


@pytest.fixture
def art() -> Collection:
    return Collection.get_first_root_node().add_child(name="Art")


@pytest.mark.usefixtures("may_all")
def test_an_image_that_may_not_be_chosen_is_as_good_as_none(
    editor: Any, editors: Group, art: Collection, make_image: Any
) -> None:
    secret = make_image("Secret medal")
    open_one = make_image("Open medal", "red")
    get_image_model().objects.filter(pk=open_one.pk).update(collection=art)
    allow_images(editors, art, "choose_image")

    assert actions(checked(editor, {"name": "A", "image": "Open medal"})) == ["created"]
    result = checked(
        editor,
        {"name": "B", "image": "Secret medal"},
        {"name": "C", "image": str(secret.pk)},
        {"name": "D", "image": "Secret meda"},
        {"name": "E", "image": "Secret nonsense"},
    )
    messages = [message for *_, message in reasons(result)]
    assert len(messages) == 4
    assert not any("Did you mean “Secret" in message for message in messages)
    assert all("There is no image" in message for message in messages)


@pytest.mark.usefixtures("may_all")
def test_new_images_only_where_they_may_be_added(
    editor: Any, editors: Group, art: Collection
) -> None:
    row = {"name": "A", "image": "a.png"}
    images = archive({"a.png": picture()})
    refusal = (1, "image", "You may not add images to the collection “Root”.")

    assert reasons(checked(editor, row, images=images)) == [refusal]
    allow_images(editors, art, "add_image")
    root = ImportOptions(collection_id=Collection.get_first_root_node().pk)
    assert reasons(checked(editor, row, images=images, options=root)) == [refusal]
    # Nobody has chosen a collection before the preview.
    assert actions(checked(editor, row, images=images, dry_run=True)) == ["created"]
    options = ImportOptions(collection_id=art.pk)
    assert actions(checked(editor, row, images=images, options=options)) == ["created"]
    image = get_image_model().objects.get()
    assert (image.collection, image.uploaded_by_user) == (art, editor)


@pytest.mark.usefixtures("may_all")
def test_the_same_file_as_a_hidden_image_is_a_new_one(
    editor: Any, editors: Group, art: Collection, make_image: Any
) -> None:
    make_image("Secret", "blue")
    allow_images(editors, art, "add_image")

    result = checked(
        editor,
        {"name": "A", "image": "a.png"},
        images=archive({"a.png": picture("blue")}),
        options=ImportOptions(collection_id=art.pk),
    )

    assert result.images_stored == 1
    assert get_image_model().objects.count() == 2


@pytest.mark.usefixtures("may_all")
def test_a_hidden_image_that_a_badge_has_already_may_stay(
    editor: Any, make_image: Any
) -> None:
    badges({"name": "A", "image": str(make_image("Hidden", "blue").pk)})

    row = {"name": "A", "image": "Hidden"}
    assert actions(checked(editor, row)) == ["skipped"]
