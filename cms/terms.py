"""Fields of pages that name terms of a vocabulary; a retired term is no longer offered."""

from __future__ import annotations

from typing import Any

from django.db import models
from modelcluster.fields import ParentalManyToManyField


def term(vocabulary: str, label: Any, **options: Any) -> models.ForeignKey[Any, Any]:
    """Return a field of one term, emptied when the term goes."""
    return models.ForeignKey(
        "taxonomy.Term",
        verbose_name=label,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"vocabulary": vocabulary, "is_retired": False},
        **options,
    )


def terms(vocabulary: str, label: Any, **options: Any) -> ParentalManyToManyField:
    """Return a field of any number of terms, none needed."""
    return ParentalManyToManyField(
        "taxonomy.Term",
        verbose_name=label,
        blank=True,
        related_name="+",
        limit_choices_to={"vocabulary": vocabulary, "is_retired": False},
        **options,
    )
