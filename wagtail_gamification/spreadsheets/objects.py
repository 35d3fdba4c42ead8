"""Cells that name an object of any model: a page by its path, others by their keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_gamification.events.objects import key_of, model_key_of, split_object_key

from .errors import shortened
from .widgets import CellWidget, as_text


class ObjectWidget(CellWidget):
    """The key of an object, such as ``news.article:7``, or a page's path on the site.

    :meth:`prepare` looks up all of a sheet at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._roots: list[tuple[str, str, str]] | None = None
        self._page_keys: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        self.found: set[str] = set()
        """The keys of the objects that are there."""

    def prepare(self, texts: Iterable[Any], keys: Iterable[str]) -> None:
        """Look up what cells say, and what fields hold, with a query a model."""
        said = {_text(text) for text in texts} - {""}
        wanted = {text for text in said if not _is_path(text)} | {k for k in keys if k}
        paths = {path for text in said if _is_path(text) for path in self._tried(text)}
        by_model: dict[Any, set[str]] = defaultdict(set)
        for key in wanted:
            if split := split_object_key(key):
                by_model[split[0]].add(split[1])
        self._find_pages(paths, by_model.pop(_page_model(), set()))
        for model, pks in by_model.items():
            valid = set(filter(None, (_valid(model, pk) for pk in pks)))
            there = model._default_manager.filter(pk__in=valid)
            self.found |= {
                key_of(model, pk) for pk in there.values_list("pk", flat=True)
            }

    def read(self, value: Any, current: Any) -> str:
        text = as_text(value).strip()
        if not text:
            return ""
        if current and text in (current, self.render(current)):
            return str(current)
        if not _is_path(text):
            key = _tidy(text)
            if key in self.found:
                return key
            raise ValueError(
                _("There is no object “%(key)s”.") % {"key": shortened(text)}
            )
        for path in self._tried(text):
            if path in self._page_keys:
                return self._page_keys[path]
        raise ValueError(_("There is no page “%(path)s”.") % {"path": shortened(text)})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        path = self._paths.get(value or "")
        if path is None:
            return value or ""
        # Only a path that is read as this page again.
        for _language, root, prefix in self._site_roots():
            if path.startswith(root):
                shown = f"{prefix}/{path[len(root) :]}"
                found = next(p for p in self._tried(shown) if p in self._page_keys)
                return shown if self._page_keys[found] == value else str(value)
        return str(value)

    def _find_pages(self, paths: set[str], pks: set[str]) -> None:
        page = _page_model()
        numbers = {int(pk) for pk in pks if pk.isdecimal() and len(pk) < 10}
        rows: list[Any] = []
        for lookup in ({"url_path__in": paths}, {"pk__in": numbers}):
            if any(lookup.values()):
                found = page._default_manager.filter(**lookup)
                rows += found.values_list("pk", "url_path")
        for pk, path in rows:
            key = f"{model_key_of(page)}:{pk}"
            self._page_keys[path], self._paths[key] = key, path
            self.found.add(key)

    def _tried(self, text: str) -> list[str]:
        """Give the paths in the tree that a path on the site may stand for."""
        path = unquote(urlsplit(text).path)
        path = f"{path.rstrip('/')}/"
        tried = []
        for language, root, prefix in self._site_roots():
            beginning = f"/{language}/"
            if prefix and path.startswith(f"{prefix}/"):
                tried.append(root + path[len(prefix) + 1 :])
            elif path.startswith(beginning):
                tried.append(root + path[len(beginning) :])
            if not prefix:
                tried.append(root + path[1:])
        return [*dict.fromkeys(tried)]

    def _site_roots(self) -> list[tuple[str, str, str]]:
        """Give the language, the path in the tree and the prefix of each home page.

        Those of the default site: another one may have the same paths. Pages in its
        first language are named without a prefix.
        """
        if self._roots is None:
            from wagtail.models import Site

            site = Site.objects.filter(is_default_site=True).first()
            own = [
                root
                for root in Site.get_site_root_paths()
                if site is not None and root.site_id == site.pk
            ]
            self._roots = [
                (root.language_code, root.root_path, f"/{root.language_code}")
                if number
                else (root.language_code, root.root_path, "")
                for number, root in enumerate(own)
            ]
        return self._roots


def _page_model() -> Any:
    from wagtail.models import Page

    return Page


def _is_path(text: str) -> bool:
    return text.startswith(("/", "http://", "https://"))


def _text(value: Any) -> str:
    try:
        return _tidy(as_text(value).strip())
    except ValueError:
        # Said where the row is read.
        return ""


def _tidy(text: str) -> str:
    """Give a key as it is stored: the label of the model in lower case."""
    if _is_path(text):
        return text
    split = split_object_key(text)
    return key_of(*split) if split else text


def _valid(model: Any, pk: str) -> Any:
    try:
        value = model._meta.pk.to_python(pk)
    except ValidationError:
        return None
    # No database has a number as long as that.
    return None if isinstance(value, int) and value >= 2**63 else value
