"""Serializers for a site's own views, under the names that django-gamification has.

They are read-only, and they ask who looks: pass ``context={"request": request}``, as
the generic views of Django REST Framework do. Without a request, nobody is signed in.
What the viewer may not see looks as if it weren't there: a hidden badge like one that
was never earned, a secret one like every other secret one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Manager
from django.utils.translation import gettext
from rest_framework import serializers

from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    Category,
    GamificationInterface,
    PointChange,
    Progression,
    Unlockable,
    UnlockableDefinition,
)

from .entries import PublicEntries
from .viewing import Viewing


class _ListSerializer(serializers.ListSerializer):
    """Ask once for all players of a list what the viewer may see."""

    def to_representation(self, data: Any) -> list[Any]:
        items = list(data.all() if isinstance(data, Manager) else data)
        self.child.look_at(items)
        return super().to_representation(items)


class _Serializer(serializers.Serializer):
    """Show ``values()`` of an object, which subclasses may add to."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.Meta = type("Meta", (), {"list_serializer_class": _ListSerializer})

    viewing = Viewing.of_nobody()

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for field in fields.values():
            field.read_only, field.required = True, False
        return fields

    def interface_of(self, instance: Any) -> int | None:
        """Give the key of the player whom an object belongs to."""
        return instance.interface_id

    def values(self, instance: Any) -> dict[str, Any]:
        raise NotImplementedError

    def look_at(self, instances: Sequence[Any]) -> None:
        """Find out what the viewer may see of these objects."""
        viewer = getattr(self.context.get("request"), "user", None)
        keys = map(self.interface_of, instances)
        self.viewing = Viewing.of(viewer, {key for key in keys if key is not None})

    def to_representation(self, instance: Any) -> dict[str, Any]:
        if not isinstance(self.parent, _ListSerializer):
            self.look_at([instance])
        return super().to_representation(self.values(instance))

    @property
    def entries(self) -> PublicEntries:
        return PublicEntries.of(self.context.get("request"))


class GamificationInterfaceSerializer(_Serializer):
    """A player with the balance, 0 where the viewer may not see the player."""

    id = serializers.IntegerField()
    points = serializers.IntegerField()

    def interface_of(self, instance: GamificationInterface) -> int:
        return instance.pk

    def values(self, instance: GamificationInterface) -> dict[str, Any]:
        points = instance.points if self.viewing.sees(instance.pk) else 0
        return {"id": instance.pk, "points": points}


class _CategorySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()


class CategorySerializer(_CategorySerializer):
    """A category, with its texts in the active language."""

    def to_representation(self, instance: Category) -> dict[str, Any]:
        entries = PublicEntries.of(self.context.get("request"))
        return super().to_representation(_category(entries.categories, instance))


class ProgressionSerializer(serializers.Serializer):
    """Steps done of steps to do: of ``badge.progression``, or a value of the shelf."""

    progress = serializers.IntegerField(read_only=True)
    target = serializers.IntegerField(read_only=True)
    finished = serializers.BooleanField(read_only=True)


class PointChangeSerializer(_Serializer):
    """A row of the ledger, which is empty for whoever may not read the ledger."""

    id = serializers.IntegerField()
    interface = serializers.IntegerField()
    amount = serializers.IntegerField()
    time = serializers.DateTimeField()
    reason = serializers.CharField()

    def values(self, instance: PointChange) -> dict[str, Any]:
        is_seen = self.viewing.sees_ledger(instance.interface_id)
        return {
            "id": instance.pk,
            "interface": instance.interface_id,
            "amount": instance.amount if is_seen else None,
            "time": instance.time if is_seen else None,
            "reason": instance.reason if is_seen else "",
        }


class _DefinitionSerializer(_Serializer):
    """A definition as everybody may know it, or whoever has earned it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()

    def interface_of(self, instance: Any) -> None:
        return None


class BadgeDefinitionSerializer(_DefinitionSerializer):
    """A badge. One that is secret, or isn't published, is only told to its owners."""

    progression_target = serializers.IntegerField()
    next_badge = serializers.IntegerField()
    category = _CategorySerializer()
    points = serializers.IntegerField()

    def values(self, instance: BadgeDefinition) -> dict[str, Any]:
        is_known = instance.state_id in self.viewing.known_badges
        return badge_values(self.entries, instance, is_known=is_known)


class UnlockableDefinitionSerializer(_DefinitionSerializer):
    """An unlockable. One that isn't published is empty."""

    points_required = serializers.IntegerField()

    def values(self, instance: UnlockableDefinition) -> dict[str, Any]:
        return unlockable_values(self.entries, instance, is_known=False)


class BadgeSerializer(_Serializer):
    """What a player has of a badge, with the badge's name and description."""

    id = serializers.IntegerField()
    interface = serializers.IntegerField()
    badge_definition = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    points = serializers.IntegerField()
    category = _CategorySerializer()
    next_badge = serializers.IntegerField()
    progression = ProgressionSerializer()
    acquired = serializers.BooleanField()
    acquired_at = serializers.DateTimeField()
    revoked = serializers.BooleanField()

    def values(self, instance: Badge) -> dict[str, Any]:
        is_own = self.viewing.is_own(instance.interface_id)
        is_seen = is_own or (
            self.viewing.sees(instance.interface_id) and not instance.is_hidden
        )
        counts = instance.acquired and not instance.revoked and not instance.is_expired
        acquired = is_seen and counts
        definition = instance.badge_definition
        is_known = acquired or definition.state_id in self.viewing.known_badges
        badge = badge_values(self.entries, definition, is_known=is_known)
        target = badge.pop("progression_target")
        progress = instance.progress if is_seen else 0
        return {
            **badge,
            "id": instance.pk,
            "interface": instance.interface_id,
            "badge_definition": badge["id"],
            "progression": Progression(progress, target) if target else None,
            "acquired": acquired,
            "acquired_at": instance.acquired_at if acquired else None,
            "revoked": instance.revoked and is_own,
        }


class UnlockableSerializer(_Serializer):
    """What a player has of an unlockable."""

    id = serializers.IntegerField()
    interface = serializers.IntegerField()
    unlockable_definition = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    points_required = serializers.IntegerField()
    acquired = serializers.BooleanField()
    acquired_at = serializers.DateTimeField()

    def values(self, instance: Unlockable) -> dict[str, Any]:
        acquired = instance.acquired and self.viewing.sees(instance.interface_id)
        definition = instance.unlockable_definition
        unlockable = unlockable_values(self.entries, definition, is_known=acquired)
        return {
            **unlockable,
            "id": instance.pk,
            "interface": instance.interface_id,
            "unlockable_definition": unlockable["id"],
            "acquired": acquired,
            "acquired_at": instance.acquired_at if acquired else None,
        }


def badge_values(
    entries: PublicEntries, definition: BadgeDefinition, *, is_known: bool
) -> dict[str, Any]:
    """Give a badge's values; where it isn't to be known, a name that says nothing."""
    entry = entries.known(definition) if is_known else entries.entry(definition)
    if entry is None:
        name = gettext("Secret badge") if entries.is_secret(definition) else ""
        return {
            "id": None,
            "name": name,
            "description": "",
            "progression_target": None,
            "next_badge": None,
            "category": None,
            "points": 0,
        }
    following = entries.badge(entry.next_id)
    return {
        "id": entry.definition_id,
        "name": entry.name,
        "description": str(entry.description),
        "progression_target": entry.target,
        "next_badge": following.definition_id if following else None,
        "category": (
            _category(entries.categories, entry.category) if entry.category else None
        ),
        "points": entry.points,
    }


def unlockable_values(
    entries: PublicEntries, definition: UnlockableDefinition, *, is_known: bool
) -> dict[str, Any]:
    """Give an unlockable's values; nothing of one that isn't published."""
    entry = entries.known(definition) if is_known else entries.entry(definition)
    return {
        "id": entry.definition_id if entry else None,
        "name": entry.name if entry else "",
        "description": str(entry.description) if entry else "",
        "points_required": entry.points_required if entry else None,
    }


def _category(categories: dict[int, Any], category: Any) -> dict[str, Any]:
    """Give a category's values; ``category`` is one, or the catalogue's of one."""
    key = getattr(category, "definition_id", None) or category.state_id
    found = categories.get(key, category)
    return {"id": key, "name": found.name, "description": found.description}
