"""The committed migrations describe the models, on every supported version."""

import pytest
from django.apps import apps
from django.core.management import call_command

OWN_APPS = [
    config.label
    for config in apps.get_app_configs()
    if config.name.split(".")[0] in {"tests", "wagtail_gamification"}
]


@pytest.mark.django_db
@pytest.mark.parametrize("label", OWN_APPS)
def test_models_and_migrations_agree(label, capsys):
    try:
        call_command("makemigrations", label, check_changes=True, dry_run=True)
    except SystemExit:
        pytest.fail(f"Models have changed:\n{capsys.readouterr().out}")

    assert "No changes detected" in capsys.readouterr().out
