"""How our templates are found from a page in another template language."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.template import Context, engines
from django.template.backends.django import DjangoTemplates
from django.template.context_processors import csrf
from django.utils.safestring import SafeString


def render_template(name: str, request: Any, values: dict[str, Any]) -> SafeString:
    """Render one of our templates with Django's own engine."""
    for engine in engines.all():
        if isinstance(engine, DjangoTemplates):
            template = engine.engine.get_template(name)
            return template.render(Context({**given_to_all(request), **values}))
    raise ImproperlyConfigured(
        "wagtail_gamification needs DjangoTemplates among TEMPLATES, as Wagtail does."
    )


def given_to_all(request: Any) -> dict[str, Any]:
    """Give what every template of ours may use: nothing of it is read beforehand."""
    return {"request": request, **(csrf(request) if request else {})}
