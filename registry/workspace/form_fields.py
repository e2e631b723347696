"""Form fields of the owner's forms: clear Vietnamese messages, and nothing required of a draft.

A field marked `required` is asked at submission (`Field.missing`); a form only shows that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.common.typed import readable, too_long
from registry.directory.images import ImageProblem, PreparedImage, prepare_image
from registry.directory.services import DirectoryError, parse_tax_code
from registry.taxonomy.models import AdminUnit, Term
from registry.taxonomy.names import folded
from registry.taxonomy.selectors import current_communes, find_units, old_names, terms

FIRST_YEAR, LAST_YEAR = 1800, 2200
MAX_CANDIDATES = 12


class Deferred:
    """A field that only shows it is required: a draft may be empty, a submission may not."""

    required: bool
    deferred = True

    def validate(self, value: Any) -> None:
        required = self.required
        self.required = required and not self.deferred
        try:
            super().validate(value)  # type: ignore[misc]
        finally:
            self.required = required


class TextField(Deferred, forms.CharField):
    """A line or some lines of readable text."""

    def __init__(self, *, most: int = 0, lines: bool = False, **kwargs: Any) -> None:
        rows = 3 if most <= 500 else 6 if most <= 2000 else 10
        lines_widget = forms.Textarea(attrs={"rows": rows})
        kwargs.setdefault("widget", lines_widget if lines else forms.TextInput())
        super().__init__(strip=False, **kwargs)
        self.lines = lines
        self.max_length = most or None

    def to_python(self, value: Any) -> str:
        return readable(str(value or ""), lines=self.lines)

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.max_length and len(value) > self.max_length:
            raise too_long(len(value), self.max_length)


class AddressField(TextField):
    """The address of a web site; `https://` may be left out."""

    default_error_messages = {
        "invalid": gettext_lazy("Nhập địa chỉ trang web, ví dụ https://to-chuc.example."),
    }
    check = URLValidator(schemes=["http", "https"])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}), **kwargs
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        if "://" not in text and ":" not in text.split("/")[0].split(".")[0]:
            text = f"https://{text}"
        if len(text) <= (self.max_length or len(text)):
            try:
                self.check(text)
            except ValidationError as error:
                raise ValidationError(self.error_messages["invalid"]) from error
        return text


class EmailField(Deferred, forms.EmailField):
    """An e-mail address."""

    default_error_messages = {"invalid": gettext_lazy("Nhập email như ten@to-chuc.example.")}

    def to_python(self, value: Any) -> str:
        text = readable(str(value or ""), lines=False)
        if len(text) > 254:
            raise too_long(len(text), 254)
        return text


class NumberField(Deferred, forms.Field):
    """A whole number; dots and spaces between thousands are welcome."""

    def __init__(self, *, least: int, most: int, money: bool = False, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **kwargs
        )
        self.least, self.most, self.money = least, most, money

    def prepare_value(self, value: Any) -> Any:
        if self.money and isinstance(value, int):
            return f"{value:,}".replace(",", ".")
        return value

    def to_python(self, value: Any) -> int | None:
        text = readable(str(value or ""), lines=False)
        if not text:
            return None
        digits = re.sub(r"[.\s]|₫$", "", text)
        if not re.fullmatch(r"[0-9]{1,18}", digits):
            if self.money:
                raise ValidationError(_("Nhập số tiền bằng đồng, ví dụ 1.250.000."))
            raise ValidationError(_("Nhập bằng chữ số."))
        number = int(digits)
        if not self.least <= number <= self.most:
            raise ValidationError(
                _("Nhập số từ %(least)s đến %(most)s.")
                % {"least": self._written(self.least), "most": self._written(self.most)}
            )
        return number

    def _written(self, number: int) -> str:
        return str(self.prepare_value(number))


class DateField(Deferred, forms.Field):
    """A day as people here write it: 24/11/2026."""

    formats = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "24/11/2026"}
            ),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d/%m/}{value.year}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        text = readable(str(value or ""), lines=False)
        if not text:
            return None
        for form in self.formats:
            try:
                day = datetime.strptime(text[:12], form).date()
            except ValueError:
                continue
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
        raise ValidationError(_("Nhập ngày như 24/11/2026."))


class OneOfField(Deferred, forms.ChoiceField):
    """One of a few fixed values, in a list."""

    default_error_messages = {"invalid_choice": gettext_lazy("Chọn một mục trong danh sách.")}


class LevelField(Deferred, forms.Field):
    """A level of readiness, 1–9: keys of a ruler, or a short list inside a row."""

    def __init__(self, *, ruler: bool, **kwargs: Any) -> None:
        levels = [(str(level), str(level)) for level in range(1, 10)]
        widget: forms.Widget = (
            forms.RadioSelect(choices=levels)
            if ruler
            else forms.Select(choices=[("", "—"), *levels])
        )
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in (None, ""):
            return None
        if str(value) not in set("123456789"):
            raise ValidationError(_("Chọn mức từ 1 đến 9."))
        return int(value)


class TermOptions:
    """The terms a field offers: those in use, and the retired ones the draft holds already."""

    def __init__(self, vocabulary: str, held: Iterable[Term]) -> None:
        in_use = list(terms(vocabulary).select_related("broader"))
        known = {term.pk for term in in_use}
        self.terms = in_use + [term for term in held if term.pk not in known]
        self.by_code = {term.code: term for term in self.terms}

    @property
    def is_tree(self) -> bool:
        """Whether some terms stand below others."""
        return any(term.broader_id for term in self.terms)

    def tree(self) -> list[tuple[Term, list[Term]]]:
        """Return the upper terms, each with those below it (deeper ones brought up)."""
        below: dict[int, list[Term]] = {}
        tops = []
        ids = {term.pk: term for term in self.terms}
        for term in self.terms:
            top = term
            while top.broader_id and top.broader_id in ids:
                top = ids[top.broader_id]
            if top is term:
                tops.append(term)
            else:
                below.setdefault(top.pk, []).append(term)
        return [(term, below.get(term.pk, [])) for term in tops]

    def label(self, term: Term) -> str:
        """Return the words of an option; a retired one says so."""
        if term.is_retired:
            return _("%(label)s (thôi dùng)") % {"label": term.label}
        return term.label

    def choices(self) -> list[Any]:
        """Return the choices of a list, in groups when there are levels."""
        found: list[Any] = []
        for top, below in self.tree():
            if not below:
                found.append((top.code, self.label(top)))
                continue
            rows = [(term.code, self.label(term)) for term in [top, *below]]
            found.append((top.label, rows))
        return found


class TermField(Deferred, forms.Field):
    """One term of a vocabulary, by its code."""

    def __init__(self, options: TermOptions, **kwargs: Any) -> None:
        self.options = options
        super().__init__(
            widget=forms.Select(choices=[("", _("Chưa chọn")), *options.choices()]), **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Term) else value

    def to_python(self, value: Any) -> Term | None:
        if value in (None, ""):
            return None
        term = self.options.by_code.get(str(value))
        if term is None:
            raise ValidationError(_("Chọn một mục trong danh sách."))
        return term


class TermsField(Deferred, forms.Field):
    """Several terms of a vocabulary, by their codes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, options: TermOptions, **kwargs: Any) -> None:
        self.options = options
        choices = [(term.code, options.label(term)) for term in options.terms]
        super().__init__(widget=forms.CheckboxSelectMultiple(choices=choices), **kwargs)

    def prepare_value(self, value: Any) -> list[str]:
        return [item.code if isinstance(item, Term) else str(item) for item in value or []]

    def to_python(self, value: Any) -> list[Term]:
        codes = dict.fromkeys(str(item) for item in value or [])
        unknown = [code for code in codes if code not in self.options.by_code]
        if unknown:
            raise ValidationError(_("Chọn các mục trong danh sách."))
        return [self.options.by_code[code] for code in codes]


class CommuneInput(forms.TextInput):
    """A name of a commune, and the choice between several that answer to it."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return {"text": data.get(name) or "", "code": data.get(f"{name}_code") or ""}


class CommuneField(Deferred, forms.Field):
    """A commune of today, found by its name of today or of before 1 July 2025."""

    widget = CommuneInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        #: What the typed name may mean, when it is not clear.
        self.candidates: list[AdminUnit] = []

    def prepare_value(self, value: Any) -> dict[str, str]:
        if isinstance(value, AdminUnit):
            return {"text": value.label, "code": value.code}
        return value or {"text": "", "code": ""}

    def to_python(self, value: Any) -> AdminUnit | None:
        text = readable(str(value["text"]), lines=False)
        if not text:
            return None
        if len(text) > 200:
            raise too_long(len(text), 200)
        exact = [
            unit for unit in current_communes() if unit.full_name_vi.casefold() == text.casefold()
        ]
        exact = exact or [unit for unit in current_communes() if _is_named(unit, text)]
        found = exact if len(exact) == 1 else find_units(text)
        chosen = next((unit for unit in found if unit.code == value["code"]), None)
        if len(found) == 1 or chosen is not None:
            return chosen or found[0]
        if not found:
            raise ValidationError(
                _("Không có xã, phường nào tên “%(name)s”; thử tên cũ hoặc ít chữ hơn.")
                % {"name": text}
            )
        self.candidates = found[:MAX_CANDIDATES]
        if len(found) > MAX_CANDIDATES:
            raise ValidationError(_("Nhiều xã, phường có tên này; gõ rõ hơn hoặc chọn một."))
        raise ValidationError(_("Chọn một xã, phường dưới đây."))


def _is_named(unit: AdminUnit, text: str) -> bool:
    return folded(text) in {folded(unit.full_name_vi), folded(unit.full_name_en)}


def described(units: Iterable[AdminUnit]) -> list[dict[str, str]]:
    """Return communes as options: code, name, what they were called before."""
    return [{"code": unit.code, "label": unit.label, "before": old_names(unit)} for unit in units]


class TaxCodeField(Deferred, forms.CharField):
    """A tax code; its form is checked here, whose it is by the service."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **kwargs
        )

    def to_python(self, value: Any) -> str:
        text = readable(str(value or ""), lines=False)
        if not text:
            return ""
        try:
            return parse_tax_code(text[:40])[1]
        except DirectoryError as error:
            raise ValidationError(error.message) from error


class ImageField(Deferred, forms.Field):
    """A picture, decoded and encoded anew while the form is checked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.heic,.heif"}), **kwargs
        )

    def to_python(self, value: Any) -> PreparedImage | None:
        if not value:
            return None
        try:
            return prepare_image(value)
        except ImageProblem as error:
            raise ValidationError(error.message) from error
