"""`manage.py copy_database SOURCE`: move everything from one database (SQLite) to this one (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from portal import env
from registry.accounts.models import User

SOURCE = "source"
BATCH = 1_000
#: Made anew on the other side: Wagtail's index, and what waits for an engine outside the database.
LEFT_BEHIND = {"wagtailsearch.indexentry", "wagtailsearch.sqliteftsindexentry"} | {
    "search.indextask",
    "search.indexrebuild",
}


class Command(BaseCommand):
    help = (
        "Chép mọi dữ liệu từ một cơ sở dữ liệu khác (ví dụ SQLite) vào cơ sở dữ liệu đang dùng, rồi "
        "dựng lại chỉ mục. Dừng trang và worker trước khi chép."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="sqlite:////đường/dẫn/hub.sqlite3 hoặc postgres://…")
        parser.add_argument(
            "--overwrite", action="store_true", help="xóa tài khoản và hồ sơ đang có ở đích"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy in one transaction: all of it arrives, or nothing changes."""
        try:
            given = env.database(options["source"])
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        connections.settings[SOURCE] = {**connections.settings["default"], "OPTIONS": {}} | given
        try:
            self._compare_form()
            if User.objects.exists() and not options["overwrite"]:
                raise CommandError(
                    "Đích đã có tài khoản. Thêm --overwrite nếu muốn xóa hết ở đích."
                )
            with transaction.atomic(using=SOURCE), transaction.atomic():
                copied = self._copy(list(copied_models()))
        finally:
            connections[SOURCE].close()
            del connections[SOURCE]
            del connections.settings[SOURCE]
        self.stdout.write(f"Đã chép {copied} dòng. Dựng lại chỉ mục.")
        call_command("wagtail_update_index", verbosity=0)
        call_command("search_rebuild", stdout=self.stdout)

    def _compare_form(self) -> None:
        here, there = (
            set(MigrationRecorder(connections[alias]).applied_migrations())
            for alias in ("default", SOURCE)
        )
        if here != there:
            names = ", ".join(".".join(name) for name in sorted(here ^ there)[:5])
            raise CommandError(
                f"Hai cơ sở dữ liệu khác dạng ({names}). Chạy migrate trên cả hai bằng cùng một bản mã."
            )

    def _copy(self, wanted: list[type[models.Model]]) -> int:
        tables = [model._meta.db_table for model in wanted]
        flush = connection.ops.sql_flush(
            no_style(), tables, reset_sequences=True, allow_cascade=True
        )
        connection.ops.execute_sql_flush(flush)
        total = 0
        for model in wanted:
            try:
                done = copy_rows(model)
            except (DataError, IntegrityError) as error:
                raise CommandError(f"{model._meta.label}: {error}") from error
            total += done
            if done:
                self.stdout.write(f"· {model._meta.label}: {done}")
        connection.check_constraints()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), wanted):
                cursor.execute(statement)
        return total


def copied_models() -> Iterable[type[models.Model]]:
    """Yield every model whose rows move, the tables between many and many included."""
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.managed and not meta.proxy and meta.label_lower not in LEFT_BEHIND:
            yield model


def copy_rows(model: type[models.Model]) -> int:
    """Insert every row of the source as it is, keys included; return how many there were.

    Neither signals nor `save` are involved: the row is a fact already.
    """
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    rows = iter(
        model._base_manager.using(SOURCE)
        .order_by()
        .values_list(*(field.attname for field in fields))
        .iterator(chunk_size=BATCH)
    )
    done = 0
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            prepared = [
                tuple(
                    field.get_db_prep_save(value, connection)
                    for field, value in zip(fields, row, strict=True)
                )
                for row in batch
            ]
            cursor.executemany(insert, prepared)
            done += len(prepared)
    return done
