"""The commands of the search, on an engine outside the database."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from far_engine import FarEngine, Shelf, far_holds, far_shelf, forget
from search_node import fresh_engine

from search import outbox, service, sources
from search.contracts import EngineUnavailable, FacetSpec, SearchQuery
from search.engines.embedded import tables
from search.models import IndexRebuild, IndexTask


@pytest.fixture
def shelf(db: None, settings: Any) -> Iterator[Shelf]:
    with far_shelf(settings) as made:
        for identity in "123":
            made.put(identity)
        outbox.drain(settings.SEARCH_ENGINE, FarEngine())
        yield made


def run(*words: str) -> str:
    said = io.StringIO()
    call_command(*words, stdout=said, stderr=said)
    return said.getvalue()


class TestRebuild:
    def test_it_builds_both_and_shows_how_far_it_is(self, shelf):
        old = FarEngine.store.alias
        said = run("search_rebuild")
        assert "embedded: 3 mục" in said
        assert "far: 3 mục" in said
        assert "3/3" in said
        assert "mục/giây" in said
        assert FarEngine.store.alias != old

    def test_it_tells_how_long_the_rest_will_take(self, shelf):
        for number in range(4, 13):
            shelf.put(str(number))
        waits = iter([0.3])
        FarEngine.store.before = lambda asked: time.sleep(next(waits, 0) if asked == "load" else 0)
        said = run("search_rebuild", "--only", "outside")
        first = re.search(r"\[#·+\] 1/12 mục, (\d+) mục/giây, còn (\d+) giây", said)
        assert first, said
        rate, left = map(int, first.groups())
        assert rate <= 4
        assert left >= 3

    def test_one_of_the_two(self, shelf):
        assert "far" not in run("search_rebuild", "--only", "embedded")
        assert "embedded" not in run("search_rebuild", "--only", "outside")

    def test_a_first_start_builds_only_what_is_not_there(self, shelf):
        assert run("search_rebuild", "--if-empty") == ""
        FarEngine.store.alias = ""
        assert "far: 3 mục" in run("search_rebuild", "--if-empty")
        assert set(far_holds()) == set("123")

    @pytest.mark.parametrize("error", [EngineUnavailable, KeyboardInterrupt])
    def test_what_stops_it_is_told_and_the_old_index_stays(self, shelf, error):
        old = FarEngine.store.alias

        def before(request: str) -> None:
            if request == "load":
                raise error

        FarEngine.store.before = before
        with pytest.raises(CommandError, match="Chỉ mục cũ"):
            run("search_rebuild", "--only", "outside")
        FarEngine.store.before = lambda request: None
        assert set(FarEngine.store.indices) == {old}
        assert FarEngine.store.alias == old

    def test_a_second_one_is_refused(self, shelf):
        now = timezone.now()
        IndexRebuild.objects.create(
            target="far_engine.FarEngine", index="far-1", started=now, beat=now
        )
        with pytest.raises(CommandError, match="đang được dựng lại"):
            run("search_rebuild", "--only", "outside")


class TestCheck:
    def test_all_is_right(self, shelf):
        assert run("search_check").count("khớp cơ sở dữ liệu") == 2

    def test_every_difference_of_either_index_is_found_and_mended(self, shelf, settings):
        store = FarEngine.store
        held = store.indices[store.alias]
        del held["offer", "1"]
        version, (document,) = held["offer", "2"]
        held["offer", "9"] = (version, (replace(document, id="9"),))
        held["offer", "2"] = (version, (replace(document, title="Cũ"),))
        service.embedded().delete([("offer", "3")])
        service.embedded().index([replace(document, id="8")])
        IndexTask.objects.all().delete()
        with pytest.raises(CommandError, match="5 chỗ khác"):
            run("search_check")
        said = run("search_check", "--fix")
        for line in ("offer 1", "offer 2", "offer 9", "offer 3", "offer 8"):
            assert line in said
        assert run("search_check").count("khớp cơ sở dữ liệu") == 2
        assert far_holds() == dict.fromkeys("123", "Máy sấy")

    def test_what_is_left_of_a_kind_that_is_no_more_goes(self, shelf):
        (left,) = [item for item in service.all_documents() if item.id == "1"]
        left = replace(left, kind="old", id="7")
        service.embedded().index([left])
        FarEngine().index([left])
        # Nobody is offered it meanwhile.
        assert {row.group for row in service.suggest("máy")} == {"offer"}
        run("search_check", "--fix")
        assert run("search_check").count("khớp cơ sở dữ liệu") == 2
        assert service.embedded().count() == FarEngine().count() == 3

    @pytest.mark.django_db(transaction=True)
    def test_what_is_hidden_while_it_is_mended_stays_hidden(self, shelf):
        def hide() -> None:
            try:
                shelf.hide("1")
            finally:
                connection.close()

        other = threading.Thread(target=hide)

        def meanwhile() -> None:
            # Somebody hides it after it was read anew, before it is written.
            shelf.reading = lambda: None
            other.start()
            other.join(1)

        shelf.reading = meanwhile
        service.renew("offer", ["1", "2"])
        other.join(30)
        found = service.embedded().search(SearchQuery(text="máy")).hits
        assert sorted(hit.id for hit in found) == ["2", "3"]

    def test_and_on_a_real_node(self, shelf, settings, request):
        request.addfinalizer(forget)
        forget()
        with fresh_engine(settings) as engine:
            settings.SEARCH_ENGINE = "search.engines.elasticsearch.ElasticsearchEngine"
            assert "elasticsearch: 3 mục" in run("search_rebuild", "--only", "outside")
            assert run("search_status").count("(khớp mã nguồn)") == 2
            with pytest.MonkeyPatch.context() as newer:
                newer.setitem(sources._facets, "moi", FacetSpec("moi", "Mới", frozenset(), dict))
                assert "(khác mã nguồn, chạy search_rebuild)" in run("search_status")
            document = next(item for item in service.all_documents() if item.id == "2")
            engine.delete([("offer", "1")])
            engine.index([replace(document, title="Cũ"), replace(document, id="9")])
            with pytest.raises(CommandError, match="3 chỗ khác"):
                run("search_check")
            said = run("search_check", "--fix")
            for line in ("offer 1", "offer 2", "offer 9"):
                assert line in said
            engine.client.indices.refresh(index=engine.live())
            assert run("search_check").count("khớp cơ sở dữ liệu") == 2
            found = engine.search(SearchQuery(text="máy sấy", kinds=("offer",))).hits
            assert {hit.id: hit.title for hit in found} == dict.fromkeys("123", "Máy sấy")

    def test_what_cannot_be_mended_is_left_and_told(self, shelf):
        store = FarEngine.store
        store.refused.add("1")
        del store.indices[store.alias]["offer", "1"]
        with pytest.raises(CommandError, match="1 chỗ khác"):
            run("search_check", "--fix")

    def test_an_engine_that_is_down_is_an_error_and_no_trace(self, shelf):
        FarEngine.store.down = True
        with pytest.raises(CommandError, match="không trả lời"):
            run("search_check")


class TestStatus:
    def test_it_tells_engine_form_counts_and_what_waits(self, shelf):
        shelf.put("4")
        IndexTask.objects.create(
            target="far_engine.FarEngine", kind="offer", object_id="5", dead=True, attempts=20
        )
        said = run("search_status")
        assert "Công cụ trả lời: far" in said
        assert "khớp mã nguồn" in said
        assert "3 trong chỉ mục, 4 công khai" in said
        assert "Việc chờ đưa vào chỉ mục: 1" in said
        assert "Việc chờ lâu nhất" in said
        assert "Việc đã ngừng thử: 1" in said

    def test_an_index_of_another_form_is_told(self, shelf, monkeypatch):
        FarEngine.store.current = False
        said = run("search_status")
        assert "far (khác mã nguồn, chạy search_rebuild)" in said
        assert said.count("(khớp mã nguồn)") == 1, "the embedded one is as it should be"
        monkeypatch.setattr(tables, "form", lambda connection: "another")
        assert "(khác mã nguồn, chạy migrate)" in run("search_status")

    def test_an_engine_that_is_down_is_told(self, shelf):
        FarEngine.store.down = True
        assert "Không trả lời" in run("search_status")
