"""What a review asks for, as rows a person can read: old and new by field, words marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.cases.models import Case
from registry.common.fields import TIER_LABELS, Field, FieldClass, Kind, Tier
from registry.common.wording import day, number
from registry.directory.models import Content, Entry, EntryImage
from registry.directory.snapshots import ABSENT, Change, diff, flatten, rebuild
from registry.moderation.publishing import live_data, stored
from registry.taxonomy.models import AdminUnit, Term

CLASS_LABELS = {
    FieldClass.COSMETIC: gettext_lazy("Trình bày"),
    FieldClass.SUBSTANTIVE: gettext_lazy("Nội dung"),
    FieldClass.LEGAL: gettext_lazy("Pháp lý"),
}
#: The heavier the class, the darker its badge; shapes are kept for states.
CLASS_TONES = {
    FieldClass.COSMETIC: "plain",
    FieldClass.SUBSTANTIVE: "plain",
    FieldClass.LEGAL: "strong",
}
#: Beyond this many words the match is approximate, so that no text can keep a worker busy.
EXACT_WORDS = 1200
_WORD = re.compile(r"\S+\s*|\s+")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, marked when it stands on one side only."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One path of a comparison. `before` is empty for a first submission."""

    path: str
    label: str
    cls: FieldClass
    tier: str = ""
    before: list[Piece] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)
    before_image: EntryImage | None = None
    after_image: EntryImage | None = None
    clash: bool = False

    @property
    def class_label(self) -> str:
        """The word of the field's class."""
        return str(CLASS_LABELS[self.cls])

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return CLASS_TONES[self.cls]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows of a review, what stays empty, and whether live moved since the owner began."""

    title: str
    rows: list[Row]
    empty: list[str]
    is_first: bool
    live_moved: bool


def words_apart(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces, those that differ marked; whole words, never letters."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    quick = max(len(old), len(new)) > EXACT_WORDS
    left: list[Piece] = []
    right: list[Piece] = []
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=quick).get_opcodes():
        left += _pieces("".join(old[a:b]), changed=op != "equal")
        right += _pieces("".join(new[c:d]), changed=op != "equal")
    return left, right


def _pieces(text: str, *, changed: bool) -> list[Piece]:
    """Return a run as pieces; the space after a changed word is not marked with it."""
    if not changed:
        return [Piece(text)] if text else []
    words = text.rstrip()
    runs = (Piece(words, changed=True), Piece(text[len(words) :]))
    return [piece for piece in runs if piece.text]


def pinned_content(case: Case) -> Content:
    """Return the content a moderation case pins, as an object with its entry."""
    content = rebuild(case.subject.content, stored(case.review.revision))
    content.entry = case.subject
    return content


def comparison(case: Case) -> Comparison:
    """Return what approving the case would change of what is live now.

    A change is what the owner changed since `base`; where staff corrected live meanwhile, the old
    side shows the corrected text.
    """
    entry, review = case.subject, case.review
    pinned = stored(review.revision)
    content = entry.content
    if not content.live:
        return _whole(entry, pinned)
    live = live_data(content)
    base = stored(review.base_revision)
    changes = diff(entry.kind_info, base, pinned)
    reader = Reader(entry.kind_info, type(content), [live, base, pinned])
    clashing = set(review.clashes)
    rows = []
    for path, change in _in_form_order(entry.kind_info, changes):
        now = _live_side(entry.kind_info, live, path)
        rows.append(reader.row(path, now, change.after, clash=path in clashing))
    moved = content.live_revision_id != review.base_revision
    title = str(pinned.get(entry.kind_info.title_field) or "")
    return Comparison(title, rows, [], is_first=False, live_moved=moved)


def _whole(entry: Entry, data: Mapping[str, Any]) -> Comparison:
    kind = entry.kind_info
    reader = Reader(kind, type(entry.content), [data])
    rows, empty = [], []
    for item in kind.fields:
        value = data.get(item.name)
        if value in ("", None, []):
            empty.append(str(item.label))
        elif item.children:
            rows += [reader.row(f"{item.name}[{child['uid']}]", ABSENT, child) for child in value]
        else:
            rows.append(reader.row(item.name, ABSENT, value))
    title = str(data.get(kind.title_field) or "")
    return Comparison(title, rows, empty, is_first=True, live_moved=False)


def _in_form_order(kind: Kind, changes: Mapping[str, Change]) -> Iterable[tuple[str, Change]]:
    order = {item.name: place for place, item in enumerate(kind.fields)}
    return sorted(changes.items(), key=lambda pair: (order[pair[0].partition("[")[0]], pair[0]))


def _live_side(kind: Kind, live: Mapping[str, Any], path: str) -> Any:
    if path.endswith("]"):
        head, _sep, rest = path.partition("[")
        uid = rest.rstrip("]")
        return next((row for row in live.get(head) or [] if row["uid"] == uid), ABSENT)
    return flatten(kind, live).get(path)


class Reader:
    """Turns stored values into words; labels of terms and places are fetched once for all."""

    def __init__(
        self, kind: Kind, model: type[Content], sides: Iterable[Mapping[str, Any]]
    ) -> None:
        self.kind = kind
        self.model = model
        terms: set[int] = set()
        units: set[int] = set()
        images: set[int] = set()
        for data in sides:
            for item in kind.fields:
                values = data.get(item.name)
                if item.vocabulary:
                    terms.update(_ids(values))
                elif item.name == "commune":
                    units.update(_ids(values))
                elif item.name == "image":
                    images.update(_ids(values))
                for child in (values or []) if item.children else []:
                    for part in item.children:
                        if part.vocabulary:
                            terms.update(_ids(child.get(part.name)))
        self.terms = {pk: term.label for pk, term in Term.objects.in_bulk(terms).items()}
        self.units = {
            pk: unit.full_name_vi for pk, unit in AdminUnit.objects.in_bulk(units).items()
        }
        self.images = EntryImage.objects.in_bulk(images)

    def row(self, path: str, before: Any, after: Any, *, clash: bool = False) -> Row:
        """Return one row from the stored values of both sides."""
        item = self.kind.by_path(path)
        if item.name == "image":
            return Row(
                path,
                self.label(path),
                item.cls,
                self.tier(item),
                before_image=self.images.get(before),
                after_image=self.images.get(after),
                clash=clash,
            )
        old, new = words_apart(self.text(path, before), self.text(path, after))
        return Row(path, self.label(path), item.cls, self.tier(item), old, new, clash=clash)

    def label(self, path: str) -> str:
        """Return the words of a path: “Vai trò” or “Vai trò › Từ ngày”."""
        head, bracket, rest = path.partition("[")
        parent = self.kind.field(head)
        if not bracket or rest.endswith("]"):
            return str(parent.label)
        return f"{parent.label} › {self.kind.by_path(path).label}"

    @staticmethod
    def tier(item: Field) -> str:
        """Return who may read the field, when that is not everyone."""
        return "" if item.tier == Tier.PUBLIC else str(TIER_LABELS[item.tier])

    def text(self, path: str, value: Any) -> str:
        """Return a stored value as its reader would know it; an empty text for nothing."""
        item = self.kind.by_path(path)
        if path.endswith("]"):
            return self._child(item, value)
        if path.partition("[")[1]:
            return self._value(item, None, value)
        return self._value(item, self.model, value)

    def _child(self, item: Field, value: Any) -> str:
        if not value:
            return ""
        parts = []
        for part in item.children:
            text = self._value(part, None, value.get(part.name))
            if text:
                parts.append(f"{part.label}: {text}")
        return "\n".join(parts)

    def _value(self, item: Field, model: type[Content] | None, value: Any) -> str:
        if value in ("", None, []):
            return ""
        if item.vocabulary:
            return "\n".join(self.terms.get(pk, f"#{pk}") for pk in _ids(value))
        if item.name == "commune":
            return self.units.get(value, f"#{value}")
        if isinstance(value, bool):
            return _("Có") if value else _("Không")
        if model is not None and (choices := dict(model._meta.get_field(item.name).flatchoices)):
            return str(choices.get(value, value))
        if isinstance(value, int):
            return number(value) if item.name.startswith("price") else str(value)
        if isinstance(value, str) and _ISO_DATE.fullmatch(value):
            return day(date.fromisoformat(value))
        return str(value)


def _ids(value: Any) -> list[int]:
    if isinstance(value, list):
        return [pk for pk in value if isinstance(pk, int)]
    return [value] if isinstance(value, int) else []
