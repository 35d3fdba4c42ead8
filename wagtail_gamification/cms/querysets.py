"""What a list of definitions needs beside the rows, asked in SQL."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.expressions import Star
from django.db.models.functions import Cast, Coalesce
from wagtail.images import get_image_model
from wagtail.models import Revision, WorkflowState

from wagtail_gamification.models import (
    Badge,
    BadgeDefinition,
    GamificationInterface,
    Unlockable,
)

# Twice the size that is shown, for screens with a high density.
THUMBNAIL_SPEC = "max-80x80"


def with_thumbnails(queryset: QuerySet) -> QuerySet:
    """Read the images and their renditions, in two queries for all rows."""
    images = get_image_model()._default_manager.prefetch_renditions(THUMBNAIL_SPEC)
    return queryset.prefetch_related(Prefetch("image", queryset=images))


def with_counted(queryset: QuerySet, **fields: str) -> QuerySet:
    """Annotate each name with the field's value that counts.

    A translation has values of its own in these columns, which are ignored: the
    original's count.
    """
    return queryset.annotate(
        **{
            name: Case(
                When(original__isnull=True, then=F(field)),
                default=F(f"original__{field}"),
            )
            for name, field in fields.items()
        }
    )


def with_status(queryset: QuerySet) -> QuerySet:
    """Say for all rows at once which are scheduled and which are in moderation."""
    content_type = ContentType.objects.get_for_model(
        queryset.model, for_concrete_model=False
    )
    of_this = {
        "content_type": content_type,
        "object_id": Cast(OuterRef("pk"), CharField()),
    }
    scheduled = Revision.objects.filter(**of_this, approved_go_live_at__isnull=False)
    moderated = WorkflowState.objects.filter(
        **of_this, status=WorkflowState.STATUS_IN_PROGRESS
    )
    return queryset.annotate(
        _approved_schedule=Exists(scheduled), _workflow_in_progress=Exists(moderated)
    )


def with_badge_number(queryset: QuerySet) -> QuerySet:
    """Count in ``badges`` the originals in each category."""
    in_it = BadgeDefinition.objects.originals().filter(category=OuterRef("state_key"))
    return _with_state_key(queryset).annotate(badges=_number_of(in_it))


def with_badge_players(queryset: QuerySet) -> QuerySet:
    """Count in ``players`` those who earned each badge and weren't revoked."""
    earned = Badge._base_manager.filter(acquired=True, revoked=False)
    return _with_players(queryset, earned, "badge_definition")


def with_unlockable_players(queryset: QuerySet) -> QuerySet:
    """Count in ``players`` those who have unlocked each unlockable."""
    acquired = Unlockable._base_manager.filter(acquired=True)
    return _with_players(queryset, acquired, "unlockable_definition")


def with_level_players(queryset: QuerySet) -> QuerySet:
    """Count in ``players`` those who have the points for each level."""
    reached = GamificationInterface.objects.filter(
        points_earned__gte=OuterRef("counted_points")
    )
    return queryset.annotate(players=_number_of(reached))


def search_definitions(queryset: QuerySet, query: str) -> QuerySet:
    """Keep those whose name or slug has every word of ``query``.

    The name of a draft counts as well as the published one, and rows that were
    never published are found: a search index knows neither.
    """
    for word in query.split():
        matches = Q(name__icontains=word) | Q(slug__icontains=word)
        if hasattr(queryset.model, "latest_revision"):
            matches |= Q(latest_revision__object_str__icontains=word)
        queryset = queryset.filter(matches)
    return queryset


def _with_players(queryset: QuerySet, rows: QuerySet, field: str) -> QuerySet:
    of_this = rows.filter(**{f"{field}_id": OuterRef("state_key")})
    return _with_state_key(queryset).annotate(players=_number_of(of_this))


def _with_state_key(queryset: QuerySet) -> QuerySet:
    return queryset.annotate(state_key=Coalesce("original_id", "pk"))


def _number_of(rows: QuerySet) -> Subquery:
    # Not Count(): an aggregate would bring a GROUP BY, and nothing where no row is.
    # Of all columns: an index knows how many rows there are, and not their keys.
    number = Func(Star(), function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(number=number).values("number"))
