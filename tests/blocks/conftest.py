"""A page that editors have put together."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from wagtail.models import Page

from tests.testapp.models import BlocksPage


@pytest.fixture
def make_page(db):
    """Store a page of these blocks, each a name and a value, and read it back."""

    def make_page(*body, slug="blocks", **values):
        parent = Page.objects.get(depth=2)
        page = BlocksPage(
            title="Blocks",
            slug=slug,
            body=[{"type": name, "value": value} for name, value in body],
            **values,
        )
        parent.add_child(instance=page)
        return BlocksPage.objects.get(pk=page.pk)

    return make_page


def render(page, user=None):
    """Show a page's blocks to somebody, as its template does."""
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return page.body.render_as_block({"request": request, "page": page})
