"""Which links a page holds: in texts, in blocks, in fields, in the rows below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.text import Truncator, capfirst
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site

from cms.desk.models import PageLink

Kind = PageLink.Kind
#: Names of the parts of a block, or of a row, that say what its link is called.
_CALLED = ("label", "title", "name", "source", "action_label")
_ELSEWHERE = ("mailto:", "tel:", "#")
_is_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class Link:
    """One link: where it stands, what it says, and what it leads to."""

    place: str
    text: str
    kind: str
    target: str


def links_of(page: Page) -> list[Link]:
    """Return the links of a specific page, as it is in memory: live, or a draft."""
    return list(_of_model(page, "", Page))


def own_path(address: str) -> str | None:
    """Return the path of an address of ours, with its last slash; `None` for one elsewhere."""
    parts = urlsplit(address)
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    if not local and (parts.scheme not in ("http", "https") or parts.netloc not in _hosts()):
        return None
    path = parts.path or "/"
    is_file = "." in path.rpartition("/")[2]
    return path if path.endswith("/") or is_file else f"{path}/"


def _hosts() -> set[str]:
    ours = {urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc}
    return ours | {urlsplit(root.root_url).netloc for root in Site.get_site_root_paths()}


def _of_address(address: str, place: str, text: str) -> Iterator[Link]:
    address = address.strip()
    if not address or address.lower().startswith(_ELSEWHERE):
        return
    try:
        path = own_path(address)
        if path is None:
            _is_url(address)
            return
    except (ValueError, ValidationError):
        yield _link(place, text, Kind.WRONG, address)
        return
    yield _link(place, text, Kind.PATH, path)


def _link(place: str, text: str, kind: str, target: Any) -> Link:
    words = Truncator(" ".join(text.split())).chars(200)
    return Link(Truncator(place).chars(200), words, str(kind), str(target)[:500])


# --- fields ------------------------------------------------------------------------------------------


def _of_model(row: Any, place: str, base: type[models.Model] | None = None) -> Iterator[Link]:
    known = {field.name for field in base._meta.get_fields()} if base else set()
    for field in row._meta.concrete_fields:
        if field.name not in known and not field.primary_key:
            label = _under(place, capfirst(str(field.verbose_name)))
            yield from _of_field(row, field, label)
    for relation in get_all_child_relations(type(row)):
        name = relation.get_accessor_name()
        if name in known:
            continue
        label = capfirst(str(relation.related_model._meta.verbose_name))
        for number, child in enumerate(getattr(row, name).all(), start=1):
            yield from _of_model(child, _under(place, f"{label} {number}"))


def _of_field(row: Any, field: Any, place: str) -> Iterator[Link]:
    if isinstance(field, StreamField):
        stream = getattr(row, field.name)
        yield from _of_block(field.stream_block, list(stream.raw_data), place, "")
    elif isinstance(field, RichTextField):
        yield from _of_text(getattr(row, field.name), place)
    elif isinstance(field, models.ForeignKey):
        yield from _of_key(row, field, place)
    elif isinstance(field, models.CharField) and field.name.endswith("url"):
        yield from _of_address(getattr(row, field.name) or "", place, _called(row))


def _of_key(row: Any, field: Any, place: str) -> Iterator[Link]:
    key = getattr(row, field.attname)
    # The header that operates a page is not linked to; a row's parent is the page itself.
    if key is None or not field.editable or isinstance(field, ParentalKey):
        return
    if issubclass(field.related_model, Page):
        yield _link(place, _called(row), Kind.PAGE, key)
    elif field.related_model._meta.label == "directory.Entry":
        yield _link(place, _called(row), Kind.ENTRY, key)


def _called(row: Any) -> str:
    return next((str(word) for name in _CALLED if (word := getattr(row, name, ""))), "")


# --- blocks, as they are stored: a page that is gone has no value any more, but still its key ----------


def _of_block(block: Any, raw: Any, place: str, text: str) -> Iterator[Link]:
    if raw in (None, ""):
        return
    if isinstance(block, blocks.BaseStreamBlock):
        for number, part in enumerate(raw, start=1):
            child = block.child_blocks.get(part.get("type"))
            if child is not None:
                label = _under(place, f"{capfirst(str(child.label))} {number}")
                yield from _of_block(child, part.get("value"), label, "")
    elif isinstance(block, blocks.ListBlock):
        for number, part in enumerate(raw, start=1):
            value = part["value"] if _is_item(part) else part
            label = _under(place, f"{capfirst(str(block.child_block.label))} {number}")
            yield from _of_block(block.child_block, value, label, "")
    elif isinstance(block, blocks.BaseStructBlock):
        words = next((str(raw[name]) for name in _CALLED if raw.get(name)), "")
        for name, child in block.child_blocks.items():
            yield from _of_block(child, raw.get(name), place, words)
    elif isinstance(block, blocks.RichTextBlock):
        yield from _of_text(str(getattr(raw, "source", raw)), place)
    elif isinstance(block, blocks.PageChooserBlock):
        yield _link(place, text, Kind.PAGE, raw)
    elif isinstance(block, DocumentChooserBlock):
        yield _link(place, text, Kind.DOCUMENT, raw)
    elif isinstance(block, blocks.URLBlock):
        yield from _of_address(str(raw), place, text)


def _is_item(part: Any) -> bool:
    return isinstance(part, Mapping) and part.get("type") == "item" and "value" in part


def _of_text(html: str, place: str) -> Iterator[Link]:
    if "<a" not in html:
        return
    for anchor in BeautifulSoup(html, "html.parser").find_all("a"):
        words, kind = anchor.get_text(), anchor.get("linktype")
        if kind in (Kind.PAGE, Kind.DOCUMENT):
            yield _link(place, words, kind, anchor.get("id", ""))
        elif anchor.get("href"):
            yield from _of_address(str(anchor["href"]), place, words)


def _under(place: str, label: str) -> str:
    return f"{place} › {label}" if place else label
