"""The one way out of a content: what this viewer may read (architecture §4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from registry.accounts.permissions import is_moderator
from registry.common.crypto import decrypt
from registry.common.fields import Field, Tier
from registry.directory.models import Content, Entry, Identifier, Membership, Recognition
from registry.directory.permissions import role_of


@dataclass(frozen=True, slots=True)
class Viewer:
    """The tiers a person may read of one entry."""

    tiers: frozenset[Tier]

    def may_read(self, tier: Tier) -> bool:
        """Whether the viewer may read a field of that tier."""
        return tier in self.tiers


ANYONE = Viewer(frozenset({Tier.PUBLIC}))
REGISTERED = Viewer(frozenset({Tier.PUBLIC, Tier.REGISTERED}))
VERIFIED = Viewer(frozenset({Tier.PUBLIC, Tier.REGISTERED, Tier.VERIFIED}))
MEMBER = Viewer(frozenset(Tier) - {Tier.STAFF})
DESK = Viewer(frozenset(Tier))
#: The other side of an accepted enquiry: contacts, but nothing under an NDA.
INTRODUCED = Viewer(frozenset({Tier.PUBLIC, Tier.REGISTERED, Tier.VERIFIED, Tier.OWNER}))


def viewer_of(user: Any, entry: Entry) -> Viewer:
    """Return what the person may read of the entry."""
    if not getattr(user, "is_authenticated", False):
        return ANYONE
    if is_moderator(user):
        return DESK
    if role_of(user, entry):
        return MEMBER
    if Membership.objects.filter(user_id=user.pk, entry__is_public=True).exists():
        return VERIFIED
    return REGISTERED


class Disclosure(Mapping[str, Any]):
    """Field values by name, with nothing else reachable; absent fields read as an empty text."""

    def __init__(self, values: Mapping[str, Any], withheld: Iterable[str]) -> None:
        self._values = dict(values)
        #: Filled fields this viewer may not read.
        self.withheld = frozenset(withheld)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._values.get(name, "")

    def text(self, stem: str) -> str:
        """Return `stem_en` in English when filled, else `stem_vi`."""
        if get_language() == "en" and self._values.get(f"{stem}_en"):
            return str(self._values[f"{stem}_en"])
        return str(self._values.get(f"{stem}_vi", ""))

    def language(self, stem: str) -> str:
        """Return `vi` when `text` gives Vietnamese on a page of another language, else nothing."""
        current = get_language()
        return "" if current == "vi" or self._values.get(f"{stem}_{current}") else "vi"

    def written_in(self, stem: str) -> tuple[str, ...]:
        """Return the languages `stem` has words in: Vietnamese, and those somebody wrote it in."""
        return tuple(
            code
            for code, _name in settings.INTERFACE_LANGUAGES
            if code == settings.LANGUAGE_CODE or self._values.get(f"{stem}_{code}")
        )


def disclose(content: Content, viewer: Viewer, only: Collection[str] | None = None) -> Disclosure:
    """Return the declared fields of the content that the viewer may read; of those in `only`.

    Terms come as `Term` objects, children as `Disclosure` rows (their numbers narrowed by
    `tier_of`), pictures as `EntryImage`.
    """
    values: dict[str, Any] = {}
    withheld: list[str] = []
    for field in content.kind_info.fields:
        if only is not None and field.name not in only:
            continue
        value = _value(content, field, viewer)
        if not viewer.may_read(field.tier):
            if value not in ("", None, [], False):
                withheld.append(field.name)
            continue
        values[field.name] = value
    return Disclosure(values, withheld)


def _value(content: Any, field: Field, viewer: Viewer) -> Any:
    if field.children:
        return [_row(child, field, viewer) for child in _many(content, field.name)]
    if field.multiple:
        return list(_many(content, field.name))
    display = getattr(content, f"get_{field.name}_display", None)
    value = display() if display else getattr(content, field.name)
    return "" if value is None else value


def _many(content: Any, name: str) -> Iterable[Any]:
    """Return the rows of a relation: those of a draft, those already read, those in the database.

    The relation's own manager answers the same, and is made anew for every question.
    """
    if name not in content.__dict__.get("_cluster_related_objects", ()):
        read = content.__dict__.get("_prefetched_objects_cache", {}).get(name)
        if read is not None:
            return read
    return getattr(content, name).all()


def _row(child: Any, field: Field, viewer: Viewer) -> Disclosure:
    values, withheld = {}, []
    for part in field.children:
        tier = part.tier_of(child) if part.tier_of else part.tier
        value = _value(child, part, viewer)
        if viewer.may_read(tier):
            values[part.name] = value
        elif value:
            withheld.append(part.name)
    return Disclosure(values, withheld)


def public_tax_code(entry: Entry) -> str:
    """Return the verified tax code of an organisation; a personal one is never returned."""
    identifier = next(
        (
            item
            for item in entry.identifiers.all()
            if item.scheme == Identifier.Scheme.TAX_CODE and item.state == Identifier.State.VERIFIED
        ),
        None,
    )
    return decrypt(identifier.encrypted) if identifier else ""


def public_recognitions(entry: Entry) -> list[Recognition]:
    """Return the certificates in force."""
    return [item for item in entry.recognitions.all() if item.is_current]
