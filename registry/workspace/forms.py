"""The owner's forms, built from what a kind declares (architecture §4): one form per short step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.common.fields import Field, Kind, Problem, Step
from registry.common.wording import day
from registry.directory.models import (
    Content,
    EntryImage,
    InlineChild,
    Membership,
    Recognition,
    new_uid,
)
from registry.taxonomy.models import AdminUnit
from registry.workspace import form_fields as fields

MAX_ROWS = 40
#: Longer texts get several lines.
ONE_LINE = 160
FOUNDED_FROM = 1800
MAX_DAYS = 3650
MAX_PRICE = 10**15


def form_field(
    declared: Field, model: type[models.Model], held: Any, *, in_row: bool
) -> forms.Field:
    """Return the form field of a declared field; in a row `required` is asked at once."""
    column = model._meta.get_field(declared.name)
    common: dict[str, Any] = {
        "label": declared.label,
        "help_text": declared.help,
        "required": declared.required,
        "error_messages": {"required": _missing(declared)},
    }
    made = _made(declared, column, held, common, in_row=in_row)
    made.deferred = not in_row  # type: ignore[attr-defined]
    return made


def _missing(declared: Field) -> str:
    if declared.missing:
        return str(declared.missing)
    label = str(declared.label)
    label = label[:1].lower() + label[1:]
    chosen = declared.vocabulary or declared.name == "level"
    return (_("Chọn %(field)s.") if chosen else _("Nhập %(field)s.")) % {"field": label}


def _made(declared: Field, column: Any, held: Any, common: dict[str, Any], *, in_row: bool) -> Any:
    if declared.vocabulary:
        options = fields.TermOptions(declared.vocabulary, held)
        return (fields.TermsField if declared.multiple else fields.TermField)(options, **common)
    if declared.name in {"trl", "level"}:
        return fields.LevelField(ruler=not in_row, **common)
    if isinstance(column, models.ForeignKey):
        wanted = {AdminUnit: fields.CommuneField, EntryImage: fields.ImageField}
        return wanted[column.related_model](**common)
    if column.choices:
        return fields.OneOfField(choices=[("", _("Chưa chọn")), *column.choices], **common)
    if isinstance(column, models.BooleanField):
        return forms.BooleanField(
            label=common["label"], help_text=common["help_text"], required=False
        )
    if isinstance(column, models.DateField):
        return fields.DateField(**common)
    if isinstance(column, models.IntegerField):
        return fields.NumberField(**_bounds(declared.name), **common)
    if isinstance(column, models.EmailField):
        return fields.EmailField(
            widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email"}), **common
        )
    most = declared.max_length or column.max_length or 0
    if isinstance(column, models.URLField):
        return fields.AddressField(most=most, **common)
    lines = isinstance(column, models.TextField) or (most > ONE_LINE and not _is_title(declared))
    return fields.TextField(most=most, lines=lines, **common)


def _is_title(declared: Field) -> bool:
    return declared.name.startswith(("name_", "title_", "address", "territory", "image_alt"))


def _bounds(name: str) -> dict[str, Any]:
    if name == "founded_year":
        return {"least": FOUNDED_FROM, "most": timezone.localdate().year}
    if name.startswith("price"):
        return {"least": 0, "most": MAX_PRICE, "money": True}
    return {"least": 0, "most": MAX_DAYS}


def ends_before(start: date) -> ValidationError:
    """Return the message of an end before its beginning (words.md §5)."""
    return ValidationError(_("Ngày kết thúc phải từ %(date)s trở đi.") % {"date": day(start)})


class RowForm(forms.Form):
    """One inline child: its own fields, a hidden uid, and a box that drops the row."""

    use_required_attribute = False

    def __init__(
        self, declared: Field, model: type[models.Model], child: Any, prefix: str, data: Any
    ) -> None:
        super().__init__(data=data, prefix=prefix)
        self.declared, self.model, self.child = declared, model, child
        self.fields["uid"] = fields.TextField(
            required=False, widget=forms.HiddenInput(), initial=child.uid if child else "", most=16
        )
        for part in declared.children:
            value = getattr(child, part.name) if child else None
            held = [value] if part.vocabulary and value else []
            made = form_field(part, model, held, in_row=True)
            made.initial = value
            self.fields[part.name] = made
        self.fields["remove"] = forms.BooleanField(required=False, label=_("Bỏ dòng này"))

    @property
    def parts(self) -> list[Any]:
        """The visible fields of the row."""
        return [self[part.name] for part in self.declared.children]

    @property
    def is_wanted(self) -> bool:
        """Whether the row holds anything and is not to be dropped."""
        if not self.is_bound or self.data.get(self.add_prefix("remove")):
            return False
        return any(str(self.data.get(bound.html_name) or "").strip() for bound in self.parts)

    def full_clean(self) -> None:
        if self.is_bound and not self.is_wanted:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for first, last in (("since", "until"), ("filed_on", "expires_on")):
            start, end = cleaned.get(first), cleaned.get(last)
            if start and end and end < start:
                self.add_error(last, ends_before(start))
        return cleaned


class Rows:
    """The inline children of one field: what stands, what was typed, and empty rows to fill."""

    def __init__(
        self, declared: Field, content: Content, data: Mapping[str, Any] | None, *, add: bool
    ) -> None:
        self.declared, self.name, self.label = declared, declared.name, declared.label
        relation: Any = type(content)._meta.get_field(declared.name)
        self.model: type[InlineChild] = relation.related_model
        self.own = {child.uid: child for child in getattr(content, declared.name).all()}
        self.too_many = False
        self.problem = ""
        if data is None:
            children: list[Any] = [*self.own.values(), *([None] if add or not self.own else [])]
            self.forms = [self._form(index, child, None) for index, child in enumerate(children)]
        else:
            indices = self._indices(data)
            self.forms = [self._form(index, None, data) for index in indices]
            if add and not self.too_many:
                self.forms.append(self._form(max(indices, default=-1) + 1, None, None))

    def _form(self, index: int, child: Any, data: Any) -> RowForm:
        return RowForm(self.declared, self.model, child, f"{self.name}-{index}", data)

    def _indices(self, data: Mapping[str, Any]) -> list[int]:
        pattern = re.compile(rf"{re.escape(self.name)}-([0-9]{{1,3}})-")
        found = {int(match[1]) for key in data if (match := pattern.match(key))}
        self.too_many = len(found) > MAX_ROWS
        return sorted(found)[:MAX_ROWS]

    @property
    def is_required(self) -> bool:
        """Whether a submission needs at least one row."""
        return self.declared.required

    @property
    def error(self) -> str:
        """What is wrong with the list as a whole."""
        if self.too_many:
            return _("Tối đa %(most)s dòng.") % {"most": MAX_ROWS}
        return self.problem

    def is_valid(self) -> bool:
        """Whether every row that is kept can be stored."""
        return not self.too_many and all(form.is_valid() for form in self.forms if form.is_bound)

    def children(self) -> list[InlineChild]:
        """Return the children to store. A uid that is not the entry's own starts a new child."""
        kept: list[InlineChild] = []
        seen: set[str] = set()
        for form in self.forms:
            if not form.is_wanted:
                continue
            uid = str(form.cleaned_data["uid"])
            child = self.own.get(uid) if uid not in seen else None
            if child is None:
                child = self.model(uid=new_uid())
            seen.add(child.uid)
            for part in self.declared.children:
                value = form.cleaned_data[part.name]
                setattr(child, part.name, value)
            child.sort_order = len(kept)
            kept.append(child)
        return kept


class StepForm(forms.Form):
    """One step of a kind's form. Nothing is required here; what a submission lacks is only shown.

    `problems` are told beside their fields when the form is opened to mend them; `add` names the
    list that gets one more empty row.
    """

    use_required_attribute = False

    def __init__(
        self,
        content: Content,
        step: Step,
        *,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        tax_code: str | None = None,
        problems: Iterable[Problem] = (),
        add: str = "",
    ) -> None:
        super().__init__(data=data, files=files)
        self.content, self.step = content, step
        self.declared = list(content.kind_info.in_step(step.code))
        self.rows: dict[str, Rows] = {}
        self.problems: dict[str, str] = {}
        for declared in self.declared:
            if declared.children:
                self.rows[declared.name] = Rows(declared, content, data, add=add == declared.name)
            else:
                self._add(declared)
        if tax_code is not None:
            self._add_tax_code(tax_code)
        for problem in problems:
            self._tell(problem)

    def _add(self, declared: Field) -> None:
        value: Any = getattr(self.content, declared.name)
        if declared.multiple:
            value = list(value.all())
        held = value if declared.multiple else [value] if value else []
        made = form_field(
            declared, type(self.content), held if declared.vocabulary else [], in_row=False
        )
        made.initial = value
        self.fields[declared.name] = made
        if isinstance(made, fields.ImageField):
            self.fields["image_remove"] = forms.BooleanField(required=False, label=_("Bỏ ảnh này"))

    def _add_tax_code(self, known: str) -> None:
        self.fields["tax_code"] = fields.TaxCodeField(
            label=_("Mã số thuế"),
            required=False,
            initial=known,
            help_text=_(
                "10 chữ số, chi nhánh thêm 3. Số định danh 12 chữ số không bao giờ hiện công khai."
            ),
        )

    def _tell(self, problem: Problem) -> None:
        name = problem.path.partition("[")[0]
        if name in self.rows:
            self.rows[name].problem = problem.message
        elif name in self.fields:
            self.problems[name] = problem.message

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            for name, message in self.problems.items():
                self._errors[name] = self.error_class([message])

    def is_valid(self) -> bool:
        rows = [rows.is_valid() for rows in self.rows.values()]
        return super().is_valid() and all(rows)

    def items(self) -> Iterator[dict[str, Any]]:
        """Yield what the page shows, in the order of the declaration."""
        for declared in self.declared:
            if declared.children:
                yield {"rows": self.rows[declared.name]}
                continue
            yield self._shown(declared.name)
            if declared.name == self.content.kind_info.title_field and "tax_code" in self.fields:
                yield self._shown("tax_code")

    def _shown(self, name: str) -> dict[str, Any]:
        bound, made = self[name], self.fields[name]
        if isinstance(made, fields.CommuneField):
            return {"commune": bound, "candidates": fields.described(made.candidates)}
        if isinstance(made, fields.ImageField):
            return {"image": bound, "now": self.content.image, "remove": self["image_remove"]}  # type: ignore[attr-defined]
        if isinstance(made, fields.TermsField) and made.options.is_tree:
            return {"terms": bound, "tree": self._tree(bound, made)}
        if isinstance(made, fields.LevelField):
            return {"field": bound, "as": "tick"}
        return {"field": bound, "as": ""}

    def _tree(self, bound: Any, made: fields.TermsField) -> list[dict[str, Any]]:
        chosen = set(bound.value() or [])
        tree = []
        for top, below in made.options.tree():
            inner = [self._option(bound, made, term, chosen) for term in below]
            tree.append(
                self._option(bound, made, top, chosen)
                | {"below": inner, "open": any(item["checked"] for item in inner)}
            )
        return tree

    def _option(
        self, bound: Any, made: fields.TermsField, term: Any, chosen: set[str]
    ) -> dict[str, Any]:
        return {
            "id": f"{bound.auto_id}_{term.code}",
            "code": term.code,
            "label": made.options.label(term),
            "checked": term.code in chosen,
        }

    def mistakes(self) -> list[dict[str, str]]:
        """Return what is to be mended: label, message, the id to jump to."""
        found = [
            {"label": str(self[name].label), "message": message, "target": self[name].auto_id}
            for name, messages in self.errors.items()
            for message in messages
            if name in self.fields
        ]
        found += [
            {"label": "", "message": message, "target": ""} for message in self.non_field_errors()
        ]
        for rows in self.rows.values():
            if rows.error:
                found.append({"label": str(rows.label), "message": rows.error, "target": rows.name})
            for form in rows.forms:
                for name, messages in (form.errors if form.is_bound else {}).items():
                    bound = form[name]
                    found += [
                        {"label": str(bound.label), "message": item, "target": bound.auto_id}
                        for item in messages
                    ]
        return found

    @property
    def tax_code(self) -> str | None:
        """The tax code to claim, None when the step does not ask for one or it is unchanged."""
        if "tax_code" not in self.fields or "tax_code" not in self.changed_data:
            return None
        code: str = self.cleaned_data["tax_code"]
        return code

    @property
    def new_image(self) -> Any:
        """The prepared picture to store, or None."""
        return self.cleaned_data.get("image")

    def apply(self, content: Any) -> None:
        """Write the cleaned values on a draft; what the step does not ask for stays (W11)."""
        for declared in self.declared:
            if declared.children:
                getattr(content, declared.name).set(self.rows[declared.name].children())
            elif declared.name == "image":
                if self.cleaned_data["image_remove"]:
                    content.image = None
            else:
                setattr(content, declared.name, self.cleaned_data[declared.name])


def blank_content(kind: Kind, entry: Any) -> Content:
    """Return an unsaved content for a form that is filled before its entry exists."""
    model: Any = apps.get_model(kind.model)
    content: Content = model(entry=entry)
    return content


class InvitationForm(forms.Form):
    """Whom to invite, and to what."""

    use_required_attribute = False

    email = fields.EmailField(
        label=gettext_lazy("Email"),
        error_messages={"required": gettext_lazy("Nhập email.")},
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    role = fields.OneOfField(
        label=gettext_lazy("Quyền"),
        choices=Membership.Role.choices,
        initial=Membership.Role.EDITOR,
        error_messages={"required": gettext_lazy("Chọn quyền.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.deferred = False  # type: ignore[attr-defined]


class RecognitionForm(forms.Form):
    """A certificate as its holder states it."""

    use_required_attribute = False

    type = fields.OneOfField(
        label=gettext_lazy("Loại"),
        choices=[("", gettext_lazy("Chưa chọn")), *Recognition.Type.choices],
        error_messages={"required": gettext_lazy("Chọn loại.")},
    )
    number = fields.TextField(
        label=gettext_lazy("Số"), most=60, error_messages={"required": gettext_lazy("Nhập số.")}
    )
    issuer = fields.TextField(
        label=gettext_lazy("Nơi cấp"),
        most=200,
        error_messages={"required": gettext_lazy("Nhập nơi cấp.")},
    )
    issued_on = fields.DateField(
        label=gettext_lazy("Ngày cấp"), error_messages={"required": gettext_lazy("Nhập ngày cấp.")}
    )
    expires_on = fields.DateField(label=gettext_lazy("Ngày hết hạn"), required=False)
    scope = fields.TextField(label=gettext_lazy("Phạm vi"), most=500, lines=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.deferred = False  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("issued_on"), cleaned.get("expires_on")
        if start and start > timezone.localdate():
            self.add_error("issued_on", _("Ngày cấp chưa tới."))
        if start and end and end < start:
            self.add_error("expires_on", ends_before(start))
        return cleaned

    def recognition(self) -> Recognition:
        """Return the certificate, not stored yet."""
        return Recognition(**self.cleaned_data)
