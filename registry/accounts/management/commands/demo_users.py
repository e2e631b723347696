"""One log-in for each role, for development only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry.accounts.demo import demo_users


class Command(BaseCommand):
    """Refuses where demo data is not allowed, so that no real site has a known password."""

    help = "Make one demo log-in for each role (development only)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing and print e-mail and password of each."""
        if not getattr(settings, "HUB_DEMO", False):
            raise CommandError("Chỉ chạy khi phát triển (HUB_DEMO).")
        for login in demo_users():
            self.stdout.write(f"{login.role_name:<22} {login.email:<28} {login.password}")
