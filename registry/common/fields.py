"""How a kind declares its fields: class, tier, weight, and when each must be filled.

Each kind's `fields.py` is the one declaration; `disclose`, diffs, forms, completeness, exports and
search documents all read it (architecture §4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class FieldClass(IntEnum):
    """How much review a change asks for; the highest class of a change decides."""

    COSMETIC = 1
    SUBSTANTIVE = 2
    LEGAL = 3


class Tier(StrEnum):
    """Who may read a field."""

    PUBLIC = "public"
    REGISTERED = "registered"
    VERIFIED = "verified"
    NDA = "nda"
    STAFF = "staff"
    OWNER = "owner"


TIER_LABELS = {
    Tier.PUBLIC: _("Công khai"),
    Tier.REGISTERED: _("Đã đăng nhập"),
    Tier.VERIFIED: _("Tổ chức đã xác minh"),
    Tier.NDA: _("Sau thỏa thuận bảo mật"),
    Tier.STAFF: _("Trung tâm"),
    Tier.OWNER: _("Chủ hồ sơ"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One public name of a kind.

    `children` declares the fields of an inline child; `vocabulary` names the term list of a
    term field. `required` is asked at submission, never of a draft.
    """

    name: str
    label: Any
    cls: FieldClass = FieldClass.SUBSTANTIVE
    tier: Tier = Tier.PUBLIC
    weight: int = 0
    required: bool = False
    missing: Any = ""
    min_length: int = 0
    max_length: int = 0
    step: str = ""
    help: Any = ""
    vocabulary: str = ""
    multiple: bool = False
    export: str = ""
    children: tuple[Field, ...] = ()
    #: Narrows the tier of one child by its own values (a patent number before it is granted).
    tier_of: Callable[[Any], Tier] | None = None

    @property
    def export_name(self) -> str:
        """The column name in imports and exports."""
        return self.export or self.name


@dataclass(frozen=True, slots=True)
class Step:
    """One short page of the owner's form."""

    code: str
    title: Any
    intro: Any = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What stops a submission: the path of the field and a sentence for its owner."""

    path: str
    message: str


def _no_problems(content: Any) -> list[Problem]:
    return []


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: its number prefix, address, fields, steps, life.

    `life_days` is how long an entry stays after its last confirmation (registry.md §3.3).
    """

    code: str
    prefix: str
    label: Any
    label_plural: Any
    model: str
    fields: tuple[Field, ...]
    steps: tuple[Step, ...]
    path: str
    detail_template: str
    life_days: int
    title_field: str
    needs_owner: bool = False
    validate: Callable[[Any], list[Problem]] = field(default=_no_problems)

    def field(self, name: str) -> Field:
        """Return the field of that name; raise `KeyError` when the kind has none."""
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(name)

    def by_path(self, path: str) -> Field:
        """Return the declaration behind a diff path such as `roles[uid].since`."""
        head, _, tail = path.partition("[")
        parent = self.field(head)
        child = tail.partition("].")[2]
        if not child:
            return parent
        return next((item for item in parent.children if item.name == child), parent)

    def in_step(self, step: str) -> Iterator[Field]:
        """Yield the fields a step asks for."""
        return (item for item in self.fields if item.step == step)


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known. Called from the `ready()` of the app that owns its model."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind:
    """Return a kind by its code; raise `KeyError` for an unknown one."""
    return _kinds[code]


def kinds() -> list[Kind]:
    """Return every kind, in order of registration."""
    return list(_kinds.values())
