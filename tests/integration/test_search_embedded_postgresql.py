"""The embedded engine where writers overtake each other: on PostgreSQL, with real transactions."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from other_writer import Other
from search_contract import SearchContract, counts, ids, offer
from search_contract_brute_force import BruteForceContract
from search_contract_reading import ReadingContract
from search_contract_trust import TrustContract

from search.contracts import RebuildRunning, SearchDocument, SearchEngine, SearchQuery
from search.engines.embedded import EmbeddedEngine, memory, tables
from search.engines.embedded.database import PREFIX
from search.engines.embedded.postgresql import PostgreSQL
from tests.database import wait_for_others

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="chỉ có nghĩa khi nhiều giao dịch cùng ghi"
    ),
    pytest.mark.django_db(transaction=True),
]


def _found(engine: SearchEngine, text: str = "") -> list[str]:
    return sorted(ids(engine.search(SearchQuery(text=text, page_size=50))))


def _asked(statement: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None


def _next_transaction() -> int:
    return int(_asked("SELECT pg_current_xact_id()::text"))


@pytest.fixture
def engine() -> EmbeddedEngine:
    return EmbeddedEngine()


@pytest.fixture
def other() -> Iterator[Other]:
    thread = Other()
    thread.start()
    yield thread
    if thread.is_alive():
        thread.roll_back()


class FilledByRebuild:
    """Entries stand as a rebuild leaves them, changes above those: as on any hub that runs."""

    def fill(self, engine: SearchEngine, *documents: SearchDocument) -> None:
        list(engine.rebuild(iter(documents)))


class TestContractAfterRebuild(FilledByRebuild, SearchContract):
    """The suite every engine runs."""


class TestReadingAfterRebuild(FilledByRebuild, ReadingContract):
    """Unfinished words, slips, offers and synonyms."""


class TestTrustAfterRebuild(FilledByRebuild, TrustContract):
    """A check by staff weighs gently, and staff are told."""


class TestBruteForceAfterRebuild(FilledByRebuild, BruteForceContract):
    """Counts equal those made by hand."""


class TestOvertaking:
    def test_what_is_committed_late_is_not_missed(
        self, engine: EmbeddedEngine, other: Other
    ) -> None:
        reader = EmbeddedEngine()
        engine.index([offer("0", "Máy sấy")])
        assert _found(reader, "sấy") == ["0"]
        other.do(lambda: engine.index([offer("early", "Máy sấy", facets={"level": ("7",)})]))
        engine.index([offer("late", "Máy sấy")])
        assert _found(reader, "sấy") == ["0", "late"]
        other.commit()
        page = reader.search(SearchQuery(text="sấy", facets=("level",)))
        assert sorted(ids(page)) == ["0", "early", "late"]
        assert counts(page, "level") == {"7": 1}

    def test_a_late_removal_is_not_missed(self, engine: EmbeddedEngine, other: Other) -> None:
        reader = EmbeddedEngine()
        engine.index([offer("1", "Máy sấy"), offer("2", "Máy sấy")])
        other.do(lambda: engine.delete([("offer", "1")]))
        engine.index([offer("3", "Máy sấy")])
        assert _found(reader, "sấy") == ["1", "2", "3"]
        other.commit()
        assert _found(reader, "sấy") == ["2", "3"]

    def test_a_log_cut_meanwhile_hides_nothing(
        self, engine: EmbeddedEngine, other: Other, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("search.engines.embedded.store.LOG_LENGTH", 5)
        reader = EmbeddedEngine()
        other.do(lambda: engine.index([offer("early", "Máy sấy")]))
        assert _found(reader, "sấy") == []
        for batch in range(3):
            engine.index([offer(f"{batch}-{n}", "Máy gặt") for n in range(700)])
        other.commit()
        for batch in range(3):
            wait_for_others()
            engine.index([offer(f"{batch}-{n}", "Máy gặt") for n in range(700)])
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {PREFIX}_change WHERE id = 'early'")
            assert cursor.fetchone()[0] == 0
        assert _found(reader, "sấy") == ["early"]

    def test_nobody_else_sees_what_is_not_committed(
        self, engine: EmbeddedEngine, other: Other
    ) -> None:
        engine.index([offer("1", "Máy sấy")])

        def write_and_look() -> None:
            engine.index([offer("2", "Máy sấy", facets={"level": ("9",)})])
            assert _found(engine, "sấy") == ["1", "2"]

        other.do(write_and_look)
        page = engine.search(SearchQuery(text="sấy", facets=("level",)))
        assert (ids(page), counts(page, "level")) == (["1"], {})
        other.roll_back()
        assert _found(engine, "sấy") == _found(EmbeddedEngine(), "sấy") == ["1"]

    def test_a_transaction_that_looked_before_it_wrote_is_seen(
        self, engine: EmbeddedEngine, other: Other
    ) -> None:
        engine.index([offer("1", "Máy sấy")])

        def look() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            assert _found(engine, "sấy") == ["1"]

        with connection.cursor() as cursor:
            other.do(look)
            # Transactions that come and go while it looks again.
            cursor.execute("SELECT pg_current_xact_id()")
        other.do(look)
        other.do(lambda: engine.index([offer("2", "Máy sấy")]))
        assert _found(engine, "sấy") == ["1"]
        other.commit()
        assert _found(engine, "sấy") == ["1", "2"]


class TestDeadlocks:
    def test_entries_published_in_any_order_wait_for_nobody(
        self, engine: EmbeddedEngine, other: Other
    ) -> None:
        engine.index([offer("1", "Máy sấy cũ"), offer("2", "Máy sấy cũ")])
        began = time.monotonic()
        with transaction.atomic():
            engine.index([offer("1", "Máy sấy một")])
            other.do(lambda: engine.index([offer("2", "Máy sấy hai")]))
            engine.index([offer("2", "Máy sấy một")])
            other.do(lambda: engine.index([offer("1", "Máy sấy hai")]))
        assert time.monotonic() - began < 15, "nor for one that takes its time"
        other.commit()
        assert _found(engine, "sấy") == _found(EmbeddedEngine(), "sấy") == ["1", "2"]
        assert engine.count() == 2
        assert _found(engine, "cũ") == []

    def test_a_version_left_to_a_transaction_that_gave_up_goes(
        self, engine: EmbeddedEngine, other: Other
    ) -> None:
        engine.index([offer("1", "Máy sấy cũ")])
        other.do(lambda: engine.index([offer("1", "Máy sấy bỏ")]))
        writer = Other()
        writer.start()
        writer.do(lambda: engine.index([offer("1", "Máy sấy mới")]))
        other.roll_back()
        writer.commit()
        assert engine.count() == 1
        assert _found(engine, "mới") == ["1"]
        assert _found(engine, "cũ") == []

    def test_what_one_leaves_double_that_gives_up_late_is_told_and_mended(
        self, engine: EmbeddedEngine, other: Other, caplog: pytest.LogCaptureFixture
    ) -> None:
        documents = [offer(number, "Máy sấy mới") for number in "123"]
        engine.index([replace(one, title="Máy sấy cũ") for one in documents])
        for number in "123":
            other.do(lambda number=number: engine.index([offer(number, "Máy sấy bỏ")]))
        began = time.monotonic()
        engine.index(documents)
        assert time.monotonic() - began < 15, "waits once, not for each"
        other.roll_back()
        assert "search_check --fix" in caplog.text
        assert engine.differing(documents) == {("offer", number) for number in "123"}
        engine.index(documents)
        assert engine.differing(documents) == set()
        assert _found(engine, "cũ") == []
        assert engine.count() == 3

    def test_many_writers_in_their_own_orders_end_with_each_entry_once(
        self, engine: EmbeddedEngine
    ) -> None:
        readers_stop = threading.Event()
        errors: list[BaseException] = []
        watching = EmbeddedEngine()

        @contextmanager
        def noted() -> Iterator[None]:
            try:
                yield
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        def write(number: int) -> None:
            chance = random.Random(number)
            with noted():
                for turn in range(12):
                    wanted = chance.sample(range(12), 4)
                    with transaction.atomic():
                        for identity in wanted:
                            made = offer(
                                str(identity),
                                f"Máy sấy lượt {number} {turn}",
                                facets={"level": (str(chance.randint(1, 9)),)},
                            )
                            engine.index([made])
                        if chance.random() < 0.3:
                            transaction.set_rollback(True)

        def read() -> None:
            with noted():
                while not readers_stop.is_set():
                    watching.search(SearchQuery(text="máy sấy", facets=("level",)))

        reader = threading.Thread(target=read)
        writers = [threading.Thread(target=write, args=(number,)) for number in range(5)]
        reader.start()
        for thread in writers:
            thread.start()
        for thread in writers:
            thread.join(timeout=120)
        readers_stop.set()
        reader.join(timeout=30)
        assert not errors
        query = SearchQuery(text="máy sấy", facets=("level",), page_size=50)
        kept, fresh = watching.search(query), EmbeddedEngine().search(query)
        assert len(ids(fresh)) == len(set(ids(fresh))) == engine.count()
        assert sorted(ids(kept)) == sorted(ids(fresh))
        assert kept.facets == fresh.facets
        assert {hit.id: hit.score for hit in kept.hits} == pytest.approx(
            {hit.id: hit.score for hit in fresh.hits}, rel=0.05
        )


class TestRebuild:
    def test_what_is_written_while_it_ends_survives_the_switch(
        self, engine: EmbeddedEngine, other: Other
    ) -> None:
        engine.index([offer("1", "Máy cũ")])
        other.do(lambda: engine.index([offer("2", "Máy vừa thêm")]))
        ended = threading.Event()
        errors: list[BaseException] = []

        def rebuild() -> None:
            try:
                assert list(EmbeddedEngine().rebuild(iter([offer("1", "Máy mới")]))) == [1]
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()
                ended.set()

        thread = threading.Thread(target=rebuild)
        thread.start()
        # It waits for the writer without making others wait.
        assert not ended.wait(timeout=1.5)
        engine.index([offer("3", "Máy vừa thêm")])
        other.commit()
        thread.join(timeout=30)
        assert not errors
        assert _found(engine, "vừa thêm") == ["2", "3"]
        assert _found(engine, "mới") == ["1"]
        assert _found(engine, "cũ") == []

    def test_of_two_begun_at_once_the_first_goes_on(
        self, engine: EmbeddedEngine, other: Other
    ) -> None:
        first = engine.rebuild(iter([offer("1", "Máy sấy")]))
        other.do(lambda: next(first))
        refused = threading.Event()

        def begin() -> None:
            try:
                list(EmbeddedEngine().rebuild(iter([offer("2", "Máy gặt")])))
            except RebuildRunning:
                refused.set()
            finally:
                connection.close()

        second = threading.Thread(target=begin)
        second.start()
        # It cannot know yet whether the first will stay.
        second.join(timeout=1.5)
        other.commit()
        second.join(timeout=30)
        assert list(first) == []
        assert refused.is_set()
        assert _found(engine) == ["1"]


#: More transactions than a test needs, fewer than it can let pass.
SOON = 400
NEVER = 10**15


class TestRestoredElsewhere:
    """A dump carries the log to a server that counts its transactions from the beginning."""

    @pytest.fixture
    def loads(self, monkeypatch: pytest.MonkeyPatch) -> list[memory.Memory]:
        """What was read anew, whichever process read it."""
        done: list[memory.Memory] = []
        load = memory.load
        monkeypatch.setattr(memory, "load", lambda where: done.append(load(where)) or done[-1])
        return done

    def _restore(self, number: int) -> None:
        """Let the log say what it says by a transaction this server has yet to come to the end of."""
        _asked(f"UPDATE {PREFIX}_change SET transaction = CAST(%s AS xid8)", str(number))

    def test_the_index_is_read_once(
        self, engine: EmbeddedEngine, loads: list[memory.Memory]
    ) -> None:
        engine.index([offer("1", "Máy sấy"), offer("2", "Máy sấy")])
        engine.delete([("offer", "2")])
        self._restore(NEVER)
        assert [_found(engine, "sấy") for _turn in range(3)] == [["1"]] * 3
        assert len(loads) == 1
        engine.index([offer("3", "Máy sấy")])
        engine.delete([("offer", "1")])
        assert _found(engine, "sấy") == ["3"]
        assert len(loads) == 1

    def test_neither_is_it_when_a_number_is_that_of_a_running_transaction(
        self, engine: EmbeddedEngine, other: Other, loads: list[memory.Memory]
    ) -> None:
        engine.index([offer("1", "Máy sấy")])
        numbers: list[int] = []
        other.do(lambda: numbers.append(_next_transaction()))
        _next_transaction()
        self._restore(numbers[0])
        assert [_found(engine, "sấy") for _turn in range(3)] == [["1"]] * 3
        assert len(loads) == 1

    def test_a_rebuild_ends(self, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
        engine.index([offer(str(n), "Máy cũ") for n in range(250)])
        self._restore(NEVER)
        copy, turns = PostgreSQL.copy, iter(range(10))

        def counted(*asked: Any) -> None:
            assert next(turns, None) is not None, "the same is copied again and again"
            copy(*asked)

        monkeypatch.setattr(PostgreSQL, "copy", counted)
        assert list(engine.rebuild(iter([offer("1", "Máy mới")]))) == [1]
        assert _found(engine) == _found(EmbeddedEngine()) == ["1"]

    def test_row_numbers_of_then_mean_nothing_after_a_rebuild(self, engine: EmbeddedEngine) -> None:
        made = [offer(str(n), "Máy sấy") for n in range(8)]
        engine.index(made)
        engine.delete([(item.kind, item.id) for item in made])
        _asked(f"DELETE FROM {PREFIX}_change WHERE kind = ''")
        self._restore(_next_transaction() + SOON)
        list(engine.rebuild(iter(made)))
        assert len(_found(engine, "sấy")) == len(made)
        for _number in range(2 * SOON):
            _next_transaction()
        assert len(_found(engine, "sấy")) == len(made)

    def test_setting_up_drops_what_was_noted_there(
        self, engine: EmbeddedEngine, loads: list[memory.Memory]
    ) -> None:
        engine.index([offer("1", "Máy sấy")])
        tables.prepare("default", cleared=False)
        assert _asked(f"SELECT count(*) FROM {PREFIX}_change WHERE id = '1'") == 1
        self._restore(NEVER)
        assert _found(engine, "sấy") == ["1"]
        tables.prepare("default", cleared=False)
        assert _asked(f"SELECT count(*) FROM {PREFIX}_change WHERE id = '1'") == 0
        assert [_found(engine, "sấy") for _turn in range(3)] == [["1"]] * 3
        assert len(loads) == 2

    def test_a_process_that_read_there_reads_everything_anew(
        self, engine: EmbeddedEngine, loads: list[memory.Memory]
    ) -> None:
        assert _found(engine) == []
        loads[0].place = replace(loads[0].place, snapshot=f"{NEVER}:{NEVER}:")
        EmbeddedEngine().index([offer("1", "Máy sấy")])
        assert [_found(engine, "sấy") for _turn in range(3)] == [["1"]] * 3
        assert len(loads) == 2


class TestHostileDocuments:
    @pytest.mark.parametrize("word", ["漢字", "sấy", "\U00010400\U00010401", "e\u0301\u0316"])
    def test_a_document_of_any_size_is_written_and_found(
        self, engine: EmbeddedEngine, word: str
    ) -> None:
        long = " ".join(f"{word}{number}" for number in range(60_000 // (len(word) + 6)))
        engine.index([offer("1", long, summary=long, body=long)])
        assert _found(engine, f"{word}7") == ["1"]

    @pytest.mark.parametrize(
        "typed",
        [
            "'a' & !'b'",
            "a:*B",
            "a <-> b",
            "\\'",
            "'; SELECT 1; --",
            "a | !(b)",
            "\x02máy\x1f1",
            "%s",
        ],
    )
    def test_operators_of_tsquery_are_words_or_nothing(
        self, engine: EmbeddedEngine, typed: str
    ) -> None:
        engine.index([offer("1", typed, body=typed), offer("2", "Máy sấy")])
        assert engine.search(SearchQuery(text=typed)).total <= 2
        engine.suggest(typed, (), "vi", 8)
        assert _found(engine, "máy sấy")[-1] == "2"

    def test_keys_no_database_can_hold_are_nobody(self, engine: EmbeddedEngine) -> None:
        assert engine.delete([("offer", "\x00"), ("\ud800", "1")]) == 0


def test_a_phrase_of_many_words_counts_as_on_sqlite(engine: EmbeddedEngine) -> None:
    made: list[SearchDocument] = [
        offer("1", "Sở Khoa học và Công nghệ", body="khoa học và công nghệ " * 3),
        offer("2", "Khoa học", body="và công nghệ"),
        replace(offer("3", "Khoa học và nghệ"), body="học và công nghệ khoa"),
    ]
    engine.index(made)
    assert _found(engine, "KH&CN") == ["1"]


def test_words_go_with_the_last_document_that_has_them(engine: EmbeddedEngine) -> None:
    def known() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT term FROM {PREFIX}_vocabulary_a")
            return {row[0] for row in cursor.fetchall()}

    engine.index([offer(str(n), "Máy ép cam") for n in range(8)])
    engine.index([offer("hidden", "Máy chiết xuất")])
    engine.delete([("offer", "hidden")])
    assert "chiet" not in known()
    for n in range(7):
        engine.delete([("offer", str(n))])
        assert {"may", "cam"} <= known()
    engine.delete([("offer", "7")])
    assert known() == set()
