"""Make the Centre's groups and keep their permissions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registry.accounts.roles import sync_roles


class Command(BaseCommand):
    """May be run at any time; a second run changes nothing."""

    help = "Make the staff groups and keep their permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sync and print what changed."""
        report = sync_roles()
        if options["verbosity"]:
            self.stdout.write(
                f"Nhóm mới: {report.groups}; quyền thêm: {report.given}; quyền bỏ: {report.taken}"
            )
