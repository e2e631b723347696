"""What the rest of the project calls: find, suggest, and keep the index true.

The embedded engine is written in the caller's transaction, so it is never behind what is published.
An engine outside the database is fed through `outbox`, whose tasks are written in that transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from search import completing, decoding, outbox, reading, rebuilding, signals, sources, text
from search.contracts import (
    AUDIENCES,
    MAX_DEPTH,
    MAX_FACET_VALUES,
    MAX_PAGE_SIZE,
    MAX_QUERY_CHARS,
    MAX_QUERY_WORDS,
    QUERY,
    EngineUnavailable,
    InvalidQuery,
    SearchDocument,
    SearchEngine,
    SearchPage,
    SearchQuery,
    Suggestion,
)
from search.engines.embedded import EmbeddedEngine
from search.guard import Guarded, OutsideEngine
from search.vocabulary import missed
from search.vocabulary import services as vocabulary

#: Names of facet values whose words are kept: all of them, in a few languages.
LABELS = 4_096
#: Seconds, and tasks, that are sent at the end of the request that wrote them.
HASTE = 2.0
SOON = 50
#: Objects renewed while others wait to publish.
RENEWED = 100


@lru_cache(maxsize=1)
def embedded() -> EmbeddedEngine:
    """Return this process's embedded engine."""
    return EmbeddedEngine()


@lru_cache(maxsize=4)
def _guarded(name: str) -> Guarded:
    return Guarded(import_string(name)(), embedded())


@lru_cache(maxsize=4)
def _hasty(name: str) -> OutsideEngine:
    made: OutsideEngine = import_string(name)(patience=HASTE)
    return made


def engine() -> SearchEngine:
    """Return what answers: the embedded engine, or a guard before the class `SEARCH_ENGINE` names."""
    return outside() or embedded()


def outside() -> Guarded | None:
    """Return the guard before the engine outside the database, or None when there is no such engine."""
    return None if settings.SEARCH_ENGINE == "embedded" else _guarded(settings.SEARCH_ENGINE)


def search(query: SearchQuery) -> SearchPage:
    """Answer a query; raise `InvalidQuery` with a sentence for the visitor when it is out of bounds."""
    check(query)
    signals.asked.send(sender=SearchQuery)
    vocabulary.refresh()
    return reading.answer(query, engine().search)


def latest(query: SearchQuery) -> SearchPage:
    """Answer as `search()` does from the embedded engine, which is never behind what is public.

    For lists on pages that are kept: an engine outside the database may answer of yesterday's facts.
    """
    check(query)
    signals.asked.send(sender=SearchQuery)
    vocabulary.refresh()
    return reading.answer(query, embedded().search)


def ask(query: SearchQuery) -> SearchPage:
    """Answer a visitor's question as `search()` does, and count it when it finds next to nothing."""
    page = search(query)
    missed.note(query, page)
    return page


def check(query: SearchQuery) -> None:
    """Raise `InvalidQuery` for a query outside the limits of `contracts`."""
    if len(query.text) > MAX_QUERY_CHARS:
        raise InvalidQuery(
            "q",
            _("Câu tìm dài quá {limit} ký tự. Hãy rút gọn lại.").format(limit=MAX_QUERY_CHARS),
        )
    if len(text.tokens(query.text)) > MAX_QUERY_WORDS:
        raise InvalidQuery(
            "q", _("Câu tìm có quá {limit} từ. Hãy rút gọn lại.").format(limit=MAX_QUERY_WORDS)
        )
    if not 1 <= query.page_size <= MAX_PAGE_SIZE:
        raise InvalidQuery(
            "page_size", _("Mỗi trang có từ 1 đến {limit} kết quả.").format(limit=MAX_PAGE_SIZE)
        )
    if query.page < 1:
        raise InvalidQuery("page", _("Số trang phải từ 1 trở lên."))
    if (query.page - 1) * query.page_size >= MAX_DEPTH:
        raise InvalidQuery(
            "page",
            _("Chỉ xem được {limit} kết quả đầu. Hãy thêm bộ lọc để thu hẹp.").format(
                limit=MAX_DEPTH
            ),
        )
    if query.audience not in AUDIENCES:
        raise InvalidQuery("audience", _("Không rõ ai đang tìm."))
    for name, codes in query.filters.items():
        if len(codes) > MAX_FACET_VALUES:
            raise InvalidQuery(
                name,
                _("Chọn tối đa {limit} giá trị cho một bộ lọc.").format(limit=MAX_FACET_VALUES),
            )


def suggest(
    typed: str, kinds: Sequence[str] = (), language: str = "vi", limit: int = 8
) -> list[Suggestion]:
    """Return at most `limit` rows for the autocomplete: a query, titles by kind, values by facet."""
    typed = text.clean(typed)[:MAX_QUERY_CHARS]
    words = text.tokens(typed)
    if not words or len(words) > MAX_QUERY_WORDS:
        return []
    values = _suggested_values(words, kinds, min(3, limit // 2))
    titles = _titles(typed, kinds, language, limit - len(values))
    meant = ""
    if not titles and not values:
        # Synonyms tell which words are no keys; rows that are found need none.
        vocabulary.refresh()
        meant = decoding.decode(typed) or ""
        titles = _titles(meant, kinds, language, limit) if meant else []
    offered = completing.completion(meant or typed, [row.text for row in titles])
    if titles and (offered or meant):
        query = Suggestion(group=QUERY, text=offered or meant)
        return [query, *titles[: limit - len(values) - 1], *values]
    return titles + values


def _titles(typed: str, kinds: Sequence[str], language: str, limit: int) -> list[Suggestion]:
    """Return titles of kinds that are: an index may hold what an older version put there."""
    found = engine().suggest(typed, kinds, language, limit)
    return [row for row in found if sources.is_known(row.group)]


def _suggested_values(words: list[str], kinds: Sequence[str], limit: int) -> list[Suggestion]:
    """Return facet values (sectors, places) whose names have every word, the last as a beginning."""
    *whole, last = text.folded(words)
    # With the blanks around them, words are found in a name without taking it apart.
    begun, others = f" {last}", [f" {word} " for word in whole]
    found: list[tuple[int, Suggestion]] = []
    offered = {
        spec.name: spec
        for spec in sources.facets(kinds or None)
        if spec.display in {"tree", "searchable"} and spec.audience == AUDIENCES[0]
    }
    for name, codes in embedded().facet_codes(offered).items():
        spec = offered[name]
        aliases = spec.aliases(codes) if spec.aliases else {}
        for code, label in spec.labels(codes).items():
            own = _folded(str(label), aliases.get(code, ""))
            if begun in own and all(word in own for word in others):
                row = Suggestion(group=spec.name, text=str(label), code=code)
                found.append((len(label), row))
    found.sort(key=lambda item: (item[0], item[1].text))
    return [row for _length, row in found[:limit]]


@lru_cache(maxsize=LABELS)
def _folded(label: str, also: str) -> str:
    """Return the words of a name and its other names without marks, each between two blanks: the same
    few hundred names are asked for with every letter typed."""
    return f" {' '.join(text.folded(text.tokens(f'{label} {also}')))} "


def reindex(kind: str, ids: Iterable[object]) -> int:
    """Bring the index in line with what is public of these objects; return how many stand in it.

    Called by services inside the transaction that publishes, hides or deletes.
    """
    keys = list(dict.fromkeys(str(identity) for identity in ids))
    if not keys:
        return 0
    documents = list(sources.source(kind).documents(keys))
    found = {document.id for document in documents}
    embedded().delete((kind, key) for key in keys if key not in found)
    embedded().index(documents)
    _note(kind, keys)
    signals.changed.send(sender=SearchDocument, kind=kind, ids=keys)
    return len(found)


def renew(kind: str, ids: Iterable[object]) -> None:
    """Bring the index in line with what is public of these objects, where nobody has locked them.

    Nothing is published, hidden or deleted between the read and the write: what waits meanwhile comes
    after it. Objects of a kind that is no more go.
    """
    keys = [str(identity) for identity in ids]
    bring = reindex if sources.is_known(kind) else remove
    for start in range(0, len(keys), RENEWED):
        with embedded().alone():
            bring(kind, keys[start : start + RENEWED])


def remove(kind: str, ids: Iterable[object]) -> None:
    """Take objects out of the index, whatever their state."""
    keys = [str(identity) for identity in ids]
    embedded().delete((kind, key) for key in keys)
    _note(kind, keys)
    signals.changed.send(sender=SearchDocument, kind=kind, ids=keys)


def tell_of_many() -> None:
    """Say that anything may be found otherwise now, as after many documents or a rebuild."""
    signals.changed.send(sender=SearchDocument, kind="", ids=())


def all_documents() -> Iterator[SearchDocument]:
    """Yield every public document of every kind, for a rebuild."""
    for source in sources.sources():
        yield from source.documents(None)


def feed(rounds: int = 20) -> int:
    """Work off what waits for the engine outside the database; return the number of tasks.

    For the worker. An engine that is away costs one attempt; nothing is raised, nothing is lost.
    """
    guard = outside()
    if guard is None or (guard.away and not guard.probe()):
        return 0
    total = 0
    try:
        rebuilding.recover(settings.SEARCH_ENGINE, guard.primary)
        for _round in range(rounds):
            done = outbox.drain(settings.SEARCH_ENGINE, guard.primary)
            total += done
            if done < outbox.BATCH:
                break
    except EngineUnavailable as failure:
        guard.lost(failure)
    return total


def _note(kind: str, ids: Sequence[str]) -> None:
    if settings.SEARCH_ENGINE != "embedded":
        outbox.write(settings.SEARCH_ENGINE, kind, ids)
        # Once per transaction, however much it writes.
        if all(entry[1] is not _feed_soon for entry in connection.run_on_commit):
            transaction.on_commit(_feed_soon, robust=True)


def _feed_soon() -> None:
    """Send what was just written, when that takes no time; otherwise the worker does it."""
    guard = outside()
    if guard is None or guard.away:
        return
    try:
        outbox.drain(settings.SEARCH_ENGINE, _hasty(settings.SEARCH_ENGINE), limit=SOON)
    except EngineUnavailable as failure:
        guard.lost(failure)
