"""Models that a site would have, for tests that need them."""

from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.blocks import RichTextBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    Page,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from wagtail_gamification import blocks
from wagtail_gamification.gated_pages import GatedPageMixin


class ProfilePage(Page):
    """A page on which visitors see all that they have."""

    template = "testapp/profile_page.html"


class UndescribedStreamField(StreamField):
    """Its blocks don't stand in migrations: they change more often than the column."""

    def deconstruct(self):
        name, path, _args, _kwargs = super().deconstruct()
        return name, path, [[]], {}


class BlocksPage(Page):
    """A page that editors put together."""

    body = UndescribedStreamField(
        [
            ("text", RichTextBlock(features=["bold", "link", "gamification-badge"])),
            ("badge_shelf", blocks.BadgeShelfBlock()),
            ("badge", blocks.BadgeBlock()),
            ("progress", blocks.ProgressBlock()),
            ("unlockables", blocks.UnlockablesBlock()),
            ("standing", blocks.StandingBlock()),
            ("recent_awards", blocks.RecentAwardsBlock()),
            ("claim_form", blocks.ClaimFormBlock()),
            ("leaderboard", blocks.LeaderboardBlock()),
        ],
        blank=True,
    )

    content_panels = [*Page.content_panels, FieldPanel("body")]
    template = "testapp/blocks_page.html"


class LessonPage(GatedPageMixin, Page):
    """A page that is open to some players only, with parts that are open to others."""

    body = UndescribedStreamField(
        [("text", RichTextBlock()), ("gated", blocks.GatedBlock())], blank=True
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("body"),
        *GatedPageMixin.gate_panels,
    ]
    api_fields = [APIField("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    template = "testapp/blocks_page.html"


class Topic(models.Model):
    """A snippet with nothing but fields: no drafts, no revisions, no languages."""

    name = models.CharField(max_length=50)
    slug = models.SlugField(unique=True)

    def __str__(self) -> str:
        return self.name


class Recipe(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, ClusterableModel
):
    """A snippet that is drafted, with references and children."""

    title = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    introduction = RichTextField(blank=True)
    is_vegan = models.BooleanField(default=False)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    tried_on = models.DateField(null=True, blank=True)
    image = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    topics = ParentalManyToManyField(Topic, blank=True, related_name="recipes")

    def __str__(self) -> str:
        return self.title


class Ingredient(Orderable):
    """A line of a recipe."""

    recipe = ParentalKey(Recipe, on_delete=models.CASCADE, related_name="ingredients")
    text = models.CharField(max_length=100)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.text


class Menu(RevisionMixin, ClusterableModel):
    """A snippet that has revisions, but no drafts."""

    name = models.CharField(max_length=50, unique=True)
    recipe = models.ForeignKey(Recipe, null=True, blank=True, on_delete=models.SET_NULL)

    def __str__(self) -> str:
        return self.name


class Shelf(ClusterableModel):
    """A snippet with references and children, but no revisions."""

    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=50)
    topics = ParentalManyToManyField(Topic, blank=True)

    def __str__(self) -> str:
        return self.label


class Jar(Orderable):
    """What stands on a shelf."""

    shelf = ParentalKey(Shelf, on_delete=models.CASCADE, related_name="jars")
    text = models.CharField(max_length=100)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.text
