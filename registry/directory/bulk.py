"""Many live entries at once, for loaders: the same rows that publishing writes, in bulk.

`bulk_create` fires no signals, so numbers, revisions, the audit log and the index are written here
explicitly. One by one, 10,000 entries took 73 s (traps.md §6.6); this path aims at 15 s.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, router, transaction
from django.db.models.functions import Cast
from modelcluster.models import get_serializable_data_for_fields
from wagtail.models import ModelLogEntry, ReferenceIndex, Revision

from registry.common.fields import Kind, kind_of
from registry.directory.images import forget_files
from registry.directory.models import (
    Content,
    Entry,
    EntryImage,
    Identifier,
    Membership,
    NumberSequence,
    Recognition,
)
from registry.directory.models.header import slug_of
from search import service as search_service

BATCH = 1_000


@dataclass(slots=True)
class NewEntry:
    """One entry to be, with its content. Terms are ids; children are values of their model.

    `owner` is an entry that exists, or one that comes earlier in the same load.
    """

    kind: str
    values: Mapping[str, Any]
    confirmed_at: datetime
    published_at: datetime
    terms: Mapping[str, Sequence[int]] = field(default_factory=dict)
    children: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    header: Mapping[str, Any] = field(default_factory=dict)
    owner: Entry | NewEntry | None = None
    recognitions: Sequence[Mapping[str, Any]] = ()
    identifiers: Sequence[Mapping[str, Any]] = ()
    members: Sequence[tuple[int, str]] = ()
    #: The header, once it is written.
    entry: Entry | None = None

    @property
    def title(self) -> str:
        """The Vietnamese title or name."""
        title: str = self.values[kind_of(self.kind).title_field]
        return title


def take_numbers(prefix: str, count: int) -> list[str]:
    """Return the next `count` numbers of a prefix, taken in one go. Call inside a transaction."""
    sequence, _created = NumberSequence.objects.select_for_update(no_key=True).get_or_create(
        prefix=prefix
    )
    first = sequence.last + 1
    sequence.last += count
    sequence.save(update_fields=["last"])
    return [f"{prefix} {number:04d}" for number in range(first, first + count)]


def create_live(
    items: Iterable[NewEntry], *, actor: Any = None, indexed: bool = True
) -> Iterator[list[Entry]]:
    """Write entries that are live at once, and index them; yield the headers of each batch.

    A batch of 1,000 is one transaction: what was yielded stands, whatever happens later. The
    caller answers for the content: nothing is reviewed here. Who says `indexed=False` has the
    index built anew afterwards: for very many entries that takes less than feeding it in batches.
    """
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        with _collector_resting(), transaction.atomic():
            written = _write(batch, actor, indexed)
        yield written


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Keep Python's cycle collector from walking a batch's objects over and over: a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write(batch: list[NewEntry], actor: Any, indexed: bool) -> list[Entry]:
    sorted_by_kind = sorted(batch, key=lambda item: (kind_of(item.kind).needs_owner, item.kind))
    by_kind = {
        code: list(group) for code, group in groupby(sorted_by_kind, key=lambda item: item.kind)
    }
    for code, items in by_kind.items():
        _write_headers(kind_of(code), items, actor)
        _write_contents(kind_of(code), items, actor)
    _write_attachments(batch)
    # Last: what hangs on an entry is found with it.
    for code, items in by_kind.items() if indexed else ():
        search_service.reindex(code, [_written(item).pk for item in items])
    return [_written(item) for item in batch]


def _written(item: NewEntry) -> Entry:
    if item.entry is None:
        raise ValueError(f"{item.title!r} is used before it is written")
    return item.entry


def _owner_of(item: NewEntry) -> Entry | None:
    return _written(item.owner) if isinstance(item.owner, NewEntry) else item.owner


def _write_headers(kind: Kind, items: list[NewEntry], actor: Any) -> None:
    life = timedelta(days=kind.life_days)
    headers = [
        Entry(
            kind=kind.code,
            number=number,
            slug=slug_of(item.title),
            owner=_owner_of(item),
            lifecycle=Entry.Lifecycle.LIVE,
            is_public=True,
            working_title=item.title[:256],
            created_by=actor,
            created_at=item.published_at,
            updated_at=item.confirmed_at,
            first_published_at=item.published_at,
            last_confirmed_at=item.confirmed_at,
            expires_at=item.confirmed_at + life,
            **item.header,
        )
        for item, number in zip(items, take_numbers(kind.prefix, len(items)), strict=True)
    ]
    for item, header in zip(items, Entry.objects.bulk_create(headers), strict=True):
        item.entry = header
    entry_type = ContentType.objects.get_for_model(Entry)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=entry_type,
            object_id=str(header.pk),
            label=str(header),
            action="registry.entry.published",
            data={"bulk": True},
            timestamp=header.first_published_at,
            user=actor,
        )
        for header in headers
    )


def _write_contents(kind: Kind, items: list[NewEntry], actor: Any) -> None:
    model: type[Content] = apps.get_model(kind.model)
    contents = model._default_manager.bulk_create(
        model(
            entry=_written(item),
            live=True,
            has_unpublished_changes=False,
            first_published_at=item.published_at,
            last_published_at=item.published_at,
            **item.values,
        )
        for item in items
    )
    pairs = list(zip(items, contents, strict=True))
    stored: dict[int, dict[str, Any]] = {
        content.pk: get_serializable_data_for_fields(content) for content in contents
    }
    _write_children(kind, model, pairs, stored)
    _write_terms(model, pairs, stored)
    _write_revisions(model, pairs, stored, actor)


def _write_children(
    kind: Kind,
    model: type[Content],
    pairs: list[tuple[NewEntry, Content]],
    stored: dict[int, dict[str, Any]],
) -> None:
    for relation in _child_relations(kind, model):
        name = relation.get_accessor_name()
        parent = relation.field.name
        for data in stored.values():
            data[name] = []
        rows = relation.related_model._default_manager.bulk_create(
            relation.related_model(**{parent: content}, sort_order=place, **values)
            for item, content in pairs
            for place, values in enumerate(item.children.get(name, ()))
        )
        for row in rows:
            stored[getattr(row, f"{parent}_id")][name].append(get_serializable_data_for_fields(row))


def _child_relations(kind: Kind, model: type[models.Model]) -> list[Any]:
    declared = {item.name for item in kind.fields if item.children}
    return [
        relation
        for relation in model._meta.related_objects
        if relation.get_accessor_name() in declared
    ]


def _write_terms(
    model: type[Content],
    pairs: list[tuple[NewEntry, Content]],
    stored: dict[int, dict[str, Any]],
) -> None:
    for many in model._meta.many_to_many:
        through: Any = many.remote_field.through
        here, there = many.m2m_field_name(), many.m2m_reverse_field_name()
        rows: list[tuple[int, int]] = []
        for item, content in pairs:
            ids = list(dict.fromkeys(item.terms.get(many.name, ())))
            stored[content.pk][many.name] = ids
            rows += [(content.pk, pk) for pk in ids]
        _insert_pairs(through, here, there, rows)


def _insert_pairs(through: Any, here: str, there: str, rows: list[tuple[int, int]]) -> None:
    # Twenty links an entry: as objects they would be most of all that is made here.
    connection = connections[router.db_for_write(through)]
    table, *columns = (
        connection.ops.quote_name(name)
        for name in (
            through._meta.db_table,
            *(through._meta.get_field(f).column for f in (here, there)),
        )
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES (%s, %s)",  # noqa: S608 (our own names)
            rows,
        )


def _write_revisions(
    model: type[Content],
    pairs: list[tuple[NewEntry, Content]],
    stored: dict[int, dict[str, Any]],
    actor: Any,
) -> None:
    content_type = ContentType.objects.get_for_model(model)
    Revision.objects.bulk_create(
        Revision(
            content_type=content_type,
            base_content_type=content_type,
            object_id=str(content.pk),
            created_at=item.published_at,
            user=actor,
            object_str=str(content),
            content=stored[content.pk],
        )
        for item, content in pairs
    )
    own = Revision.objects.filter(
        base_content_type=content_type,
        object_id=Cast(models.OuterRef("pk"), models.CharField()),
    )
    written = model._default_manager.filter(pk__in=[content.pk for _item, content in pairs])
    written.update(latest_revision=models.Subquery(own.values("pk")[:1]))
    written.update(live_revision=models.F("latest_revision"))


def _write_attachments(batch: list[NewEntry]) -> None:
    Recognition.objects.bulk_create(
        Recognition(entry=_written(item), **values)
        for item in batch
        for values in item.recognitions
    )
    Identifier.objects.bulk_create(
        Identifier(entry=_written(item), **values) for item in batch for values in item.identifiers
    )
    Membership.objects.bulk_create(
        Membership(entry=_written(item), user_id=user_id, role=role)
        for item in batch
        for user_id, role in item.members
    )


def delete(entries: models.QuerySet[Entry]) -> Iterator[int]:
    """Delete entries for good, with everything that hangs on them; yield the running count.

    For demo data only: an entry that people know is archived, never deleted. What an entry owns
    goes with it, so the caller names owned entries too.
    """
    ids = list(entries.order_by("-pk").values_list("pk", "kind"))
    done = 0
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        with transaction.atomic():
            for image in EntryImage.objects.filter(entry__in=[pk for pk, _kind in chunk]):
                forget_files(image)
            for kind in {kind for _pk, kind in chunk}:
                search_service.remove(kind, [pk for pk, own in chunk if own == kind])
            _delete_tree(Entry, {"pk__in": [pk for pk, _kind in chunk]})
        done += len(chunk)
        yield done


def _delete_tree(model: type[models.Model], where: Mapping[str, Any]) -> None:
    """Delete rows and what refers to them, as `on_delete` says, without loading any.

    Wagtail listens to every deletion, so Django's collector would load each of millions of rows.
    """
    rows = model._base_manager.filter(**where)
    for relation in model._meta.related_objects:
        other = relation.related_model
        path = {f"{relation.field.name}__{key}": value for key, value in where.items()}
        if relation.on_delete is models.CASCADE and other is not model:
            _delete_tree(other, path)
        elif relation.on_delete is models.SET_NULL:
            other._base_manager.filter(**path).update(**{relation.field.name: None})
    for many in model._meta.many_to_many:
        through: Any = many.remote_field.through
        if through._meta.auto_created:
            path = {f"{many.m2m_field_name()}__{key}": value for key, value in where.items()}
            _raw_delete(through._base_manager.filter(**path))
    keys = [str(pk) for pk in rows.values_list("pk", flat=True)]
    content_type = ContentType.objects.get_for_model(model)
    if issubclass(model, Content):
        _raw_delete(Revision.objects.filter(base_content_type=content_type, object_id__in=keys))
        _raw_delete(ReferenceIndex.objects.filter(content_type=content_type, object_id__in=keys))
    if model is Entry:
        _raw_delete(ModelLogEntry.objects.filter(content_type=content_type, object_id__in=keys))
    _raw_delete(rows)


def _raw_delete(rows: models.QuerySet[Any]) -> None:
    rows._raw_delete(router.db_for_write(rows.model))
