"""How support measures are found: kind `support`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.support import selectors
from registry.support.models import SupportMeasure
from search import sources
from search.contracts import SearchDocument

KIND = "support"
LANGUAGES = ("vi", "en")


def documents(ids: Iterable[str] | None) -> Iterator[SearchDocument]:
    """Yield the documents of the published measures (of those ids); English where it is translated."""
    measures = selectors.public_measures()
    if ids is not None:
        measures = measures.filter(pk__in=[int(key) for key in ids if str(key).isdigit()])
    for measure in measures.order_by("pk").iterator(chunk_size=200):
        for language in LANGUAGES:
            if language == "vi" or measure.title_en:
                with translation.override(language):
                    found = document(measure, language)
                yield found


def document(measure: SupportMeasure, language: str) -> SearchDocument:
    """Return a measure, in the active language, as a search document."""
    papers = [paper.name for paper in measure.papers.all()]
    return SearchDocument(
        kind=KIND,
        id=str(measure.pk),
        language=language,
        collapse_key=f"{KIND}:{measure.pk}",
        title=measure.title,
        url=measure.get_absolute_url(),
        summary=measure.summary,
        body="\n".join(
            part for part in (measure.benefit, measure.who, *measure.also, *papers) if part
        ),
        keywords=" ".join(
            part
            for part in (
                measure.number,
                measure.number.replace(" ", ""),
                measure.authority,
                measure.source_text,
                measure.article,
            )
            if part
        ),
        is_demo=measure.is_demo,
        payload={
            "number": measure.number,
            "authority": measure.authority,
            "valid_from": measure.valid_from.isoformat() if measure.valid_from else "",
            "valid_to": measure.valid_to.isoformat() if measure.valid_to else "",
        },
    )


def count() -> int:
    """Return how many measures are published."""
    return SupportMeasure.objects.public().count()


def register() -> None:
    """Make measures findable."""
    sources.register(
        sources.SearchSource(
            kind=KIND,
            label=_("Biện pháp hỗ trợ"),
            label_plural=pgettext_lazy("số nhiều", "Biện pháp hỗ trợ"),
            documents=documents,
            count=count,
            row_template="search/rows/support.html",
            order=55,
            dated=True,
            slug="ho-tro",
            in_every_language=True,
        )
    )
