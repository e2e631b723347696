"""The Elasticsearch engine on a real node: the contract, and what is its own."""

from __future__ import annotations

import base64
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import certifi
import pytest
from django.core.exceptions import ImproperlyConfigured
from search_contract import FACETS, SearchContract, ids, offer
from search_contract_brute_force import BruteForceContract
from search_contract_hostile import HostileContract
from search_contract_reading import ReadingContract
from search_contract_trust import TrustContract
from search_gate import Gate, gate
from search_node import fresh_engine, node, slow_proxy

from search import sources
from search.contracts import (
    DocumentRefused,
    EngineUnavailable,
    FacetSpec,
    RequestFailed,
    SearchDocument,
    SearchQuery,
)
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.writing import Writer


@pytest.fixture(autouse=True)
def _only_these_facets() -> Iterator[None]:
    kept = dict(sources._facets)
    sources._facets.clear()
    sources._facets.update({spec.name: spec for spec in FACETS})
    yield
    sources._facets.clear()
    sources._facets.update(kept)


@pytest.fixture
def engine(_only_these_facets: None, settings: object) -> Iterator[ElasticsearchEngine]:
    with fresh_engine(settings) as engine:
        yield engine


class TestContract(SearchContract):
    """The suite every engine runs."""


class TestBruteForce(BruteForceContract):
    """Counts equal those made by hand."""


class TestReading(ReadingContract):
    """Slips are offered, never applied in silence."""


class TestHostile(HostileContract):
    """Questions nobody asks in good faith."""


class TestTrust(TrustContract):
    """A check by staff weighs gently, and staff are told."""


def _numbers(count: int, title: str = "Máy sấy") -> Iterator[SearchDocument]:
    for number in range(count):
        yield offer(str(number), f"{title} {number}")


def _page(identity: str, language: str, title: str, group: str = "page:chung") -> SearchDocument:
    return SearchDocument(
        kind="page", id=identity, language=language, title=title, url="/", collapse_key=group
    )


class TestForm:
    def test_the_index_is_strict_and_needs_no_plugin(self, engine: ElasticsearchEngine) -> None:
        name = engine.live()
        mapped = engine.client.indices.get_mapping(index=name)[name]["mappings"]
        assert mapped["dynamic"] == mapped["properties"]["facets"]["dynamic"] == "strict"
        for level in ("title", "summary", "body"):
            for field in (level, f"{level}_marked"):
                assert "pairs" in mapped["properties"][field]["fields"], field
        analysis = engine.client.indices.get_settings(index=name)[name]["settings"]["index"][
            "analysis"
        ]
        assert {made["type"] for made in analysis["tokenizer"].values()} == {"standard"}
        assert [made["type"] for made in analysis["filter"].values()] == ["shingle"]

    def test_a_facet_of_many_values_is_counted_whole(self, engine: ElasticsearchEngine) -> None:
        engine.index(
            offer(f"{number}", "Máy sấy", facets={"level": (f"{number:02}",)})
            for number in range(40)
        )
        page = engine.search(SearchQuery(text="sấy", facets=("level",)))
        assert len(page.facets["level"]) == page.total == 40


class TestVersions:
    """Changes may come late or twice; the newest stands."""

    def test_an_older_change_undoes_nothing(self, engine: ElasticsearchEngine) -> None:
        assert engine.index([offer("1", "Máy sấy mới")], version=20) == 1
        assert engine.index([offer("1", "Máy sấy cũ")], version=10) == 0
        assert engine.delete([("offer", "1")], version=15) == 0
        assert [hit.title for hit in engine.search(SearchQuery()).hits] == ["Máy sấy mới"]
        assert list(engine.held()) == [("offer", "1", "vi", 20)]

    def test_what_was_removed_stays_removed(self, engine: ElasticsearchEngine) -> None:
        engine.index([offer("1", "Máy sấy")], version=1)
        assert engine.delete([("offer", "1"), ("offer", "2")], version=9) == 1
        assert engine.index([offer("1", "Máy sấy"), offer("2", "Máy gặt")], version=8) == 0
        assert engine.count() == 0
        assert engine.index([offer("1", "Máy sấy")], version=10) == 1

    def test_where_a_thing_is_can_be_measured(self, engine: ElasticsearchEngine) -> None:
        middle = {"lat": 10.2435, "lon": 106.3756}
        engine.index(
            [
                offer("near", "Máy sấy", location=(10.24, 106.37)),
                offer("far", "Máy sấy", location=(9.93, 106.34)),
                offer("nowhere", "Máy sấy"),
            ]
        )
        mapped = engine.client.indices.get_mapping(index=engine.live())
        properties = mapped[engine.live()]["mappings"]["properties"]
        assert properties["location"] == {"type": "geo_point"}
        found = engine.client.search(
            index=engine.live(),
            query={"geo_distance": {"distance": "10km", "location": middle}},
        )
        assert [hit["_source"]["id"] for hit in found["hits"]["hits"]] == ["near"]
        assert not engine.differing([offer("near", "Máy sấy", location=(10.24, 106.37))])
        assert engine.differing([offer("near", "Máy sấy", location=(9.93, 106.34))])

    def test_a_change_is_findable_within_two_seconds(self, engine: ElasticsearchEngine) -> None:
        ElasticsearchEngine().index([offer("1", "Máy sấy")], version=1)
        deadline = time.monotonic() + 2
        while not engine.search(SearchQuery(text="sấy")).total:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def test_a_document_the_cluster_refuses_stops_no_other(
        self, engine: ElasticsearchEngine
    ) -> None:
        broken = offer("1", "Máy", facets={"sector": ("a" * 40_000,)})
        with pytest.raises(DocumentRefused) as refusal:
            engine.index([broken, offer("2", "Lò")], version=1)
        assert list(refusal.value.reasons) == [broken.key]
        assert engine.count() == 1


class TestGroups:
    """Pages translated as pages of their own: each reader meets one, whatever changes when."""

    def _met(self, engine: ElasticsearchEngine, language: str) -> list[str]:
        return sorted(ids(engine.search(SearchQuery(language=language))))

    def test_each_reader_meets_one_of_the_pages(self, engine: ElasticsearchEngine) -> None:
        engine.index([_page("1", "vi", "Trang")], version=1)
        assert self._met(engine, "en") == ["1"]
        engine.index([_page("2", "en", "Page")], version=2)
        assert (self._met(engine, "vi"), self._met(engine, "en")) == (["1"], ["2"])
        assert ("page", "1", "vi", 1) in engine.held()
        engine.delete([("page", "2")], version=3)
        assert self._met(engine, "en") == ["1"]

    @pytest.mark.parametrize("group", ["page:khac", "page:1", ""])
    def test_whoever_leaves_the_group_hides_nobody_there_any_more(
        self, engine: ElasticsearchEngine, group: str
    ) -> None:
        engine.index([_page("1", "vi", "Trang"), _page("2", "en", "Page")], version=1)
        engine.index([_page("1", "vi", "Trang", group)], version=2)
        assert self._met(engine, "vi") == self._met(engine, "en") == ["1", "2"]

    @pytest.mark.parametrize("how", ["removed", "moved"])
    def test_leaving_a_group_is_made_good_when_it_was_cut_short(
        self, engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch, how: str
    ) -> None:
        def leave() -> None:
            if how == "removed":
                engine.delete([("page", "2")], version=2)
            else:
                engine.index([_page("2", "en", "Page", "page:khac")], version=2)

        engine.index([_page("1", "vi", "Trang"), _page("2", "en", "Page")], version=1)
        send = Writer._send

        def cut_short(writer: Writer, batch: Any) -> Any:
            outcome = send(writer, batch)
            if any(about["_id"] == "page:2:en" for action, _ in batch for about in action.values()):
                raise EngineUnavailable("it is written, and nobody hears of it")
            return outcome

        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(Writer, "_send", cut_short)
            with pytest.raises(EngineUnavailable):
                leave()
        leave()
        assert "1" in self._met(engine, "en")

    def test_a_group_left_unsettled_is_told_by_the_check_and_mended(
        self, engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pages = [_page("1", "vi", "Trang"), _page("2", "en", "Page")]
        engine.index(pages[:1], version=1)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(Writer, "_settle", lambda *_groups, **_without: None)
            engine.index(pages[1:], version=2)
        assert self._met(engine, "en") == ["1", "2"]
        assert engine.differing(pages[1:]) == {("page", "1"), ("page", "2")}
        engine.index(pages[:1], version=3)
        assert self._met(engine, "en") == ["2"]
        assert not engine.differing(pages[:1])
        assert not engine.differing(pages[1:])

    def test_pages_far_apart_in_a_rebuild_belong_together(
        self, engine: ElasticsearchEngine
    ) -> None:
        def documents() -> Iterator[SearchDocument]:
            yield _page("a", "vi", "Trang")
            yield from _numbers(1_200)
            yield _page("b", "en", "Page")

        assert list(engine.rebuild(documents()))[-1] == 1_202
        pages = SearchQuery(kinds=("page",), language="en")
        assert ids(engine.search(pages)) == ["b"]


class TestRebuild:
    def test_old_answers_flow_until_the_swap(self, engine: ElasticsearchEngine) -> None:
        engine.index([offer("1", "Máy cũ")])
        name = engine.create()
        counts = list(engine.load(name, _numbers(1_200, "Máy mới")))
        assert counts == sorted(counts)
        assert counts[-1] == 1_200
        assert engine.search(SearchQuery(text="cũ")).total == 1
        # A change during the load is repeated into the new index and beats what the load read.
        engine.index([offer("7", "Máy vừa sửa")], version=1, into=name)
        engine.delete([("offer", "8")], version=2, into=name)
        old = engine.live()
        engine.swap(name)
        engine.drop(old)
        assert engine.live() == name
        assert engine.search(SearchQuery(text="cũ")).total == 0
        assert engine.search(SearchQuery(text="vừa sửa")).total == 1
        assert engine.count() == 1_199
        assert engine.indices.all() == [name]

    def test_stopping_it_leaves_the_old_index(self, engine: ElasticsearchEngine) -> None:
        engine.index([offer("1", "Máy cũ")])
        before = engine.live()

        def breaking() -> Iterator[SearchDocument]:
            yield from _numbers(700)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            list(engine.rebuild(breaking()))
        assert engine.indices.all() == [before]
        assert engine.search(SearchQuery(text="cũ")).total == 1

    def test_a_dropped_index_is_not_made_anew_by_writing(self, engine: ElasticsearchEngine) -> None:
        name = engine.create()
        engine.drop(name)
        with pytest.raises(EngineUnavailable):
            engine.index([offer("1", "Máy")], version=1, into=name)
        engine.drop(engine.live())
        with pytest.raises(EngineUnavailable):
            engine.index([offer("1", "Máy")], version=1)
        with pytest.raises(EngineUnavailable, match="could not be read"):
            engine.delete([("offer", "1")], version=1)
        assert engine.indices.all() == []
        assert not engine.client.indices.exists(index=engine.indices.alias)

    def test_an_index_made_by_accident_under_the_alias_gives_way(
        self, engine: ElasticsearchEngine
    ) -> None:
        engine.drop(engine.live())
        engine.client.indices.create(index=engine.indices.alias)
        assert list(engine.rebuild(_numbers(3))) == [3]
        assert engine.count() == 3

    def test_two_hubs_on_one_cluster_leave_each_other_alone(
        self, engine: ElasticsearchEngine, settings: Any
    ) -> None:
        ours = engine.live()
        settings.ELASTICSEARCH_PREFIX += "-2"
        other = ElasticsearchEngine(refresh=True)
        try:
            assert list(other.rebuild(iter([offer("2", "Máy của tỉnh kia")]))) == [1]
            theirs = other.live()
            assert engine.made() == engine.behind() == [ours]
            assert list(engine.rebuild(_numbers(3))) == [3]
            assert engine.made() == engine.behind() != [ours], "its own old one is gone"
            assert other.made() == other.behind() == [theirs]
            assert ids(other.search(SearchQuery(text="may"))) == ["2"]
            with pytest.raises(ValueError, match=theirs):
                engine.drop(theirs)
        finally:
            for name in other.made():
                other.drop(name)
            other.client.close()

    def test_only_its_own_indices_are_dropped(self, engine: ElasticsearchEngine) -> None:
        for name in ("*", "_all", f"{engine.live()},other", "somebody-elses"):
            with pytest.raises(ValueError, match=re.escape(name)):
                engine.drop(name)
        assert engine.count() == 0


class TestStates:
    def test_health_tells_whether_the_index_is_that_of_the_code(
        self, engine: ElasticsearchEngine
    ) -> None:
        told = engine.health()
        assert told["status"] in {"green", "yellow"}
        assert told["index"] == engine.live()
        assert told["current"]
        sources._facets["new"] = FacetSpec("new", "Mới", frozenset({"offer"}), labels=dict)
        assert not engine.health()["current"]

    def test_objects_are_counted_once_whatever_their_languages(
        self, engine: ElasticsearchEngine
    ) -> None:
        vi = replace(offer("1", "Máy sấy"), collapse_key="offer:1")
        engine.index([vi, replace(vi, language="en"), offer("2", "Lò")])
        assert engine.count() == 3
        assert engine.count_by_kind() == {"offer": 2}

    def test_a_node_out_of_reach_or_without_index_is_unavailable(
        self, engine: ElasticsearchEngine, settings: Any
    ) -> None:
        engine.drop(engine.live())
        with pytest.raises(EngineUnavailable):
            engine.search(SearchQuery(text="máy"))
        with pytest.raises(EngineUnavailable):
            engine.count()
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            settings.ELASTICSEARCH_URLS = [f"http://127.0.0.1:{nobody.getsockname()[1]}"]
            with pytest.raises(EngineUnavailable):
                ElasticsearchEngine().search(SearchQuery(text="máy"))

    def test_a_search_it_refuses_among_others_is_the_fault_of_that_request(
        self, engine: ElasticsearchEngine
    ) -> None:
        asker = engine._asker
        with pytest.raises(RequestFailed, match="400: parsing_exception") as refused:
            asker.ask({"query": {"match_all": {}}}, {"query": {"bí mật": {}}})
        assert "bí mật" not in str(refused.value)
        engine.drop(engine.live())
        with pytest.raises(EngineUnavailable, match="404") as away:
            engine._asker.ask({"query": {"match_all": {}}})
        assert not isinstance(away.value, RequestFailed)

    def test_an_address_of_the_cluster_that_is_closed_is_met_by_nobody(
        self, engine: ElasticsearchEngine, settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        engine.index([offer("1", "Máy sấy dừa")], version=1)
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            settings.ELASTICSEARCH_URLS.append(f"http://127.0.0.1:{nobody.getsockname()[1]}")
            for _process in range(5):
                # A client takes the addresses in turn: one of the first two goes to the closed one.
                begun = ElasticsearchEngine()
                for _visitor in range(2):
                    assert ids(begun.search(SearchQuery(text="may say"))) == ["1"]
        turned_away = [one for one in caplog.records if one.name == "elastic_transport.transport"]
        assert len(turned_away) >= 5, "each process did ask the closed address"

    def test_a_silent_node_is_given_up_after_two_seconds(self, settings: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings.ELASTICSEARCH_URLS = [f"http://127.0.0.1:{silent.getsockname()[1]}"]
            started = time.monotonic()
            with pytest.raises(EngineUnavailable):
                ElasticsearchEngine().search(SearchQuery(text="máy"))
            assert 1.5 < time.monotonic() - started < 4

    def test_a_page_that_asks_again_and_again_is_given_up_as_a_whole(
        self, engine: ElasticsearchEngine, settings: Any
    ) -> None:
        engine.index([offer("1", "Máy sấy nông sản")], version=1)
        typed, node = SearchQuery(text="máy sấy nôgn sảnn"), settings.ELASTICSEARCH_URLS[0]
        with slow_proxy(node, delay=0) as (address, asked):
            settings.ELASTICSEARCH_URLS = [address]
            assert ElasticsearchEngine().search(typed).total == 1
            assert len(asked) >= 5, "each well within the time of one"
        with slow_proxy(node, delay=0.9) as (address, asked):
            settings.ELASTICSEARCH_URLS = [address]
            started = time.monotonic()
            with pytest.raises(EngineUnavailable):
                ElasticsearchEngine().search(typed)
            assert len(asked) <= 4
            assert time.monotonic() - started < 4


class TestBehindALock:
    """A cluster that takes TLS only, and only those who introduce themselves."""

    KEY = "a2hvYTptYXQga2hhdQ=="

    @pytest.fixture
    def locked(self, engine: ElasticsearchEngine, settings: Any, tmp_path: Path) -> Iterator[Gate]:
        """The way to the cluster that holds this engine's index, through the gate."""
        engine.index([offer("1", "Máy sấy dừa")])
        with gate(node(), tmp_path, lets_in=f"ApiKey {self.KEY}") as found:
            settings.ELASTICSEARCH_URLS = [found.url]
            settings.ELASTICSEARCH_API_KEY = self.KEY
            settings.ELASTICSEARCH_CA_FILE = str(found.authority)
            yield found

    def test_an_index_is_made_filled_read_and_dropped_with_an_api_key(self, locked: Gate) -> None:
        outside = ElasticsearchEngine(refresh=True)
        assert list(outside.rebuild(iter([offer("2", "Máy sấy lạnh")])))
        assert ids(outside.search(SearchQuery(text="may say"))) == ["2"]
        assert outside.count() == 1
        assert len(outside.made()) == 1
        assert locked.refused == []

    def test_so_it_is_with_a_user_and_a_password_in_vietnamese(
        self, engine: ElasticsearchEngine, settings: Any, tmp_path: Path
    ) -> None:
        engine.index([offer("1", "Máy sấy dừa")])
        pair = base64.b64encode("hub:mật khẩu".encode()).decode()
        with gate(node(), tmp_path, lets_in=f"Basic {pair}") as found:
            settings.ELASTICSEARCH_URLS = [found.url]
            settings.ELASTICSEARCH_USER, settings.ELASTICSEARCH_PASSWORD = "hub", "mật khẩu"
            settings.ELASTICSEARCH_CA_FILE = str(found.authority)
            assert ids(ElasticsearchEngine().search(SearchQuery(text="may say"))) == ["1"]

    def test_a_wrong_key_is_an_outage_that_names_no_secret(
        self, locked: Gate, settings: Any
    ) -> None:
        settings.ELASTICSEARCH_API_KEY = "bmhhbSBraG9h"
        with pytest.raises(EngineUnavailable, match="401") as failure:
            ElasticsearchEngine().search(SearchQuery(text="may say"))
        assert locked.refused
        assert "bmhhbSBraG9h" not in str(failure.value)

    @pytest.mark.parametrize("authority", ["", certifi.where()])
    def test_nothing_is_told_to_a_server_nobody_vouches_for(
        self, locked: Gate, settings: Any, authority: str
    ) -> None:
        settings.ELASTICSEARCH_CA_FILE = authority
        with pytest.raises(EngineUnavailable, match="TlsError"):
            ElasticsearchEngine().search(SearchQuery(text="may say"))
        assert locked.refused == []


class TestSecuredCluster:
    """Nothing is sent: only how the client would introduce itself."""

    def test_an_api_key_goes_before_a_password(self, settings: Any) -> None:
        settings.ELASTICSEARCH_URLS = ["https://a.example:9200", "https://b.example:9200"]
        settings.ELASTICSEARCH_API_KEY = "khoa"
        settings.ELASTICSEARCH_USER = "hub"
        settings.ELASTICSEARCH_CA_FILE = certifi.where()
        client = ElasticsearchEngine().client
        assert client._headers["authorization"] == "ApiKey khoa"
        nodes = [node.config for node in client.transport.node_pool.all()]
        assert sorted((node.scheme, node.host, node.port) for node in nodes) == [
            ("https", "a.example", 9200),
            ("https", "b.example", 9200),
        ]
        assert all(node.verify_certs and node.ca_certs == certifi.where() for node in nodes)

    def test_user_and_password(self, settings: Any) -> None:
        settings.ELASTICSEARCH_URLS = ["https://a.example:9200"]
        settings.ELASTICSEARCH_USER, settings.ELASTICSEARCH_PASSWORD = "hub", "mật khẩu"
        expected = base64.b64encode("hub:mật khẩu".encode()).decode()
        assert ElasticsearchEngine().client._headers["authorization"] == f"Basic {expected}"

    def test_without_an_address_it_says_what_is_missing(self, settings: Any) -> None:
        settings.ELASTICSEARCH_URLS = []
        with pytest.raises(ImproperlyConfigured, match="ELASTICSEARCH_URLS"):
            ElasticsearchEngine().search(SearchQuery(text="máy"))
