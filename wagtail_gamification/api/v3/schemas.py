"""What the endpoints of API v3 answer, as its OpenAPI schema says it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from ninja import Schema

T = TypeVar("T")


class MetaSchema(Schema):
    type: str
    detail_url: str | None
    locale: str | None


class ImageSchema(Schema):
    url: str
    full_url: str
    width: int
    height: int
    alt: str


class ReferenceSchema(Schema):
    id: int
    slug: str
    name: str


class DefinitionSchema(Schema):
    id: int
    meta: MetaSchema
    name: str
    slug: str
    description: str


class CategorySchema(DefinitionSchema):
    pass


class BadgeSchema(DefinitionSchema):
    image: ImageSchema | None
    category: ReferenceSchema | None
    points: int
    progression_target: int | None
    next_badge: ReferenceSchema | None
    max_awards: int
    expires_after: int | None


class UnlockableSchema(DefinitionSchema):
    image: ImageSchema | None
    points_required: int
    price: int | None


class LevelSchema(DefinitionSchema):
    image: ImageSchema | None
    points_required: int


class LeaderboardSchema(DefinitionSchema):
    measure: str
    window: str
    starts_on: date | None
    ends_on: date | None


class PlaceSchema(Schema):
    rank: int
    name: str
    score: int
    profile_id: UUID | None
    profile_url: str | None


class PlacesSchema(Schema):
    count: int
    page: int
    pages: int
    is_ready: bool
    starts_on: date | None
    ends_on: date | None
    items: list[PlaceSchema]


class ListSchema(Schema, Generic[T]):
    count: int
    items: list[T]


class ProgressionSchema(Schema):
    progress: int
    target: int
    finished: bool
    percent: int


class StepSchema(Schema):
    sentence: str
    progress: int
    target: int
    is_met: bool
    alternatives: int | None
    rested_on: date | None


class NextBadgeSchema(ReferenceSchema):
    state: str


class OwnBadgeSchema(Schema):
    id: int | None
    state: str
    name: str
    slug: str | None
    description: str
    locale: str | None
    image: ImageSchema | None
    category: ReferenceSchema | None
    points: int
    progression: ProgressionSchema | None
    times_earned: int
    can_be_earned_again: bool
    is_hidden: bool
    earned_at: datetime | None
    expires_at: datetime | None
    expired_at: datetime | None
    next_badge: NextBadgeSchema | None
    steps: list[StepSchema]


class OwnBadgesSchema(Schema):
    earned: int
    total: int
    items: list[OwnBadgeSchema]


class OwnUnlockableSchema(Schema):
    id: int
    state: str
    name: str
    slug: str
    description: str
    locale: str
    image: ImageSchema | None
    points_required: int
    price: int | None
    is_on_sale: bool
    missing: int
    progression: ProgressionSchema | None
    unlocked_at: datetime | None


class OwnUnlockablesSchema(Schema):
    unlocked: int
    total: int
    items: list[OwnUnlockableSchema]


class ReachedLevelSchema(Schema):
    id: int
    name: str
    slug: str
    locale: str
    image: ImageSchema | None
    points_required: int


class OwnLevelSchema(Schema):
    current: ReachedLevelSchema | None
    next: ReachedLevelSchema | None
    missing: int
    progression: ProgressionSchema | None


class ShelfSchema(Schema):
    points: int
    level: OwnLevelSchema
    badges: OwnBadgesSchema
    unlockables: OwnUnlockablesSchema


class NoticeSchema(Schema):
    id: int
    kind: str
    text: str
    name: str
    slug: str
    locale: str
    image: ImageSchema | None
    created_at: datetime
    is_read: bool


class NoticesSchema(Schema):
    count: int
    unread_count: int
    items: list[NoticeSchema]


class UnreadSchema(Schema):
    unread_count: int
