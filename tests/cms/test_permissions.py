"""Who may do what: Wagtail's groups decide, on the server."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from wagtail_gamification.models import BadgeDefinition, Category, UnlockableDefinition

from .conftest import MODELS, PUBLISHED_MODELS, create, form_data, published, url_of

pytestmark = pytest.mark.django_db

ALL = ["add", "change", "delete", "publish", "view", "lock", "unlock"]


def permissions_but(model, *missing):
    name = model._meta.model_name
    return [f"{action}_{name}" for action in ALL if action not in missing]


def was_refused(response):
    """Whether Wagtail sent the editor away, as it does with a message."""
    return response.status_code == 403 or (
        response.status_code == 302 and response.url == reverse("wagtailadmin_home")
    )


def state_of(model):
    rows = model.objects.order_by("pk")
    return [
        {
            "name": row.name,
            "place": row.sort_order,
            "live": getattr(row, "live", None),
            "locked": getattr(row, "locked", None),
        }
        for row in rows
    ]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("view", "permission"),
    [("add", "add"), ("copy", "add"), ("edit", "change"), ("delete", "delete")],
)
def test_a_screen_is_closed_to_who_lacks_its_permission(
    login_with, model, view, permission
):
    definition = create(model)
    target = model if view == "add" else definition
    before = state_of(model)
    client = login_with(*permissions_but(model, permission))

    assert was_refused(client.get(url_of(view, target)))
    assert was_refused(client.post(url_of(view, target), form_data(model, name="New")))
    assert state_of(model) == before


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "view", ["list", "list_results", "inspect", "usage", "history"]
)
def test_reading_is_closed_to_who_has_no_permission_at_all(login_with, model, view):
    definition = create(model)
    other = Category if model is not Category else BadgeDefinition
    client = login_with(*permissions_but(other))

    target = model if view.startswith("list") else definition

    assert was_refused(client.get(url_of(view, target)))


@pytest.mark.parametrize("model", MODELS)
def test_who_may_only_view_sees_the_list_and_inspects(login_with, model):
    definition = create(model)
    client = login_with(f"view_{model._meta.model_name}")

    page = client.get(url_of("list", model)).content.decode()

    assert url_of("inspect", definition) in page
    assert url_of("edit", definition) not in page
    assert url_of("delete", definition) not in page
    assert client.get(url_of("inspect", definition)).status_code == 200


@pytest.mark.parametrize(
    ("model", "view", "permission"),
    [
        *((model, "unpublish", "publish") for model in PUBLISHED_MODELS),
        *((model, "lock", "lock") for model in PUBLISHED_MODELS),
        (BadgeDefinition, "reorder", "publish"),
        (UnlockableDefinition, "reorder", "publish"),
    ],
)
def test_an_action_is_closed_to_who_lacks_its_permission(
    login_with, model, view, permission
):
    definition = published(create(model))
    before = state_of(model)
    client = login_with(*permissions_but(model, permission))

    assert was_refused(client.post(url_of(view, definition)))
    assert state_of(model) == before


@pytest.mark.parametrize("model", PUBLISHED_MODELS)
def test_unlocking_what_another_locked_takes_the_permission(login_with, admin, model):
    definition = create(model, locked=True, locked_by=admin)
    client = login_with(*permissions_but(model, "unlock"))

    assert was_refused(client.post(url_of("unlock", definition)))
    definition.refresh_from_db()
    assert definition.locked


@pytest.mark.parametrize("model", PUBLISHED_MODELS)
def test_who_may_not_publish_saves_a_draft(login_with, model):
    definition = published(create(model))
    client = login_with(*permissions_but(model, "publish"))

    client.post(
        url_of("edit", definition),
        form_data(model, name="New", slug="new", **{"action-publish": "1"}),
    )

    definition.refresh_from_db()
    assert definition.name == "First steps"
    assert definition.has_unpublished_changes
    assert definition.latest_revision.content["name"] == "New"


@pytest.mark.parametrize("model", PUBLISHED_MODELS)
def test_what_another_has_locked_is_not_changed(login_with, admin, model):
    definition = create(model, locked=True, locked_by=admin)
    client = login_with(*permissions_but(model))

    response = client.post(
        url_of("edit", definition), form_data(model, name="New", slug="new")
    )

    assert response.status_code == 200
    assert not definition.revisions.exists()


@pytest.mark.parametrize("model", MODELS)
def test_what_changes_something_does_nothing_on_get(cms, model):
    definition = create(model)
    views = ["delete", "copy"]
    if model in PUBLISHED_MODELS:
        views += ["unpublish", "lock", "unlock"]
    if model.snippet_viewset.reorder_view_enabled:
        views.append("reorder")
    before = state_of(model)

    for view in views:
        response = cms.get(url_of(view, definition))
        assert response.status_code in (200, 405), view

    assert state_of(model) == before


@pytest.mark.parametrize("view", ["delete", "unpublish", "lock", "reorder", "edit"])
def test_a_request_that_another_site_sends_is_refused(admin, badge, view):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    before = state_of(BadgeDefinition)

    response = client.post(url_of(view, badge), form_data(BadgeDefinition, name="New"))

    assert response.status_code == 403
    assert state_of(BadgeDefinition) == before


@pytest.mark.parametrize("model", MODELS)
def test_everything_asks_anonymous_visitors_to_log_in(client, model):
    definition = create(model)
    urls = [url_of(view, model) for view in ("list", "list_results", "add")]
    urls += [
        url_of(view, definition)
        for view in ("edit", "delete", "usage", "history", "inspect", "copy")
    ]
    chooser = model.snippet_viewset.chooser_viewset
    urls += [reverse(chooser.get_url_name("choose"))]

    for url in urls:
        response = client.get(url)
        assert response.status_code == 302, url
        assert response.url.startswith(reverse("wagtailadmin_login"))


@pytest.mark.parametrize("model", MODELS)
def test_the_menu_hides_what_an_editor_may_not_open(login_with, model):
    client = login_with(f"view_{model._meta.model_name}")

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    assert [url_of("list", other) in page for other in MODELS] == [
        other is model for other in MODELS
    ]


def test_the_form_of_a_group_offers_our_permissions(cms):
    group = Group.objects.create(name="Editors of badges")
    edit = reverse("wagtailusers_groups:edit", args=[group.pk])

    page = cms.get(edit).content.decode()

    for model in MODELS:
        assert model._meta.verbose_name.capitalize() in page
    offered = cms.get(edit).context["form"].fields["permissions"].queryset
    codenames = set(
        offered.filter(content_type__app_label="wagtail_gamification").values_list(
            "codename", flat=True
        )
    )
    for model in PUBLISHED_MODELS:
        assert {f"{action}_{model._meta.model_name}" for action in ALL} <= codenames
    assert {"add_category", "change_category", "delete_category"} <= codenames
