"""What workers do in the background."""

from __future__ import annotations

from typing import Any

from django_tasks import task


@task()
def record_events(payloads: list[dict[str, Any]]) -> None:
    """Count what happened. ``payloads`` are what ``EventRecord.as_payload()`` gives.

    What can't be counted is noted as a failure, to be tried again in the CMS.
    """
    from wagtail_gamification.actions.failures import note_failure
    from wagtail_gamification.actions.record_events import record_events
    from wagtail_gamification.models import Failure

    try:
        record_events(payloads)
    except Exception as error:
        note_failure(
            Failure.Source.EVENTS,
            ", ".join(sorted({payload["event"] for payload in payloads})),
            error,
            {"records": payloads},
        )
        raise


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


@task()
def award_retroactively(uuid: str) -> None:
    """Award a badge to those who qualify. ``uuid`` names the RetroactiveAward."""
    from wagtail_gamification.actions.retroactive import run_retroactive_award

    run_retroactive_award(uuid)


@task()
def remeasure(definitions: list[int]) -> None:
    """Measure all players anew. ``definitions`` are the keys of badges."""
    from wagtail_gamification.actions.remeasure import remeasure
    from wagtail_gamification.requirements.index import forget_index, rule_index

    # This process may not have heard of the last publication.
    forget_index()
    known = rule_index().by_definition
    remeasure([pk for pk in definitions if pk in known])


@task()
def summarise() -> None:
    """Bring the totals that reports and the dashboard read up to date."""
    from wagtail_gamification.actions.summarise import summarise

    summarise()


@task()
def build_scores(series: list[int]) -> None:
    """Count the scores of boards that were published. ``series`` are their keys."""
    from wagtail_gamification.actions.build_scores import build_scores

    build_scores(series)


@task()
def mark_ranks(leaderboard: int) -> None:
    """Note how many stand above some scores of a large board."""
    from wagtail_gamification.leaderboards.markers import mark_ranks

    mark_ranks(leaderboard)


@task()
def give_to_many(uuid: str) -> None:
    """Give a badge or points to many players, or take it back.

    ``uuid`` names the GivingJob.
    """
    from wagtail_gamification.actions.giving_jobs import run_giving

    run_giving(uuid)


@task()
def send_webhooks() -> None:
    """Send the messages of web hooks that are due."""
    from wagtail_gamification.actions.send_webhooks import send_due

    send_due()


@task()
def send_digests() -> None:
    """Send the e-mail digests that are due."""
    from wagtail_gamification.actions.send_digests import send_digests

    send_digests()
