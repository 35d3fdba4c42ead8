"""What members do besides reading: finish lessons, and look at what they have."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from wagtail_gamification.models import GamificationInterface

from .models import LessonPage, member_context
from .progress import Outcome, finish_lesson


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """The member's own page."""
    player = GamificationInterface.objects.for_user(request.user)
    return render(
        request, "learning/member.html", {**member_context(player), "is_own": True}
    )


@require_POST
def finish(request: HttpRequest, lesson_id: int) -> HttpResponse:
    """Mark a lesson as done, once, and say what that earned."""
    lesson = get_object_or_404(LessonPage.objects.live(), pk=lesson_id)
    address = lesson.get_url(request)
    if not request.user.is_authenticated:
        return redirect_to_login(address)
    outcome = finish_lesson(request.user, lesson)
    for text in _news(lesson, outcome):
        messages.success(request, text)
    return redirect(address)


def _news(lesson: LessonPage, outcome: Outcome) -> list[str]:
    if not outcome.is_new:
        text = gettext("You have finished “%(lesson)s” already.")
        return [text % {"lesson": lesson.title}]
    points = sum(award.points for award in outcome.awards)
    text = ngettext(
        "“%(lesson)s” is done. That makes %(points)d point.",
        "“%(lesson)s” is done. That makes %(points)d points.",
        points,
    )
    news = [text % {"lesson": lesson.title, "points": points}]
    if outcome.awards:
        earned = _listed([award.badge.name for award in outcome.awards])
        news.append(gettext("You earned %(badges)s.") % {"badges": earned})
    if outcome.new_level:
        text = gettext("You are now at the level “%(level)s”.")
        news.append(text % {"level": outcome.new_level.name})
    if outcome.unlocked:
        opened = _listed([unlockable.name for unlockable in outcome.unlocked])
        news.append(
            gettext("Your points opened %(unlockables)s.") % {"unlockables": opened}
        )
    return news


def _listed(names: list[str]) -> str:
    quoted = [gettext("“%(name)s”") % {"name": name} for name in names]
    return get_text_list(quoted, gettext("and"))
