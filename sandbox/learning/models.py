"""The demo site's pages, and what its members have finished."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page

from wagtail_gamification.gated_pages import GatedPageMixin, open_to
from wagtail_gamification.models import GamificationInterface, Level, LevelProgress

from . import progress
from .blocks import LessonBodyBlock, NoticeboardBlock


class Subject(models.TextChoices):
    """What the school teaches; each has a category of badges with the same slug."""

    SETTING_OUT = "setting-out", _("Setting out")
    HEDGEROW = "hedgerow", _("Hedgerow")
    BIRDS = "birds", _("Birds")
    SHORE = "shore", _("Shore")
    NIGHT_SKY = "night-sky", _("Night sky")


def _picture() -> models.ForeignKey:
    return models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


class HomePage(Page):
    """The school's front door."""

    headline = models.CharField(max_length=120)
    introduction = RichTextField(blank=True, features=["bold", "italic", "link"])
    picture = _picture()

    max_count = 1
    subpage_types = [
        "learning.LessonIndexPage",
        "learning.MembersPage",
        "learning.FieldNotesPage",
        "learning.NoticeboardPage",
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("introduction"),
        FieldPanel("picture"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        context = super().get_context(request, *args, **kwargs)
        lessons = LessonPage.objects.live().descendant_of(self).order_by("path")
        context["lesson_count"] = lessons.count()
        # The next one of each subject, so that there is something for everybody.
        upcoming: dict[str, LessonPage] = {}
        unread = lessons.exclude(completions__user_id=request.user.pk)
        for lesson in open_to(unread, request.user).select_related("picture"):
            upcoming.setdefault(lesson.subject, lesson)
        context["lessons"] = list(upcoming.values())[:3]
        context["index"] = LessonIndexPage.objects.live().child_of(self).first()
        return context


class LessonIndexPage(Page):
    """All lessons, by subject."""

    introduction = RichTextField(blank=True, features=["bold", "italic", "link"])

    parent_page_types = ["learning.HomePage"]
    subpage_types = ["learning.LessonPage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        context = super().get_context(request, *args, **kwargs)
        lessons = list(
            LessonPage.objects.live().child_of(self).select_related("picture")
        )
        badges = progress.badges_for(lessons)
        for lesson in lessons:
            lesson.badge = badges.get(lesson.pk)
        context["subjects"] = [
            (subject, [lesson for lesson in lessons if lesson.subject == subject])
            for subject in Subject
        ]
        context["open"] = set(
            open_to(LessonPage.objects.live().child_of(self), request.user).values_list(
                "pk", flat=True
            )
        )
        context["finished"] = set(
            LessonCompletion.objects.filter(user_id=request.user.pk).values_list(
                "lesson_id", flat=True
            )
        )
        return context


class LessonPage(GatedPageMixin, Page):
    """One lesson. Which badges it counts towards, the badges say."""

    subject = models.CharField(max_length=20, choices=Subject.choices)
    minutes = models.PositiveSmallIntegerField(default=15)
    summary = models.TextField(max_length=250)
    picture = _picture()
    body = StreamField(LessonBodyBlock(), blank=True)

    parent_page_types = ["learning.LessonIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("subject"), FieldPanel("minutes"), FieldPanel("summary")],
            heading="In the list of lessons",
        ),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]
    settings_panels = [*GatedPageMixin.gate_panels, *Page.settings_panels]

    class Meta:
        # Editors read it in what badges ask for.
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["completion"] = LessonCompletion.objects.filter(
            user_id=request.user.pk, lesson_id=self.pk
        ).first()
        context["badge"] = progress.badges_for([self]).get(self.pk)
        context["counted"] = progress.badges_counting(self)
        context["comments"] = self.comments.select_related(
            "user__gamification_interface"
        )
        siblings = self.get_siblings(inclusive=False).live()
        context["next_lesson"] = (
            siblings.filter(path__gt=self.path).first() or siblings.first()
        )
        return context


class LessonCompletion(models.Model):
    """That a member finished a lesson, and when; once for each lesson."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="completions"
    )
    lesson = models.ForeignKey(
        LessonPage, on_delete=models.CASCADE, related_name="completions"
    )
    completed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "lesson"], name="one_completion_for_each_lesson"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.lesson}"


class LessonComment(models.Model):
    """What a member has to say about a lesson: plain text."""

    MOST_LETTERS = 600

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="lesson_comments",
    )
    lesson = models.ForeignKey(
        LessonPage, on_delete=models.CASCADE, related_name="comments"
    )
    text = models.TextField(_("comment"), max_length=MOST_LETTERS)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.user}: {self.lesson}"

    @property
    def key(self) -> str:
        """What names the comment's event, so that it can be taken back."""
        return f"comment-{self.pk}"


class FieldNotesField(AbstractFormField):
    """A question of the form for field notes."""

    page = ParentalKey(
        "learning.FieldNotesPage", on_delete=models.CASCADE, related_name="form_fields"
    )


class FieldNotesPage(AbstractForm):
    """A form with which members send in what they saw."""

    introduction = RichTextField(blank=True, features=["bold", "italic", "link"])
    thanks = RichTextField(blank=True, features=["bold", "italic", "link"])

    max_count = 1
    parent_page_types = ["learning.HomePage"]
    subpage_types: list[str] = []
    content_panels = [
        *AbstractForm.content_panels,
        FormSubmissionsPanel(),
        FieldPanel("introduction"),
        InlinePanel("form_fields", label="Questions"),
        FieldPanel("thanks"),
    ]


class NoticeboardPage(Page):
    """What is new at the school, the same for everybody, so that a cache may keep it.

    What is about the visitor is loaded separately.
    """

    introduction = RichTextField(blank=True, features=["bold", "italic", "link"])
    body = StreamField(NoticeboardBlock(), blank=True)

    max_count = 1
    parent_page_types = ["learning.HomePage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        context = super().get_context(request, *args, **kwargs)
        # Links: the form that the other pages have belongs to its visitor.
        context["languages"] = [
            (
                code,
                get_language_info(code)["name_local"],
                translate_url(request.path, code),
            )
            for code, _name in settings.LANGUAGES
        ]
        return context


class MembersPage(RoutablePageMixin, Page):
    """Who learns here, and below it one address for each of them."""

    introduction = RichTextField(blank=True, features=["bold", "italic", "link"])

    max_count = 1
    parent_page_types = ["learning.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    @path("")
    def everybody(self, request: HttpRequest) -> HttpResponse:
        levels = list(
            Level.objects.live().originals().prefetch_related("image__renditions")
        )
        players = (
            GamificationInterface.objects.visible_to(request.user)
            .filter(user__is_active=True, user__is_staff=False, points__gt=0)
            .select_related("user")
            .order_by("-points", "user__first_name")
        )
        return self.render(
            request,
            context_overrides={
                "members": [
                    (player, LevelProgress.from_levels(player.points, levels).level)
                    for player in players
                ]
            },
        )

    @path("<str:username>/")
    def one_member(self, request: HttpRequest, username: str) -> HttpResponse:
        player = (
            GamificationInterface.objects.visible_to(request.user)
            .filter(user__username=username, user__is_active=True)
            .select_related("user")
            .first()
        )
        if player is None:
            raise Http404
        return self.render(
            request,
            template="learning/member.html",
            context_overrides=member_context(player),
        )


def member_context(player: GamificationInterface) -> dict[str, Any]:
    """What a member's page shows beside what the template tags bring."""
    finished = LessonCompletion.objects.filter(user=player.user_id)
    return {
        "member": player.user,
        "player": player,
        "categories": Subject.values,
        "finished_lessons": finished.select_related("lesson").order_by("-completed_at")[
            :5
        ],
        "finished_count": finished.count(),
        "minutes": finished.aggregate(total=models.Sum("lesson__minutes"))["total"]
        or 0,
    }
