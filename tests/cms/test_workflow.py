"""Moderation: what is approved is published, and gives everybody a row."""

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import (
    GroupApprovalTask,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from wagtail_gamification.models import Badge, BadgeDefinition
from wagtail_gamification.testing import create_player

from .conftest import form_data, url_of

pytestmark = [
    pytest.mark.django_db,
    # Wagtail 8.0 sends the mails of its workflows as Django before 6.1 did.
    pytest.mark.filterwarnings("ignore:get_connection\\(\\) is deprecated"),
    pytest.mark.filterwarnings("ignore:Django 2028 will not have a default mailer"),
]


@pytest.fixture
def moderation():
    workflow = Workflow.objects.create(name="Moderation of badges")
    task = GroupApprovalTask.objects.create(name="Look at it")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowContentType.objects.create(
        workflow=workflow,
        content_type=ContentType.objects.get_for_model(BadgeDefinition),
    )
    return workflow


def test_a_badge_is_submitted_approved_published_and_given_to_players(
    login_with, moderation, admin
):
    player = create_player()
    editor = login_with("add_badgedefinition", "change_badgedefinition")
    editor.post(
        url_of("add", BadgeDefinition),
        form_data(BadgeDefinition, **{"action-submit": "1"}),
    )
    badge = BadgeDefinition.objects.get()
    assert badge.workflow_in_progress
    assert not badge.live
    assert not badge.badges.exists()

    editor.force_login(admin)
    state = badge.current_workflow_task_state
    assert editor.get(url_of("workflow_history", badge)).status_code == 200
    assert (
        editor.get(url_of("workflow_preview", badge, state.task.pk)).status_code == 200
    )
    approve = url_of("workflow_action", badge, "approve", state.pk)
    editor.post(approve, {"comment": "Lovely"})

    badge.refresh_from_db()
    assert badge.live
    assert Badge.objects.filter(interface=player, badge_definition=badge).count() == 1


def test_a_badge_that_is_sent_back_reaches_nobody(login_with, moderation, admin):
    create_player()
    editor = login_with("add_badgedefinition", "change_badgedefinition")
    editor.post(
        url_of("add", BadgeDefinition),
        form_data(BadgeDefinition, **{"action-submit": "1"}),
    )
    badge = BadgeDefinition.objects.get()

    editor.force_login(admin)
    state = badge.current_workflow_task_state
    editor.post(url_of("workflow_action", badge, "reject", state.pk), {"comment": "No"})

    badge.refresh_from_db()
    assert not badge.live
    assert not Badge.objects.exists()
