"""The whole site on a scratch database, filled with fictional entries, for measurements of pages."""

from __future__ import annotations

import time

from tests.benchmarks import scratch

#: What visitors type, by itself or in pairs.
WORDS = [
    "may say",
    "xử lý nước thải",
    "dừa",
    "tôm",
    "cam bien",
    "phân bón hữu cơ",
    "lúa chịu mặn",
    "điện mặt trời",
    "bưởi năm roi",
    "phần mềm truy xuất",
    "gốm",
    "than hoạt tính",
    "sấy lạnh",
    "chế phẩm vi sinh",
    "cá tra",
    "kho lanh",
    "máy bóc vỏ",
    "biogas",
    "tưới nhỏ giọt",
    "đóng gói",
]
#: Commands that invent more than entries, where the project has them.
DEMOS = {"demo_events", "demo_awards", "demo_pages", "demo_support"}


def fill(entries: int, prefix: str) -> None:
    """Set Django up on a new database with everything a site has, and print how long it took.

    SQLite, or the PostgreSQL and the Elasticsearch node of `scratch.on_given_servers`.
    """
    scratch.on_given_servers(prefix)
    scratch.start(migrated=True)

    from django.core.management import call_command, get_commands
    from django.db import connection
    from django.test.utils import override_settings

    from search import service

    for command in ("load_reference", "sync_roles", "load_site"):
        call_command(command, verbosity=0)
    start = time.perf_counter()
    with override_settings(HUB_DEMO=True):
        call_command("load_demo", entries=entries, unindexed=True)
        for command in sorted(name for name in get_commands() if name in DEMOS):
            call_command(command, verbosity=0)
    call_command("load_support", verbosity=0)
    print(f"{entries} entries loaded in {time.perf_counter() - start:.1f} s", flush=True)
    call_command("search_rebuild")
    if (guard := service.outside()) is not None:
        took = scratch.wait_for_pieces(guard.primary)
        print(f"put into few pieces {took:.0f} s after", flush=True)
    print(f"database: {connection.vendor}, engine: {service.engine().name}", flush=True)
