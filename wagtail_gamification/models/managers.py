"""How players' rows are found and made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from wagtail_gamification.conf import app_settings

if TYPE_CHECKING:
    from .players import GamificationInterface


class GamificationInterfaceQuerySet(models.QuerySet):
    def owned_by(self, user: Any) -> GamificationInterfaceQuerySet:
        """Give the interface that belongs to ``user``, where there is one."""
        return self.filter(owner(user))

    def visible_to(self, user: Any) -> GamificationInterfaceQuerySet:
        """Give those whose badges and points ``user`` may see.

        Everybody sees who is public and themselves; those who may view
        interfaces in the CMS see all. ``user`` may be anonymous.
        """
        public = Q(is_public=True)
        if not getattr(user, "is_authenticated", False):
            return self.filter(public)
        if user.has_perm("wagtail_gamification.view_gamificationinterface"):
            return self
        return self.filter(public | owner(user))


class GamificationInterfaceManager(
    models.Manager.from_queryset(GamificationInterfaceQuerySet)
):
    def for_user(self, user: Any) -> GamificationInterface:
        """Give the interface of ``user``, made where it is missing.

        :raises ValueError: for an anonymous user
        """
        if not getattr(user, "is_authenticated", False):
            raise ValueError("An anonymous visitor has no gamification interface.")
        field = app_settings.USER_INTERFACE_FIELD
        if not field:
            interface, _created = self.get_or_create(user=user)
            return interface
        interface = getattr(user, field)
        if interface is None:
            interface = self._link(user, field)
        return interface

    def of(self, player: Any) -> GamificationInterface:
        """Give ``player`` itself where it is an interface, else that of the user."""
        return player if isinstance(player, self.model) else self.for_user(player)

    def _link(self, user: Any, field: str) -> GamificationInterface:
        """Give a user whose own foreign key is empty an interface.

        Two requests at once: both find the one row that the one-to-one field
        allows, and write the same link.
        """
        with transaction.atomic():
            interface, _created = self.get_or_create(user=user)
            users = type(user)._base_manager.filter(pk=user.pk)
            if not users.filter(**{field: None}).update(**{field: interface}):
                # Somebody else linked the user meanwhile, to a team's say.
                user.refresh_from_db(fields=[field])
                return getattr(user, field)
        setattr(user, field, interface)
        return interface


class BadgeQuerySet(models.QuerySet):
    def acquired(self) -> BadgeQuerySet:
        """Give those that count now: acquired, not revoked, not expired."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
            acquired=True,
            revoked=False,
        )


class BadgeManager(models.Manager.from_queryset(BadgeQuerySet)):
    """Badges with their definitions: their names are read through to these."""

    def get_queryset(self) -> BadgeQuerySet:
        return super().get_queryset().select_related("badge_definition__category")


class AcquiredBadgeManager(BadgeManager):
    """Only the badges that count now."""

    def get_queryset(self) -> BadgeQuerySet:
        return super().get_queryset().acquired()


class UnlockableManager(models.Manager):
    """Unlockables with their definitions, as badges with theirs."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().select_related("unlockable_definition")


def owner(user: Any, interface: str = "") -> Q:
    """Give the condition that an interface belongs to ``user``.

    ``interface`` is the lookup that leads to the interface from the rows that are
    asked for: empty for interfaces, ``"interface"`` for badges.
    """
    prefix = f"{interface}__" if interface else ""
    field = app_settings.USER_INTERFACE_FIELD
    if user.pk is None:
        # Not saved yet: None would ask for the interfaces of teams.
        return Q(**{f"{prefix}pk": 0})
    if not field:
        return Q(**{f"{prefix}user": user.pk})
    key = get_user_model()._meta.get_field(field).attname
    # No interface has the key 0, and None would ask for rows without one.
    return Q(**{f"{prefix}pk": getattr(user, key) or 0})


def played_by_somebody(interface: str = "") -> Q:
    """Give the condition that a player isn't only one of users who were deactivated.

    ``interface`` is as for :func:`owner`. Teams without users count.
    """
    prefix = f"{interface}__" if interface else ""
    field = app_settings.USER_INTERFACE_FIELD
    users = get_user_model()._base_manager.all()
    leads_here = OuterRef(f"{prefix}pk") if field else OuterRef(f"{prefix}user")
    users = users.filter(**{field or "pk": leads_here})
    if all(each.name != "is_active" for each in users.model._meta.get_fields()):
        return Q()
    return Q(Exists(users.filter(is_active=True))) | ~Q(Exists(users))


def users_without_interface() -> models.QuerySet:
    """Give the users that have no interface yet."""
    from .players import GamificationInterface

    users = get_user_model()._base_manager.all()
    field = app_settings.USER_INTERFACE_FIELD
    if field:
        return users.filter(**{field: None})
    return users.filter(
        ~Exists(GamificationInterface.objects.filter(user=OuterRef("pk")))
    )
