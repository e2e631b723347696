"""The eight questions as a form: coarse answers only, nothing about a person, nothing stored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.support.facts import FACTS, NOTHING, Fact, Shape
from registry.support.rules import Answer, Answers

FIRST_YEAR = 1900
#: The parameter of the papers one has.
HELD = "giay"
#: Stands in an address that the form sent: what is open there was left open.
SENT = "hoi"


class Questions(forms.Form):
    """One field for each fact, named by its parameter. What is left open is not known."""

    all_optional = True

    def __init__(self, data: QueryDict | None = None, prefix: str = "") -> None:
        super().__init__(_known(data, prefix) if data is not None else None, prefix=prefix or None)
        self.facts = {fact.parameter: fact for fact in FACTS.values()}
        for parameter, fact in self.facts.items():
            self.fields[parameter] = _field(fact)

    @property
    def answers(self) -> dict[str, Answer]:
        """The valid answers by code of the fact; a year that cannot be is none."""
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        found = {
            fact.code: _answer(fact, cleaned.get(parameter))
            for parameter, fact in self.facts.items()
        }
        return {code: answer for code, answer in found.items() if answer is not None}


def _known(data: QueryDict, prefix: str) -> QueryDict:
    """Return the values that are choices: shared links carry other things, and old ones retired terms."""
    kept = QueryDict(mutable=True)
    for fact in FACTS.values():
        name = f"{prefix}-{fact.parameter}" if prefix else fact.parameter
        values = data.getlist(name)
        if fact.shape == Shape.NUMBER:
            kept.setlist(name, [value.strip()[:10] for value in values[:1]])
            continue
        choices = fact.choices()
        kept.setlist(name, [value for value in dict.fromkeys(values) if value in choices])
    return kept


def _field(fact: Fact) -> forms.Field:
    shared: dict[str, Any] = {"label": fact.question, "help_text": fact.help, "required": False}
    if fact.shape == Shape.NUMBER:
        this_year = timezone.localdate().year
        wrong = _("Nhập năm từ %(first)s đến %(last)s.") % {"first": FIRST_YEAR, "last": this_year}
        return forms.IntegerField(
            min_value=FIRST_YEAR,
            max_value=this_year,
            error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
            widget=forms.TextInput(
                attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off", "size": 6}
            ),
            **shared,
        )
    choices = list(fact.choices().items())
    if fact.shape == Shape.MANY:
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **shared
        )
    return forms.ChoiceField(choices=[("", _("Chưa chọn")), *choices], **shared)


def _answer(fact: Fact, value: Any) -> Answer | None:
    if value in (None, "", []):
        return None
    if fact.shape == Shape.NUMBER:
        return Answer(number=max(0, timezone.localdate().year - int(value)))
    if fact.shape == Shape.MANY:
        # Who ticks something and “nothing of these” as well has something.
        return Answer(frozenset(value) - {NOTHING}, complete=True)
    return Answer(frozenset({value}), complete=True)


def as_query(answers: Answers) -> QueryDict:
    """Return answers as the form would have sent them."""
    query = QueryDict(mutable=True)
    for code, answer in answers.items():
        fact = FACTS[code]
        if answer.number is not None:
            query[fact.parameter] = str(timezone.localdate().year - answer.number)
        else:
            choices = fact.choices()
            query.setlist(fact.parameter, [value for value in choices if value in answer.values])
    return query
