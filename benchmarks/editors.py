"""Workloads of editors: publish and edit a definition."""

from __future__ import annotations

import json
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Revision

from wagtail_gamification.models import Badge, BadgeDefinition

from . import data
from .runner import Workload


class _OnDefinition(Workload):
    def set_up(self) -> None:
        data.make_players(self.players)
        self.content_type = ContentType.objects.get_for_model(BadgeDefinition)
        definition = BadgeDefinition.objects.create(name="Explorer", live=False)
        self.definition_id = definition.pk

    def publish_in_sql(self, cursor) -> None:  # type: ignore[no-untyped-def]
        """Do to the definition and its history what publishing does."""
        now = timezone.now()
        cursor.execute(
            "UPDATE wagtailcore_revision SET approved_go_live_at = NULL "
            "WHERE base_content_type_id = %s AND object_id = %s",
            [self.content_type.pk, str(self.definition_id)],
        )
        cursor.execute(
            "UPDATE wagtail_gamification_badgedefinition SET live = %s, "
            "last_published_at = %s, has_unpublished_changes = %s, points = points + 1 "
            "WHERE id = %s",
            [True, now, False, self.definition_id],
        )
        uuid = uuid4() if connection.features.has_native_uuid_field else uuid4().hex
        cursor.execute(
            "INSERT INTO wagtailcore_modellogentry (content_type_id, label, action, "
            "data, timestamp, uuid, content_changed, deleted, object_id) "
            "VALUES (%s, 'Explorer', 'wagtail.publish', '{}', %s, %s, %s, %s, %s)",
            [self.content_type.pk, now, uuid, True, False, str(self.definition_id)],
        )


class Publish(_OnDefinition):
    """Publish a definition for the first time: every player gets a row."""

    name = "publish"

    def before_round(self) -> None:
        Badge._base_manager.all()._raw_delete(using="default")
        BadgeDefinition.objects.filter(pk=self.definition_id).update(
            live=False, first_published_at=None, last_published_at=None
        )
        definition = BadgeDefinition.objects.get(pk=self.definition_id)
        self.revision = Revision.objects.get(pk=definition.save_revision().pk)
        # The tests run this inside a transaction, where nothing is vacuumed.
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                # Otherwise the rows of the rounds before slow down every insert.
                cursor.execute("VACUUM wagtail_gamification_badge")

    def run(self, number: int) -> None:
        self.revision.publish()

    def floor(self, number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            self.publish_in_sql(cursor)
            cursor.execute(
                "INSERT INTO wagtail_gamification_badge (interface_id, "
                "badge_definition_id, progress, acquired, revoked, times_awarded, "
                "last_award_number, rounds) SELECT id, %s, 0, %s, %s, 0, 0, 0 "
                "FROM wagtail_gamification_gamificationinterface",
                [self.definition_id, False, False],
            )


class Edit(_OnDefinition):
    """Edit a definition that every player has, and publish the change."""

    name = "edit"
    operations = 5

    def set_up(self) -> None:
        super().set_up()
        BadgeDefinition.objects.get(pk=self.definition_id).save_revision().publish()

    def run(self, number: int) -> None:
        definition = BadgeDefinition.objects.get(pk=self.definition_id)
        definition.points += 1
        definition.save_revision().publish()

    def floor(self, number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO wagtailcore_revision (content_type_id, "
                "base_content_type_id, object_id, created_at, content, object_str) "
                "VALUES (%s, %s, %s, %s, %s, 'Explorer')",
                [
                    self.content_type.pk,
                    self.content_type.pk,
                    str(self.definition_id),
                    timezone.now(),
                    json.dumps({"name": "Explorer", "points": number}),
                ],
            )
            self.publish_in_sql(cursor)
