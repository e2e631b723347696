"""Rules as an editor sees them: groups of rows, “condition – comparison – values”."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import Script
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registry.support import facts, wording
from registry.support.facts import FACTS, Shape
from registry.support.rules import (
    NUMERIC,
    Condition,
    Group,
    Is,
    Join,
    RuleError,
    parse,
)

COMPARISONS = {
    Is.IN: _("là một trong"),
    Is.NOT_IN: _("không thuộc"),
    Is.AT_LEAST: _("ít nhất"),
    Is.AT_MOST: _("nhiều nhất"),
}
WHOLE = {Join.ALL: _("Phải đạt mọi nhóm"), Join.ANY: _("Đạt một nhóm là đủ")}
JOINS = {
    Join.ALL: _("Đủ mọi điều sau"),
    Join.ANY: _("Một trong các điều sau"),
    Join.NONE: _("Không có điều nào sau đây"),
}
_ROW = re.compile(r"(\d{1,3})-(\d{1,3})-(fact|is|of|number)")


def rows_of(rule: Group) -> dict[str, Any] | None:
    """Return a rule as groups of rows; `None` for one that is nested deeper than the editor shows."""
    if all(isinstance(part, Condition) for part in rule.parts):
        groups = [rule] if rule.parts else []
        join = Join.ALL
    else:
        join = rule.join
        groups = [
            part if isinstance(part, Group) else Group(Join.ALL, (part,)) for part in rule.parts
        ]
    if join == Join.NONE or any(
        isinstance(part, Group) for group in groups for part in group.parts
    ):
        return None
    return {
        "join": str(join),
        "groups": [
            {"join": str(group.join), "rows": [_row(part) for part in group.parts]}
            for group in groups
        ],
    }


def _row(part: Any) -> dict[str, Any]:
    return {
        "fact": part.fact,
        "is": str(part.comparison),
        "of": list(part.values),
        "number": part.number if part.comparison in NUMERIC else "",
    }


def rule_of(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the JSON of the rule that a sent form holds; rows without a condition are left out."""
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    getlist = data.getlist if isinstance(data, QueryDict) else lambda key: [data[key]]
    for key in data:
        match = _ROW.fullmatch(key.removeprefix(f"{name}-")) if key.startswith(f"{name}-") else None
        if match:
            row = rows.setdefault((int(match[1]), int(match[2])), {"of": []})
            values = getlist(key)
            row[match[3]] = values if match[3] == "of" else values[-1]
    groups: dict[int, list[dict[str, Any]]] = {}
    for (group, _place), row in sorted(rows.items()):
        if row.get("fact"):
            groups.setdefault(group, []).append(_condition(row))
    joins = {group: str(data.get(f"{name}-{group}-join", Join.ALL)) for group in groups}
    whole = str(data.get(f"{name}-join", Join.ALL))
    return (
        {whole: [{joins[group]: found} for group, found in groups.items()]}
        if groups
        else {"all": []}
    )


def _condition(row: dict[str, Any]) -> dict[str, Any]:
    fact, comparison = FACTS.get(row["fact"]), str(row.get("is", ""))
    of: Any = row["of"]
    if fact is not None and fact.shape == Shape.NUMBER:
        number = str(row.get("number", "")).strip()
        of = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else None
    elif fact is not None:
        # Boxes of a condition that was chosen before stay in the form; they say nothing now.
        of = [value for value in of if value in facts.offered(fact)]
    return {"fact": row["fact"], "is": comparison, "of": of}


class RuleWidget(forms.Widget):
    """Groups of rows, written by the server, added to by `desk/rule-editor.js`."""

    template_name = "registry/support/admin/rule_widget.html"

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            js=[Script("desk/rule-editor.js", type="module")],  # type: ignore[list-item]
            css={"all": ["desk/rule-editor.css"]},
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if f"{name}-kept" in data:
            return data[f"{name}-kept"]
        return rule_of(data, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-join" not in data and f"{name}-kept" not in data

    def format_value(self, value: Any) -> Any:
        return value

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> SafeString:
        # Forms look for templates among Django's own; this one is the project's.
        return render_to_string(template_name, context)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "shown": _shown(value),
            "facts": [
                {
                    "code": fact.code,
                    "label": fact.label,
                    "shape": str(fact.shape),
                    "comparisons": [(str(item), COMPARISONS[item]) for item in fact.comparisons],
                    "choices": facts.offered(fact),
                }
                for fact in FACTS.values()
            ],
            "whole": [(str(join), label) for join, label in WHOLE.items()],
            "joins": [(str(join), label) for join, label in JOINS.items()],
        }
        return context


def _shown(value: Any) -> dict[str, Any] | None:
    """Return the rows of a value, one that is wrong too, so that nothing typed is lost."""
    try:
        return rows_of(parse(value))
    except RuleError:
        pass
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((join, groups),) = value.items()
    try:
        return {
            "join": join,
            "groups": [
                {"join": inner, "rows": [_loose(row) for row in rows]}
                for group in groups
                for inner, rows in group.items()
            ],
        }
    except (AttributeError, TypeError):
        return None


def _loose(row: dict[str, Any]) -> dict[str, Any]:
    of = row.get("of")
    return {
        "fact": row.get("fact", ""),
        "is": row.get("is", ""),
        "of": of if isinstance(of, list) else [],
        "number": of if isinstance(of, int) else "",
    }


class RuleField(forms.JSONField):
    """A rule in a form: it comes as JSON data, and only one that can be read passes."""

    widget = RuleWidget

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data

    def prepare_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> Any:
        """Return the JSON of the rule; raise `ValidationError` with what is wrong in words."""
        if isinstance(value, str):
            value = super().to_python(value)
        if value in (None, ""):
            value = {"all": []}
        try:
            parse(value, facts.allowed)
        except RuleError as error:
            raise ValidationError(wording.problem(error), code=error.code) from error
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)
