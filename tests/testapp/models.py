"""Models that a site would have, for tests that need a page."""

from wagtail.models import Page


class ProfilePage(Page):
    """A page on which visitors see all that they have."""

    template = "testapp/profile_page.html"
