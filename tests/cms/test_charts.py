"""Charts: drawn by the server, and the same numbers as a table."""

import re
from datetime import date

import pytest
from django.utils.translation import override

from wagtail_gamification.cms.charts import ChartValue, ColumnChart, day_values


def chart(values, **options):
    options = {"label_heading": "Day", "value_heading": "Times"} | options
    return ColumnChart(title="Activity by day", values=values, **options)


def drawn(values, **options):
    return str(chart(values, **options).render_html({}))


def test_the_highest_column_is_as_high_as_the_drawing():
    html = drawn([ChartValue(label="1", value=5), ChartValue(label="2", value=10)])

    assert re.findall(r'y="([\d.]+)"', html) == ["50.00", "0.00"]
    assert re.findall(r'<rect[^>]* x="(\d+)"', html) == ["1", "11"]
    assert 'viewBox="0 0 20 100"' in html


def test_the_smallest_column_is_still_to_be_seen():
    html = drawn([ChartValue(label="1", value=1), ChartValue(label="2", value=10**6)])

    assert 'height="1.00"' in html


def test_every_value_is_in_the_table_the_empty_ones_too():
    html = drawn(day_values(date(2030, 1, 30), date(2030, 2, 2), {date(2030, 2, 1): 4}))

    assert html.count('<th scope="row">') == 4
    assert html.count("<rect") == 1
    assert "Feb. 1, 2030: 4" in html


def test_the_drawing_has_a_name_that_says_what_is_to_be_seen():
    values = [
        ChartValue(label="Monday", value=1),
        ChartValue(label="Friday", value=1200),
    ]

    assert 'aria-label="Activity by day: 1,201 in all, most at Friday, 1,200"' in drawn(
        values
    )
    assert 'aria-label="Activity by day: nothing"' in drawn([])


def test_numbers_of_the_drawing_are_the_same_in_every_language():
    values = [ChartValue(label="1", value=1), ChartValue(label="2", value=3000)]
    with override("en"):
        english = re.findall(r"<rect[^>]*>", drawn(values))
    with override("fr"):
        french = re.findall(r"<rect[^>]*>", drawn(values))

    assert english == french


def test_a_value_leads_to_what_was_counted():
    html = drawn([ChartValue(label="1", value=3, url="/rows/?day=1")])

    assert '<a href="/rows/?day=1">3</a>' in html


@pytest.mark.parametrize("values", [[], [ChartValue(label="1", value=0)]])
def test_a_chart_of_nothing_is_drawn_without_columns(values):
    assert "<rect" not in drawn(values)


def test_labels_are_escaped():
    html = drawn([ChartValue(label="<script>", value=3)], value_heading="<b>")

    assert "<script>" not in html
    assert "<b>" not in html


def test_a_title_that_a_heading_says_already_is_for_screen_readers_only():
    assert '<figcaption class="w-sr-only">' in drawn([], shows_title=False)
    assert "<figcaption><bdi>Activity by day</bdi>" in drawn([])
