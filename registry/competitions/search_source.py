"""How calls of awards and contests are found: kind `award`, from what their pages published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.competitions import selectors
from registry.competitions.models import Call, CallText
from registry.directory.search_source import choice_facet, sector_facet, term_facet
from search import sources
from search.contracts import FacetSpec, SearchDocument

KIND = "award"
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def _years(codes: Iterable[str]) -> Mapping[str, str]:
    return {code: code for code in codes}


def facets() -> list[FacetSpec]:
    """Return the facets of calls, in the order of the page."""
    return [
        choice_facet(
            "award_type", pgettext_lazy("giải", "Loại"), "loai-giai", dict(Call.Kind.choices), KIND
        ),
        choice_facet("award_state", _("Trạng thái"), "dot-nhan", dict(Call.State.choices), KIND),
        FacetSpec(
            name="award_year",
            label=_("Năm"),
            kinds=frozenset({KIND}),
            labels=_years,
            parameter="nam-giai",
            known=lambda code: bool(_YEAR.fullmatch(code)),
            order="value",
        ),
        term_facet("programme", _("Chương trình"), "chuong-trinh", selectors.PROGRAMMES, KIND),
        sector_facet(KIND),
    ]


def documents(ids: Iterable[str] | None) -> Iterator[SearchDocument]:
    """Yield the documents of the public calls (of those ids), one for each language."""
    calls = selectors.public_calls().prefetch_related("programmes", "winners")
    if ids is not None:
        calls = calls.filter(pk__in=[int(key) for key in ids if str(key).isdigit()])
    for call in calls.order_by("pk").iterator(chunk_size=200):
        for text in call.texts.all():
            with translation.override(text.language):
                found = document(call, text)
            yield found


def document(call: Call, text: CallText) -> SearchDocument:
    """Return a call, as the page of one language tells it, as a search document."""
    programmes = list(call.programmes.all())
    body = " ".join(
        part for part in (text.body, selectors.result_words(call, text.language)) if part
    )
    return SearchDocument(
        kind=KIND,
        id=str(call.pk),
        language=text.language,
        collapse_key=f"{KIND}:{call.pk}",
        title=text.title,
        url=text.url,
        summary=text.summary,
        body=body,
        keywords=" ".join(
            part
            for part in (
                call.number,
                str(call.year),
                text.award,
                text.organiser,
                str(Call.Kind(call.kind).label),
                *selectors.labels(programmes),
            )
            if part
        ),
        facets={
            "award_type": (str(call.kind),),
            "award_state": (call.state_at(),),
            "award_year": (str(call.year),) if call.year else (),
            "programme": tuple(term.code for term in programmes),
            "sector": (call.sector.code,) if call.sector else (),
        },
        confirmed_on=_announced_on(call),
        is_demo=call.is_demo,
        payload=_payload(call, text),
    )


def _announced_on(call: Call) -> date:
    """Return the day it was announced: its own first where it was written down afterwards."""
    days = (getattr(call, name) for name in selectors.MOMENTS)
    return timezone.localdate(min(call.created_at, *filter(None, days)))


def _payload(call: Call, text: CallText) -> dict[str, Any]:
    moments = {name: getattr(call, name) for name in selectors.MOMENTS}
    return {
        "number": call.number,
        "cancelled": call.state == Call.State.CANCELLED,
        "award_type": str(call.kind),
        "award": text.award,
        "year": call.year,
        "has_results": call.has_results,
        **{name: value.isoformat() if value else "" for name, value in moments.items()},
    }


def count() -> int:
    """Return how many calls are public."""
    return Call.objects.public().count()


def register() -> None:
    """Make calls findable."""
    sources.register(
        sources.SearchSource(
            kind=KIND,
            label=pgettext_lazy("loại kết quả", "Giải thưởng"),
            label_plural=_("Giải thưởng, cuộc thi"),
            documents=documents,
            count=count,
            row_template="search/rows/award.html",
            order=50,
            dated=True,
            slug="giai-thuong",
            in_every_language=True,
        ),
        facets(),
    )
