"""Descriptions: what comes out is what an editor could have typed."""

import pytest

from wagtail_gamification.spreadsheets.richtext import (
    clean_rich_text,
    same_rich_text,
    without_keys,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ""),
        ("  ", ""),
        ("<p></p>", ""),
        ("Plain text", "<p>Plain text</p>"),
        ("Fish & chips < 3", "<p>Fish &amp; chips &lt; 3</p>"),
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("<p>A <b>bold</b> word</p>", "<p>A <b>bold</b> word</p>"),
        ("<ul><li>One</li></ul>", "<ul><li>One</li></ul>"),
        (
            '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>',
            '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>',
        ),
        ("<p>A<br>B</p>", "<p>A<br/>B</p>"),
        ("<h2>Heading</h2>", "<p>Heading</p>"),
        ("<p>Never <b>closed", "<p>Never <b>closed</b></p>"),
        ("<p>A</div></p>", "<p>A</p>"),
        ("<script>alert(1)</script><p>A</p>", "<p>A</p>"),
        ("<p>A<style>p{}</style></p>", "<p>A</p>"),
        ('<p onclick="alert(1)" style="x">A</p>', "<p>A</p>"),
        ('<p><img src="x" onerror="alert(1)">A</p>', "<p>A</p>"),
        ('<p><a href="javascript:alert(1)">A</a></p>', "<p><a>A</a></p>"),
        ('<p><a href="jav&#x09;ascript:alert(1)">A</a></p>', "<p><a>A</a></p>"),
        ('<p><a href="data:text/html,x">A</a></p>', "<p><a>A</a></p>"),
        ("<svg/onload=alert(1)>", ""),
        ('<iframe src="https://example.org"></iframe>', ""),
    ],
)
def test_cleaning(value: str, expected: str) -> None:
    assert without_keys(clean_rich_text(value)) == expected


def test_what_is_clean_stays_as_it_is() -> None:
    html = clean_rich_text("<p>A <i>b</i></p><ol><li>One</li><li>Two</li></ol>")

    assert clean_rich_text(html) == html


@pytest.mark.django_db
def test_a_link_to_a_page_keeps_its_page() -> None:
    html = '<p><a id="1" linktype="page">Home</a></p>'

    assert same_rich_text(clean_rich_text(html), html)


@pytest.mark.parametrize("value", ["<li>No list</li>", "<b>" * 5000 + "x"])
def test_html_that_is_beyond_reading(value: str) -> None:
    with pytest.raises(ValueError, match="isn't HTML that can be read"):
        clean_rich_text(value)


def test_only_the_features_that_editors_have(settings: object) -> None:
    settings.WAGTAIL_GAMIFICATION_DESCRIPTION_FEATURES = ["h2"]  # type: ignore[attr-defined]

    cleaned = clean_rich_text("<h2>Heading</h2><p><b>Bold</b></p>")

    assert without_keys(cleaned) == "<h2>Heading</h2><p>Bold</p>"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ('<p data-block-key="a">A</p>', '<p data-block-key="b">A</p>', True),
        ("<p>A</p>\r\n", "<p>A</p>", True),
        ("A", "<p>A</p>", True),
        ("<h2>A</h2>", "<h2>A</h2>", True),
        ("<p>A</p>", "<p><b>A</b></p>", False),
        ("<li>A</li>", "<p>A</p>", False),
    ],
)
def test_sameness(one: str, other: str, is_same: bool) -> None:
    assert same_rich_text(one, other) is is_same
