"""What templates of other rooms show of support measures."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from registry.support import forms, selectors, wording
from registry.support.facts import FACTS
from registry.support.models import SupportMeasure

register = template.Library()


@register.simple_tag
def support_standing(row: Any) -> wording.Standing:
    """Return whether a found measure applies today, not on the day it was indexed."""
    days = {
        name: date.fromisoformat(row.payload[name]) if row.payload.get(name) else None
        for name in ("valid_from", "valid_to")
    }
    return wording.standing(SupportMeasure(**days))


@register.simple_tag
def support_measures_of(page: Any) -> list[SupportMeasure]:
    """Return the published measures whose source a document of the library is."""
    return list(selectors.measures_of_document(page))


@register.simple_tag
def support_questions(prefix: str) -> forms.Questions:
    """Return the eight questions for a form of staff that has fields of its own."""
    return forms.Questions(prefix=prefix)


@register.filter
def question(code: str) -> str:
    """Return the question of a fact."""
    return wording.question(code)


@register.filter
def question_anchor(code: str) -> str:
    """Return the id of a fact's question on the page."""
    return f"id_{FACTS[code].parameter}" if code in FACTS else ""
