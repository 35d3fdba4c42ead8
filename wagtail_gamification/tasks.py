"""What workers do in the background."""

from __future__ import annotations

from django_tasks import task


@task()
def preview_import(uuid: str) -> None:
    """Find out what an import would do. ``uuid`` names the ImportJob."""
    from wagtail_gamification.spreadsheets import runs

    runs.preview(uuid)


@task()
def run_import(uuid: str) -> None:
    """Do what an import says. ``uuid`` names the ImportJob."""
    from wagtail_gamification.spreadsheets import runs

    runs.run(uuid)


@task()
def undo_import(uuid: str) -> None:
    """Take back what an import did. ``uuid`` names the ImportJob."""
    from wagtail_gamification.spreadsheets import runs

    runs.undo(uuid)
