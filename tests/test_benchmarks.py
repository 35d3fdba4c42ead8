"""The workloads' floors do what the package does, so that a ratio means something."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from benchmarks.__main__ import WORKLOADS, workloads_of
from benchmarks.community import Community, make
from benchmarks.runner import measure
from wagtail_gamification.models import (
    Award,
    Badge,
    BadgeDefinition,
    GamificationInterface,
    PointChange,
    Unlockable,
)

pytestmark = pytest.mark.django_db

CHANGING = [
    workload
    for name in WORKLOADS
    if name not in {"shelf", "preview", "leaderboard"}
    for workload in workloads_of(name)
]


def written():
    """Count what the database holds, and sum what it counts."""
    tables = (Badge, Unlockable, GamificationInterface, Award, PointChange)
    return {
        **{model.__name__: model._base_manager.count() for model in tables},
        "revisions": Revision.objects.count(),
        "log": ModelLogEntry.objects.filter(action="wagtail.publish").count(),
        "live": BadgeDefinition.objects.filter(live=True).count(),
        "acquired": Badge.objects.filter(acquired=True).count(),
        "progress": sum(Badge.objects.values_list("progress", flat=True)),
        "points": sum(GamificationInterface.objects.values_list("points", flat=True)),
    }


def change(before, after):
    return {name: after[name] - number for name, number in before.items()}


@pytest.mark.parametrize("workload", CHANGING, ids=lambda workload: workload.name)
def test_the_floor_writes_what_the_package_writes(workload, monkeypatch):
    monkeypatch.setattr(workload, "operations", 2)
    measured = workload(players=3)
    measured.set_up()
    changes = []

    for operation in (measured.run, measured.floor):
        measured.before_round()
        before = written()
        operation(1)
        changes.append(change(before, written()))

    assert changes[0] == changes[1]
    assert any(changes[0].values())


def test_a_measurement_is_one_line_with_medians_and_queries(monkeypatch):
    [increment] = workloads_of("increment")
    monkeypatch.setattr(increment, "operations", 2)

    measurement = measure(increment(players=3), rounds=5)

    assert (measurement.name, measurement.players, measurement.rounds) == (
        "increment",
        3,
        5,
    )
    assert measurement.seconds > 0
    assert measurement.floor_seconds > 0
    # One more where the database can lock the player's row.
    assert measurement.queries == 4 + connection.features.has_select_for_update
    assert measurement.as_json().startswith('{"name": "increment", "db": ')


def test_every_name_has_workloads():
    for name, module in WORKLOADS.items():
        assert workloads_of(name), import_module(f"benchmarks.{module}")


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="the community is made by PostgreSQL"
)
def test_a_community_is_one_that_players_could_have_made():
    make(Community(players=200, ledger_rows=2000, activities=2000), lambda text: None)

    players = GamificationInterface.objects.annotate(total=Sum("point_changes__amount"))
    badges = Badge.objects.annotate(
        counting=Count("awards", filter=Q(awards__revoked_at=None))
    )
    earned = Badge.objects.filter(acquired=True)
    assert players.filter(points=Coalesce("total", 0)).count() == 200
    assert PointChange.objects.count() >= 2000
    assert earned.filter(expires_at=None).exists()
    assert earned.filter(expires_at__lt=timezone.now()).exists()
    assert Badge.objects.filter(revoked=True, acquired=False).exists()
    assert not badges.exclude(counting=F("times_awarded")).exists()
    assert not Award.objects.exclude(points=F("badge__badge_definition__points"))
