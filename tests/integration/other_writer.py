"""A second writer, whose transaction a test orders step by step."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection, transaction


class Other(threading.Thread):
    """Another visitor's transaction, on a connection of its own, in steps the test orders."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._wanted: list[Callable[[], None]] = []
        self._turn = threading.Semaphore(0)
        self._done = threading.Semaphore(0)
        self.errors: list[BaseException] = []
        self._rolled_back = False

    def do(self, action: Callable[[], None]) -> None:
        """Run the action inside the transaction and wait for it."""
        self._wanted.append(action)
        self._turn.release()
        assert self._done.acquire(timeout=30), "waits for a lock"
        if self.errors:
            raise self.errors[0]

    def commit(self) -> None:
        self._turn.release()
        self.join(timeout=30)
        assert not self.is_alive()
        if self.errors:
            raise self.errors[0]

    def roll_back(self) -> None:
        self._rolled_back = True
        self.commit()

    def run(self) -> None:
        try:
            with transaction.atomic():
                while self._turn.acquire(timeout=60) and self._wanted:
                    self._wanted.pop()()
                    self._done.release()
                if self._rolled_back:
                    transaction.set_rollback(True)
        except BaseException as error:
            self.errors.append(error)
            self._done.release()
        finally:
            connection.close()
