"""The embedded engine: the contract, and what is its own: transactions, processes, rebuilds."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, transaction
from search_contract import SearchContract, counts, ids, offer
from search_contract_brute_force import BruteForceContract
from search_contract_reading import ReadingContract
from search_contract_trust import TrustContract

from search.contracts import RebuildRunning, SearchDocument, SearchEngine, SearchQuery
from search.engines.embedded import EmbeddedEngine, tables
from search.engines.embedded.tables import PREFIX
from tests.database import address, wait_for_others


@pytest.fixture
def engine(db: None) -> EmbeddedEngine:
    engine = EmbeddedEngine()
    _empty()
    return engine


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT kind, id FROM {PREFIX}_doc_{_active()}")
        keys = cursor.fetchall()
    EmbeddedEngine().delete(keys)


def _active() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT value FROM {PREFIX}_meta WHERE name = 'active'")
        return str(cursor.fetchone()[0])


def _found(engine: SearchEngine, text: str = "") -> list[str]:
    return sorted(ids(engine.search(SearchQuery(text=text, page_size=50))))


class TestContract(SearchContract):
    """The suite every engine runs."""


class TestTrust(TrustContract):
    """A check by staff weighs gently, and staff are told."""


class TestReading(ReadingContract):
    """Slips are offered, never applied in silence."""


class TestBruteForce(BruteForceContract):
    """Counts equal those made by hand."""


class TestTransactions:
    def test_what_was_rolled_back_is_forgotten(self, engine: EmbeddedEngine) -> None:
        engine.index([offer("1", "Máy sấy", facets={"level": ("7",)})])
        assert _found(engine, "máy") == ["1"]
        with transaction.atomic():
            engine.index([offer("2", "Máy gặt", facets={"level": ("9",)})])
            assert _found(engine, "máy") == ["1", "2"]
            transaction.set_rollback(True)
        page = engine.search(SearchQuery(text="máy", facets=("level",)))
        assert ids(page) == ["1"]
        assert counts(page, "level") == {"7": 1}

    def test_a_row_number_used_again_after_a_rollback_misleads_nobody(
        self, engine: EmbeddedEngine
    ) -> None:
        engine.index([offer("1", "Máy sấy")])
        with transaction.atomic():
            engine.index([offer("2", "Máy gặt", facets={"level": ("9",)})])
            assert _found(engine, "gặt") == ["2"]
            transaction.set_rollback(True)
        # Same row number and same place in the log as what was rolled back.
        engine.index([offer("3", "Máy cày", facets={"level": ("4",)})])
        page = engine.search(SearchQuery(text="máy", facets=("level",)))
        assert sorted(ids(page)) == ["1", "3"]
        assert counts(page, "level") == {"4": 1}
        assert _found(engine, "gặt") == []
        assert _found(engine, "cày") == ["3"]

    def test_a_rolled_back_removal_is_forgotten(self, engine: EmbeddedEngine) -> None:
        engine.index([offer("1", "Máy sấy")])
        with transaction.atomic():
            engine.delete([("offer", "1")])
            assert _found(engine) == []
            transaction.set_rollback(True)
        assert _found(engine, "sấy") == ["1"]


class TestProcesses:
    def test_two_processes_agree_after_every_change(self, engine: EmbeddedEngine) -> None:
        other = EmbeddedEngine()
        engine.index(
            [offer(str(n), f"Máy số {n}", facets={"level": (str(n % 3),)}) for n in range(30)]
        )
        for step in range(30):
            writer, reader = (engine, other) if step % 2 else (other, engine)
            writer.index([offer(str(step), "Lò sấy mới", facets={"level": ("5",)})])
            if step % 5 == 0:
                writer.delete([("offer", str(step + 1))])
            for text in ("máy", "lò sấy", "máy số", "sấ", ""):
                query = SearchQuery(text=text, facets=("level",), page_size=50)
                first, second = writer.search(query), reader.search(query)
                assert sorted(ids(first)) == sorted(ids(second))
                assert (first.total, first.facets) == (second.total, second.facets)
        restarted = EmbeddedEngine()
        assert _found(restarted, "sấy") == _found(engine, "sấy") == _found(other, "sấy")

    def test_many_changes_are_read_as_a_whole(
        self, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("search.engines.embedded.memory.MANY_CHANGES", 10)
        other = EmbeddedEngine()
        assert _found(other) == []
        engine.index([offer(str(n), "Máy sấy") for n in range(40)])
        assert len(_found(other, "sấy")) == 40

    def test_who_missed_a_cut_log_reads_everything(
        self, transactional_db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine = EmbeddedEngine()
        monkeypatch.setattr("search.engines.embedded.store.LOG_LENGTH", 5)
        other = EmbeddedEngine()
        engine.index([offer("1", "Máy sấy")])
        assert _found(other, "sấy") == ["1"]
        for batch in range(3):
            wait_for_others()
            engine.index([offer(f"{batch}-{n}", "Máy gặt") for n in range(700)])
        assert _noted() < 2_000
        assert other.search(SearchQuery(text="gặt")).total == 2_100

    def test_a_real_second_process_sees_it(
        self, transactional_db: None, django_db_blocker: object
    ) -> None:
        EmbeddedEngine().index([offer("1", "Máy sấy Đắk Lắk")])
        code = (
            "import django; django.setup()\n"
            "from search.engines.embedded import EmbeddedEngine\n"
            "from search.contracts import SearchQuery\n"
            "print(EmbeddedEngine().search(SearchQuery(text='dak lak')).total)"
        )
        environment = dict(os.environ, DATABASE_URL=address(), PYTHONPATH=":".join(sys.path))
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout.strip() == "1", done.stderr

    def test_threads_search_while_others_write(self, transactional_db: None) -> None:
        engine = EmbeddedEngine()
        engine.index([offer(str(n), "Máy sấy", facets={"level": ("7",)}) for n in range(50)])
        errors: list[BaseException] = []

        def read() -> None:
            try:
                for _ in range(40):
                    page = engine.search(SearchQuery(text="máy sấy", facets=("level",)))
                    assert page.total == counts(page, "level")["7"] >= 50
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        def write(start: int) -> None:
            try:
                for n in range(20):
                    engine.index([offer(str(start + n), "Máy sấy", facets={"level": ("7",)})])
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=read) for _ in range(3)]
        threads += [threading.Thread(target=write, args=(start,)) for start in (100, 200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not errors
        assert engine.search(SearchQuery(text="máy sấy")).total == 90


class TestRebuild:
    """On a real, committing database: the rebuild writes through a connection of its own."""

    @pytest.fixture
    def engine(self, transactional_db: None) -> EmbeddedEngine:
        return EmbeddedEngine()

    def _documents(self, count: int, title: str = "Máy sấy") -> Iterator[SearchDocument]:
        for number in range(count):
            yield offer(str(number), f"{title} {number}", facets={"level": ("7",)})

    def test_old_answers_flow_until_the_switch_and_changes_survive(
        self, engine: EmbeddedEngine
    ) -> None:
        engine.index(self._documents(20, "Máy cũ"))
        running = engine.rebuild(self._documents(2_500, "Máy mới"))
        assert next(running) == 1_000
        assert engine.search(SearchQuery(text="cũ")).total == 20
        assert engine.search(SearchQuery(text="mới")).total == 0
        # Published, changed and removed while the rebuild runs, before and after their batch.
        engine.index([offer("5", "Máy vừa sửa"), offer("2400", "Máy vừa sửa")])
        engine.index([offer("x", "Máy vừa thêm")])
        engine.delete([("offer", "6"), ("offer", "2401")])
        assert list(running) == [2_000, 2_500]
        assert engine.search(SearchQuery(text="cũ")).total == 0
        assert engine.search(SearchQuery(text="máy mới", page_size=1)).total == 2_500 - 3
        assert _found(engine, "vừa sửa") == ["2400", "5"]
        assert _found(engine, "vừa thêm") == ["x"]
        assert engine.count() == 2_500
        engine.index([offer("y", "Máy sau")])
        assert _found(engine, "sau") == ["y"]
        assert len(_set_tables()) == 1

    def test_stopping_it_leaves_the_old_index(self, engine: EmbeddedEngine) -> None:
        engine.index(self._documents(3, "Máy cũ"))

        def breaking() -> Iterator[SearchDocument]:
            yield from self._documents(1_500)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            list(engine.rebuild(breaking()))
        assert len(_found(engine, "cũ")) == 3
        assert len(_set_tables()) == 1
        assert list(engine.rebuild(self._documents(3))) == [3]

    def test_abandoning_it_leaves_the_old_index(self, engine: EmbeddedEngine) -> None:
        engine.index(self._documents(3, "Máy cũ"))
        running = engine.rebuild(self._documents(1_500))
        next(running)
        running.close()
        assert len(_found(engine, "cũ")) == 3
        assert len(_set_tables()) == 1

    def test_only_one_runs_at_a_time(self, engine: EmbeddedEngine) -> None:
        running = engine.rebuild(self._documents(1_500))
        next(running)
        with pytest.raises(RebuildRunning):
            list(engine.rebuild(self._documents(1)))
        assert list(running) == [1_500]

    def test_a_change_after_thousands_of_one_object_is_not_lost(
        self, engine: EmbeddedEngine
    ) -> None:
        engine.index(self._documents(20))
        running = engine.rebuild(self._documents(1_500))
        next(running)
        with transaction.atomic(), connection.cursor() as cursor:
            tables.database(connection).log(cursor, [(None, None, "offer", "5")] * 3_000, 20_000)
        engine.index([offer("7", "Máy vừa sửa")])
        list(running)
        assert ids(engine.search(SearchQuery(text="vừa sửa"))) == ["7"]

    def test_a_dead_one_is_taken_over(
        self, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dead = engine.rebuild(self._documents(1_500))
        next(dead)
        monkeypatch.setattr("search.engines.embedded.lease.SILENCE", 0)
        assert list(engine.rebuild(self._documents(4))) == [4]
        with pytest.raises(RebuildRunning):
            list(dead)
        assert engine.count() == 4
        assert len(_found(engine, "sấy")) == 4

    def test_the_log_is_kept_for_one_that_moves(
        self, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("search.engines.embedded.store.LOG_LENGTH", 5)
        running = engine.rebuild(self._documents(1_500))
        next(running)
        self._change_much(engine)
        assert _noted() > 2_100
        list(running)
        assert engine.search(SearchQuery(text="gặt")).total == 2_100

    def test_a_killed_one_does_not_keep_the_log(
        self, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("search.engines.embedded.store.LOG_LENGTH", 5)
        killed = engine.rebuild(self._documents(1_500))
        next(killed)
        monkeypatch.setattr("search.engines.embedded.lease.SILENCE", 0)
        self._change_much(engine)
        assert _noted() < 2_000
        # It only stood still: what it missed is gone, so it must not answer.
        with pytest.raises(OperationalError, match="the log was cut"):
            list(killed)
        assert engine.search(SearchQuery(text="gặt")).total == 2_100
        assert len(_set_tables()) == 1

    def test_one_that_stood_still_and_missed_nothing_ends(
        self, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slow = engine.rebuild(self._documents(1_500))
        next(slow)
        monkeypatch.setattr("search.engines.embedded.lease.SILENCE", 0)
        self._change_much(engine)
        assert list(slow) == [1_500]
        assert engine.search(SearchQuery(text="gặt")).total == 2_100

    def _change_much(self, engine: EmbeddedEngine) -> None:
        for batch in range(3):
            wait_for_others()
            engine.index([offer(f"{batch}-{n}", "Máy gặt") for n in range(700)])

    def test_other_processes_follow_the_switch(self, engine: EmbeddedEngine) -> None:
        other = EmbeddedEngine()
        engine.index(self._documents(3, "Máy cũ"))
        assert len(_found(other, "cũ")) == 3
        list(engine.rebuild(self._documents(5)))
        assert _found(other, "cũ") == []
        assert len(_found(other, "sấy")) == 5


def _noted() -> int:
    """Return how many changes the log holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {PREFIX}_change")
        return int(cursor.fetchone()[0])


def _set_tables() -> set[str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return {name for name in names if name.startswith(f"{PREFIX}_doc_")}
