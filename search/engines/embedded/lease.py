"""The lease of a rebuild: one at a time has it, for as long as it shows that it moves."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from search.contracts import RebuildRunning
from search.engines.embedded.database import PREFIX

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

#: A rebuild that has not moved for this long (seconds) is taken for dead.
SILENCE = 120


def moves(cursor: CursorWrapper) -> bool:
    """Return whether a rebuild is under way that is not taken for dead."""
    return _alive(_held(cursor))


def claim(cursor: CursorWrapper, owner: str) -> None:
    """Take the lease; raise `RebuildRunning` while another rebuild moves."""
    held = _held(cursor)
    if _alive(held):
        raise _running()
    # Of two that claim at once the second waits here for the first, and finds another value.
    cursor.execute(
        f"INSERT INTO {PREFIX}_meta (name, value) VALUES ('rebuild', %s) "
        f"ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE {PREFIX}_meta.value = %s",
        [_moved(owner), held],
    )
    if not cursor.rowcount:
        raise _running()


def hold(cursor: CursorWrapper, owner: str) -> None:
    """Show that the rebuild moves; raise `RebuildRunning` when another one took over."""
    cursor.execute(
        f"UPDATE {PREFIX}_meta SET value = %s WHERE name = 'rebuild' AND value LIKE %s",
        [_moved(owner), f"{owner} %"],
    )
    if not cursor.rowcount:
        raise _running()


def release(cursor: CursorWrapper, owner: str) -> bool:
    """Give the lease back; return False when another rebuild has taken it."""
    cursor.execute(
        f"DELETE FROM {PREFIX}_meta WHERE name = 'rebuild' AND value LIKE %s", [f"{owner} %"]
    )
    return bool(cursor.rowcount)


def _held(cursor: CursorWrapper) -> str:
    """Return who has the lease and when it moved last, or an empty text."""
    cursor.execute(f"SELECT value FROM {PREFIX}_meta WHERE name = 'rebuild'")
    row = cursor.fetchone()
    return row[0] if row else ""


def _moved(owner: str) -> str:
    return f"{owner} {time.time()}"


def _alive(held: str) -> bool:
    return bool(held) and time.time() - float(held.split()[1]) < SILENCE


def _running() -> RebuildRunning:
    return RebuildRunning(_("Một lần dựng lại chỉ mục khác đang chạy."))
