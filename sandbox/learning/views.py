"""What members do besides reading: finish lessons, and look at what they have."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from wagtail_gamification.gated_pages import open_to
from wagtail_gamification.models import GamificationInterface

from .forms import CommentForm
from .gamification import comment_written
from .models import LessonComment, LessonPage, member_context
from .progress import finish_lessons, points_of


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
    lesson = get_object_or_404(_open_lessons(request), pk=lesson_id)
    address = lesson.get_url(request)
    if not request.user.is_authenticated:
        return redirect_to_login(address)
    before = points_of(request.user)
    is_new = finish_lessons(request.user, [(lesson, timezone.now())])
    if is_new:
        text = gettext("“%(lesson)s” is done.")
    else:
        text = gettext("You have finished “%(lesson)s” already.")
    earned = points_of(request.user) - before
    _tell(request, text % {"lesson": lesson.title}, earned)
    return redirect(address)


@require_POST
def comment(request: HttpRequest, lesson_id: int) -> HttpResponse:
    """Put a comment below a lesson."""
    lesson = get_object_or_404(_open_lessons(request), pk=lesson_id)
    address = lesson.get_url(request)
    if not request.user.is_authenticated:
        return redirect_to_login(address)
    form = CommentForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
        return redirect(f"{address}#comments")
    before = points_of(request.user)
    with transaction.atomic():
        written = LessonComment.objects.create(
            user=request.user, lesson=lesson, text=form.cleaned_data["text"]
        )
        comment_written.record(request.user, target=lesson, key=written.key)
    earned = points_of(request.user) - before
    _tell(request, gettext("Thank you for your comment."), earned)
    return redirect(f"{address}#comments")


@require_POST
@login_required
def delete_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Take one's own comment away, and what it counted for with it."""
    written = get_object_or_404(request.user.lesson_comments, pk=comment_id)
    lesson, key = written.lesson, written.key
    with transaction.atomic():
        written.delete()
        comment_written.retract(request.user, target=lesson, key=key)
    messages.success(request, gettext("Your comment is gone."))
    return redirect(f"{lesson.get_url(request)}#comments")


def _open_lessons(request: HttpRequest) -> QuerySet:
    return open_to(LessonPage.objects.live(), request.user)


def _tell(request: HttpRequest, text: str, earned: int) -> None:
    """Say what was done, and its points. What it earned besides, the toast says."""
    if earned > 0:
        points = ngettext(
            "That makes %(points)d point.", "That makes %(points)d points.", earned
        )
        text = f"{text} {points % {'points': earned}}"
    messages.success(request, text)
