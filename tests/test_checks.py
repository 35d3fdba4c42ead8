"""System checks: wrong settings are said at start-up."""

import pytest
from django.core.checks import run_checks


def messages():
    return {
        (message.id, message.msg)
        for message in run_checks(tags=["wagtail_gamification"])
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
