"""The search service: what apps call, and what a visitor is told when a query is out of bounds."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction
from search_contract import ids, offer

from search import service, sources
from search.contracts import FacetSpec, InvalidQuery, SearchDocument, SearchQuery
from search.engines.embedded import tables
from search.models import IndexTask
from search.sources import SearchSource


class Shelf:
    """The public things of an app, by id."""

    def __init__(self) -> None:
        self.public: dict[str, SearchDocument] = {}

    def documents(self, wanted: Iterable[str] | None) -> Iterator[SearchDocument]:
        for identity in list(self.public) if wanted is None else wanted:
            if identity in self.public:
                yield self.public[identity]


PLACES = {"29551": "Phường Long Châu", "29557": "Xã Phú Quới"}


@pytest.fixture
def shelf(db: None) -> Iterator[Shelf]:
    kept = dict(sources._sources), dict(sources._facets)
    sources._sources.clear()
    sources._facets.clear()
    shelf = Shelf()
    place = FacetSpec(
        name="place",
        label="Xã, phường",
        kinds=frozenset({"offer"}),
        labels=lambda codes: {code: PLACES[code] for code in codes},
        parameter="xa",
        display="searchable",
        aliases=lambda codes: {"29557": "Long Hồ"},
    )
    sources.register(
        SearchSource(
            kind="offer",
            label="công nghệ",
            label_plural="công nghệ",
            documents=shelf.documents,
            count=lambda: len(shelf.public),
        ),
        [place],
    )
    tables.prepare("default", cleared=True)
    yield shelf
    sources._sources.clear()
    sources._sources.update(kept[0])
    sources._facets.clear()
    sources._facets.update(kept[1])


def _found(text: str) -> list[str]:
    return sorted(ids(service.search(SearchQuery(text=text))))


def test_publishing_hiding_and_deleting_are_found_at_once(shelf: Shelf) -> None:
    shelf.public = {"1": offer("1", "Máy sấy"), "2": offer("2", "Máy gặt")}
    assert service.reindex("offer", [1, 2, 1]) == 2
    assert _found("máy") == ["1", "2"]
    del shelf.public["1"]
    shelf.public["2"] = offer("2", "Lò sấy")
    assert service.reindex("offer", ["1", "2"]) == 1
    assert _found("máy") == []
    assert _found("sấy") == ["2"]
    service.remove("offer", [2])
    assert _found("sấy") == []
    assert service.reindex("offer", []) == 0


def test_what_is_not_published_in_the_end_is_not_found(shelf: Shelf) -> None:
    shelf.public = {"1": offer("1", "Máy sấy")}
    with transaction.atomic():
        service.reindex("offer", ["1"])
        assert _found("sấy") == ["1"]
        transaction.set_rollback(True)
    assert _found("sấy") == []


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        (SearchQuery(text="a" * 301), "q", "300 ký tự"),
        (SearchQuery(text="a " * 41), "q", "40 từ"),
        (SearchQuery(page=0), "page", "từ 1"),
        (SearchQuery(page=10**9), "page", "2000 kết quả"),
        (SearchQuery(page_size=51), "page_size", "50"),
        (SearchQuery(audience="owner"), "audience", "ai đang tìm"),
        (SearchQuery(filters={"place": ("x",) * 61}), "place", "60 giá trị"),
    ],
)
def test_limits_answer_with_a_clear_sentence(
    shelf: Shelf, query: SearchQuery, field: str, sentence: str
) -> None:
    with pytest.raises(InvalidQuery) as refused:
        service.search(query)
    assert refused.value.field == field
    assert sentence in refused.value.message


def test_the_autocomplete_groups_titles_and_places(shelf: Shelf) -> None:
    shelf.public = {
        "1": offer("1", "Long não chiết xuất", facets={"place": ("29551",)}),
        "2": offer("2", "Máy sấy", facets={"place": ("29557",)}),
    }
    service.reindex("offer", shelf.public)
    rows = [(row.group, row.text, row.code) for row in service.suggest("long")]
    assert rows == [
        ("offer", "Long não chiết xuất", ""),
        ("place", "Xã Phú Quới", "29557"),
        ("place", "Phường Long Châu", "29551"),
    ]
    assert [row.code for row in service.suggest("long hô")] == ["29557"]
    assert service.suggest("") == service.suggest("?!") == []


def test_no_task_is_written_for_the_embedded_engine(shelf: Shelf) -> None:
    shelf.public = {"1": offer("1", "Máy sấy")}
    service.reindex("offer", ["1"])
    service.remove("offer", ["1"])
    assert not IndexTask.objects.exists()


def test_rebuild_and_status_tell_what_they_did(shelf: Shelf) -> None:
    shelf.public = {str(n): offer(str(n), "Máy sấy") for n in range(3)}
    said = io.StringIO()
    call_command("search_rebuild", stdout=said)
    assert "3/3" in said.getvalue()
    assert len(_found("sấy")) == 3
    shelf.public["9"] = offer("9", "Máy gặt")
    call_command("search_rebuild", "--if-empty", stdout=said)
    assert _found("gặt") == []
    status = io.StringIO()
    call_command("search_status", stdout=status)
    assert "embedded" in status.getvalue()
    assert "3 trong chỉ mục, 4 công khai" in status.getvalue()
    assert tables.form(connection) in status.getvalue()


def test_a_database_without_a_form_of_the_engine_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="oracle"):
        tables.database(SimpleNamespace(vendor="oracle"))  # type: ignore[arg-type]


def test_migrating_again_keeps_the_index_and_another_form_empties_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.public = {"1": offer("1", "Máy sấy")}
    service.reindex("offer", ["1"])
    tables.prepare("default", cleared=False)
    assert _found("sấy") == ["1"]
    monkeypatch.setattr(tables, "form", lambda connection: "another")
    tables.prepare("default", cleared=False)
    assert _found("sấy") == []
    assert tables.stored_form(connection) == "another"
    monkeypatch.undo()
    tables.prepare("default", cleared=False)
