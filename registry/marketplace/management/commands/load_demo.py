"""Load fictional organisations, labs and technologies, each marked “(minh họa)”; or remove them."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from registry.marketplace.demo import loading
from registry.marketplace.demo.plan import MOST, SEED

DEFAULT = 300
BAR = 30
#: So many entries are loaded first and indexed afterwards, all at once.
MANY = 5_000


class Command(BaseCommand):
    help = (
        "Nạp dữ liệu minh họa: tổ chức, phòng thí nghiệm, công nghệ. --clear gỡ đúng phần đã nạp."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number of entries, the seed, and whether to remove what was loaded."""
        parser.add_argument(
            "--entries", type=int, default=None, help=f"1–{MOST}, mặc định {DEFAULT}"
        )
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--clear", action="store_true", help="gỡ dữ liệu minh họa đã nạp")
        parser.add_argument(
            "--unindexed", action="store_true", help="chưa đưa vào chỉ mục: chạy search_rebuild sau"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load nothing when fictional entries are there already, unless told to clear."""
        entries, seed = options["entries"], options["seed"]
        if entries is not None and not 1 <= entries <= MOST:
            raise CommandError(_("Số hồ sơ từ 1 đến %(most)s.") % {"most": MOST})
        there, rebuilt = loading.loaded(), False
        if options["clear"]:
            self._show(loading.clear(), there, _("Đã gỡ"))
            if entries is None:
                return
        try:
            if there and not options["clear"]:
                text = _("Dữ liệu minh họa đã có sẵn: %(count)s hồ sơ.")
                self.stdout.write(text % {"count": there})
            else:
                wanted = entries or DEFAULT
                at_once = wanted < MANY and not options["unindexed"]
                rebuilt = wanted >= MANY and not options["unindexed"]
                self._show(loading.load(wanted, seed, indexed=at_once), wanted, _("Đã nạp"))
            if loading.tell_journeys(seed):
                self.stdout.write(_("Đã giao cho chủ hồ sơ minh họa vài hồ sơ đang làm dở."))
        except LookupError as error:
            raise CommandError(_("Chạy load_reference trước.")) from error
        if rebuilt:
            call_command("search_rebuild", stdout=self.stdout)

    def _show(self, progress: Iterator[int], total: int, verb: str) -> None:
        started = time.monotonic()
        done = 0
        for done in progress:
            if self.stdout.isatty():
                filled = BAR * done // max(1, total)
                bar = "█" * filled + "·" * (BAR - filled)
                self.stdout.write(f"\r{bar} {done}/{total}", ending="")
                self.stdout.flush()
        if self.stdout.isatty():
            self.stdout.write("")
        self.stdout.write(
            _("%(verb)s %(count)s hồ sơ trong %(seconds)s giây.")
            % {"verb": verb, "count": done, "seconds": f"{time.monotonic() - started:.1f}"}
        )
