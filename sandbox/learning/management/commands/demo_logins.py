"""Say who can log in, so that nobody has to look it up."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from learning import demo


class Command(BaseCommand):
    help = "Print the demo's logins."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(demo.logins())
