"""Reading contents with everything they show, in a handful of queries for one or for hundreds.

Contents read here are for showing, never for saving: their terms and children are put where Django keeps
prefetched rows, because one query per list of terms would make twelve for an offer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NoReturn

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Coalesce
from modelcluster.models import get_all_child_relations

from registry.common.fields import Kind, kind_of
from registry.directory.models import Content, Entry, EntryImage, Membership
from registry.directory.permissions import WRITERS
from registry.taxonomy.models import AdminUnit, Term

BATCH = 500


@lru_cache(maxsize=16)
def _joined(model: type[Model]) -> tuple[str, ...]:
    """Return the foreign keys of a content that come with its own row."""
    names = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if target is AdminUnit:
            names.append(f"{field.name}__parent")
        elif target in {Term, EntryImage}:
            names.append(field.name)
    return tuple(names)


def _content_model(kind: Kind) -> type[Content]:
    model: type[Content] = apps.get_model(kind.model)
    return model


def entry_with_content(kind: str, number_slug: str) -> Entry:
    """Return an entry of any lifecycle with its content and owner; raise `Entry.DoesNotExist`.

    `is_managed` on it says whether anyone could answer for it.
    """
    joins = [f"{kind}__{name}" for name in _joined(_content_model(kind_of(kind)))]
    organisation = Coalesce("owner_id", "pk")
    writers = Membership.objects.filter(entry_id=OuterRef("organisation_id"), role__in=WRITERS)
    return (
        Entry.objects.select_related(
            kind, *joins, "owner__organisation__commune__parent", "merged_into"
        )
        .annotate(organisation_id=organisation)
        .annotate(is_managed=Exists(writers))
        .get(kind=kind, number=number_slug.upper().replace("-", " "))
    )


def public_rows(kind: str) -> QuerySet[Any]:
    """Return the public contents of a kind with their headers, owners and single terms."""
    model = _content_model(kind_of(kind))
    return model._default_manager.filter(entry__is_public=True).select_related(
        "entry", *_joined(model), "entry__owner__organisation__commune__parent"
    )


def public_contents(kind: str, ids: Iterable[str] | None = None) -> Iterator[Content]:
    """Yield the public contents of a kind (of those entry ids), filled, in the order of the entries."""
    model = _content_model(kind_of(kind))
    rows = model._default_manager.filter(entry__is_public=True).order_by("entry_id")
    if ids is not None:
        wanted = [int(pk) for pk in ids if str(pk).isdecimal()]
        rows = rows.filter(entry_id__in=wanted)
    own = [field.name for field in model._meta.concrete_fields if field.related_model is EntryImage]
    rows = rows.select_related("entry", *own)
    last = 0
    while read := list(rows.filter(entry_id__gt=last)[:BATCH]):
        _share(read)
        # An owner deleted in between took its entries with it.
        batch = [
            content
            for content in read
            if content.entry.owner_id is None or Entry.owner.is_cached(content.entry)
        ]
        fill(batch)
        prefetch_related_objects([content.entry for content in batch], "recognitions")
        yield from batch
        if len(read) < BATCH:
            return
        last = read[-1].entry_id


def fill(contents: Sequence[Any]) -> None:
    """Read the terms and children of contents of one kind, and who their owners are."""
    if not contents:
        return
    _fill_terms(contents)
    _fill_children(contents)
    entries = [content.entry for content in contents]
    # One owner may stand behind many contents.
    owners = list({id(entry.owner): entry.owner for entry in entries if entry.owner_id}.values())
    prefetch_related_objects(owners or entries, "identifiers")
    if owners:
        _fill_children([owner.organisation for owner in owners])


def fill_sectors(contents: Sequence[Any]) -> None:
    """Read only the sectors of contents of one kind, for a list of them: one query."""
    if not contents:
        return
    field = type(contents[0])._meta.get_field("sectors")
    source, target = f"{field.m2m_field_name()}_id", field.m2m_reverse_field_name()
    lists: dict[int, list[Term]] = {content.pk: [] for content in contents}
    links = field.remote_field.through._default_manager.filter(**{f"{source}__in": list(lists)})
    for link in links.select_related(target).order_by(f"{target}__order", f"{target}_id"):
        lists[getattr(link, source)].append(getattr(link, target))
    for content in contents:
        _keep(content, "sectors", Term, lists[content.pk])


def _share(contents: Sequence[Any]) -> None:
    """Read the terms, communes and owners that contents of one kind point at, each once for all of them."""
    _point(contents, Term.objects.all())
    _point(contents, AdminUnit.objects.all())
    owners = Entry.objects.select_related("organisation__commune")
    _point([content.entry for content in contents], owners, {"owner"})


def _point(rows: Sequence[Model], targets: QuerySet[Any], only: Collection[str] = ()) -> None:
    """Let the foreign keys of rows of one model (of those names) hold the rows of another."""
    fields: list[Any] = [
        field
        for field in rows[0]._meta.concrete_fields
        if field.related_model is targets.model and (not only or field.name in only)
    ]
    found = targets.in_bulk(
        {getattr(row, field.attname) for row in rows for field in fields} - {None}
    )
    for field in fields:
        for row in rows:
            if (target := found.get(getattr(row, field.attname))) is not None:
                field.set_cached_value(row, target)


def _fill_children(contents: Sequence[Any]) -> None:
    by_pk = {content.pk: content for content in contents}
    for relation in get_all_child_relations(type(contents[0])):
        model, parent = relation.related_model, relation.field
        terms = [field.name for field in model._meta.concrete_fields if field.related_model is Term]
        rows = model._default_manager.filter(**{f"{parent.name}__in": list(by_pk)})
        lists: dict[int, list[Any]] = {pk: [] for pk in by_pk}
        for row in rows.select_related(*terms) if terms else rows:
            pk = getattr(row, parent.attname)
            parent.set_cached_value(row, by_pk[pk])
            lists[pk].append(row)
        # Not `by_pk`: one organisation may have been read with each of its entries.
        for content in contents:
            _keep(content, relation.get_accessor_name(), model, lists[content.pk])


def _fill_terms(contents: Sequence[Any]) -> None:
    """Read the lists of terms of the contents: one query for the links, one for the terms."""
    fields = [
        field for field in type(contents[0])._meta.many_to_many if field.related_model is Term
    ]
    if not fields:
        return
    by_pk = {content.pk: content for content in contents}
    queries = []
    for field in fields:
        source = f"{field.m2m_field_name()}_id"
        queries.append(
            field.remote_field.through._default_manager.filter(**{f"{source}__in": list(by_pk)})
            .order_by()
            .values_list(Value(field.name), source, f"{field.m2m_reverse_field_name()}_id")
        )
    links = list(queries[0].union(*queries[1:], all=True))
    terms = Term.objects.in_bulk({term for _name, _content, term in links})
    lists: dict[tuple[int, str], list[Term]] = {}
    for name, pk, term in links:
        lists.setdefault((pk, name), []).append(terms[term])
    for pk, content in by_pk.items():
        for field in fields:
            found = sorted(lists.get((pk, field.name), []), key=lambda item: (item.order, item.pk))
            _keep(content, field.name, Term, found)


class _Read(QuerySet[Any]):
    """Rows that were read for one content. They belong to no query: asked anything else, they raise."""

    def _refuse(self, *_asked: Any, **_how: Any) -> NoReturn:
        raise TypeError("read for showing: ask the database instead")

    _chain = iterator = aggregate = update = resolve_expression = _refuse
    __and__ = __or__ = union = _refuse


@lru_cache(maxsize=32)
def _nothing(model: type[Model]) -> Any:
    """Return the query that all kept rows of a model name as theirs: to make one takes longer than the rest."""
    return model._default_manager.none().query


def _keep(content: Any, name: str, model: type[Model], rows: list[Any]) -> None:
    """Put rows where Django keeps what it prefetched for a relation with many."""
    kept = _Read(model, query=_nothing(model))
    kept._result_cache = rows
    content.__dict__.setdefault("_prefetched_objects_cache", {})[name] = kept
