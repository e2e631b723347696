"""Words of enquiries in templates."""

from __future__ import annotations

from typing import Any

from django import template

from registry.marketplace.selectors import number_slug, reason_label

register = template.Library()

register.filter("decline_reason", reason_label)


@register.filter
def enquiry_slug(case: Any) -> str:
    """Return an enquiry's number as it stands in an address."""
    return number_slug(case)
