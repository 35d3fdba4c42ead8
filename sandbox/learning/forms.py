"""What members fill in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import LessonComment


class CommentForm(forms.ModelForm):
    """A comment: some text, and not too much of it. Django escapes what it shows."""

    class Meta:
        model = LessonComment
        fields = ("text",)
        error_messages = {
            "text": {
                "required": _("Please write something first."),
                "max_length": _("Please write no more than %(limit_value)d letters."),
            }
        }
