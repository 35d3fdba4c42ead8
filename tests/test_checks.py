"""System checks: wrong settings are said at start-up."""

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from wagtail_gamification.testing import create_badge_definition, create_point_rule


def messages():
    return {
        (message.id, message.msg)
        for message in run_checks(tags=["wagtail_gamification"], databases=[])
    }


def test_the_defaults_pass():
    assert messages() == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PREPARE_ROWS", "no"),
        ("CACHE_TIMEOUT", True),
        ("CACHE_TIMEOUT", "300"),
        ("IMAGE_SIZES", []),
        ("CACHE_ALIAS", None),
    ],
)
def test_a_setting_of_the_wrong_type_is_named(settings, name, value):
    setattr(settings, f"WAGTAIL_GAMIFICATION_{name}", value)

    assert messages() == {
        (
            "wagtail_gamification.E001",
            f"WAGTAIL_GAMIFICATION_{name} is {value!r}, which is not of the right "
            "type.",
        )
    }


@pytest.mark.parametrize("name", ["missing", "username"])
def test_a_user_field_that_is_no_link_to_an_interface_is_named(settings, name):
    settings.WAGTAIL_GAMIFICATION_USER_INTERFACE_FIELD = name

    assert [code for code, _text in messages()] == ["wagtail_gamification.E002"]


def test_a_cache_that_the_site_does_not_have_is_named(settings):
    settings.WAGTAIL_GAMIFICATION_CACHE_ALIAS = "shelves"

    assert [code for code, _text in messages()] == ["wagtail_gamification.E003"]


@pytest.mark.parametrize(
    "sizes",
    [
        {"medium": 96},
        {"medium": "96", "large": 192},
        {"medium": 0, "large": 192},
        {"medium": True, "large": 192},
    ],
)
def test_image_sizes_that_the_tags_cannot_use_are_named(settings, sizes):
    settings.WAGTAIL_GAMIFICATION_IMAGE_SIZES = sizes

    assert [code for code, _text in messages()] == ["wagtail_gamification.E004"]


def test_only_built_in_events_are_switched():
    with override_settings(WAGTAIL_GAMIFICATION_EVENTS=["visited", "lesson_completed"]):
        [error] = run_checks(tags=["wagtail_gamification"], databases=[])

    assert error.id == "wagtail_gamification.E005"
    assert "lesson_completed" in error.msg


@pytest.mark.django_db
def test_events_that_are_used_and_not_declared_any_more_are_listed():
    create_badge_definition("Scholar", requirements=[{"event": "gone"}])
    create_point_rule("visited")
    create_point_rule("gone_too", name="Old rule")

    warnings = run_checks(
        tags=["wagtail_gamification"],
        databases=["default"],
        include_deployment_checks=False,
    )

    assert [warning.id for warning in warnings] == ["wagtail_gamification.W001"] * 2
    assert "“gone” is not declared any more, but used by: Scholar" in warnings[0].msg
    assert "Old rule" in warnings[1].msg
