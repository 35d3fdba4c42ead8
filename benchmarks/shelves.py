"""Workloads of visitors: a shelf of 50 badges with images, as data and as HTML."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import connection
from django.template import Context, Template

from wagtail_gamification import get_shelf
from wagtail_gamification.models import GamificationInterface

from . import data
from .runner import Workload


class _Shelf(Workload):
    operations = 20
    is_cold = False

    def set_up(self) -> None:
        data.make_players(self.players)
        data.make_definitions()
        data.give_images()
        self.user = get_user_model().objects.create_user("visitor")
        player = GamificationInterface.objects.for_user(self.user)
        for number in range(0, 50, 2):
            player.award(f"badge-{number}")
        self.template = Template(
            "{% load gamification_tags %}{% badge_shelf user=user %}"
        )
        # Renditions are made once in a site's life.
        self.read()

    def before_round(self) -> None:
        self.read()

    def read(self) -> None:
        get_shelf(self.user)

    def run(self, number: int) -> None:
        if self.is_cold:
            for cache in caches.all():
                cache.clear()
        self.read()

    def floor(self, number: int) -> None:
        with connection.cursor() as cursor:
            if self.is_cold:
                cursor.execute(
                    "SELECT d.id, d.slug, d.name, d.description, d.points, "
                    "d.progression_target, d.is_secret, d.live, i.title, r.file, "
                    "r.width, r.height "
                    "FROM wagtail_gamification_badgedefinition d "
                    "LEFT JOIN wagtailimages_image i ON i.id = d.image_id "
                    "LEFT JOIN wagtailimages_rendition r ON r.image_id = i.id "
                    "WHERE d.original_id IS NULL ORDER BY d.sort_order, d.name"
                )
                cursor.fetchall()
            cursor.execute(
                "SELECT b.badge_definition_id, b.progress, b.acquired, b.acquired_at, "
                "b.revoked, b.times_awarded, b.expires_at "
                "FROM wagtail_gamification_badge b "
                "JOIN wagtail_gamification_gamificationinterface p "
                "ON p.id = b.interface_id WHERE p.user_id = %s",
                [self.user.pk],
            )
            cursor.fetchall()


class ShelfDataWarm(_Shelf):
    name = "shelf-data-warm"


class ShelfDataCold(_Shelf):
    name = "shelf-data-cold"
    is_cold = True


class ShelfHtmlWarm(_Shelf):
    name = "shelf-html-warm"

    def read(self) -> None:
        self.template.render(Context({"user": self.user}))


class ShelfHtmlCold(ShelfHtmlWarm):
    name = "shelf-html-cold"
    is_cold = True
