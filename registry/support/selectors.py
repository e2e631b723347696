"""Reading measures: the public ones, one with its explanation, and all of them sorted by an applicant's answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language
from wagtail.models import Page

from registry.support import wording
from registry.support.models import MeasureQuerySet, Paper, SupportMeasure
from registry.support.rules import Answers, Judged, Verdict, judge, leading, unanswered


@dataclass(frozen=True, slots=True)
class Source:
    """The text a measure stands in: its name, its page in the library, the article."""

    text: str
    article: str
    url: str


@dataclass(frozen=True, slots=True)
class Needed:
    """One paper, and whether the applicant said to have it."""

    uid: str
    name: str
    note: str
    required: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A measure as it is shown, judged where answers are known.

    `reasons` explain the whole rule; `against` only what speaks against; `open` are the facts to answer.
    """

    measure: SupportMeasure
    standing: wording.Standing
    source: Source
    service_url: str
    papers: tuple[Needed, ...]
    lacking: tuple[Needed, ...]
    verdict: Verdict
    reasons: tuple[wording.Line, ...]
    against: tuple[wording.Line, ...]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Every measure that applies today, by what the answers say of it."""

    likely: tuple[Card, ...]
    undecided: tuple[Card, ...]
    unlikely: tuple[Card, ...]

    @property
    def everything(self) -> list[Card]:
        """All of them by number, for who has not answered yet."""
        cards = [*self.likely, *self.undecided, *self.unlikely]
        return sorted(cards, key=lambda item: item.measure.number)

    @property
    def total(self) -> int:
        """How many measures there are."""
        return len(self.likely) + len(self.undecided) + len(self.unlikely)


def public_measures() -> MeasureQuerySet:
    """Return the published measures with what a card shows, in the order of their numbers."""
    return _with_parts(SupportMeasure.objects.public())


def _with_parts(measures: MeasureQuerySet) -> MeasureQuerySet:
    return measures.select_related("document", "service").prefetch_related(
        Prefetch("papers", queryset=Paper.objects.order_by("sort_order", "pk"))
    )


def by_number(number_slug: str) -> SupportMeasure | None:
    """Return a published measure by its number as in an address."""
    return public_measures().filter(number=number_slug.upper().replace("-", " ")).first()


def measures_of_document(page: Page) -> QuerySet[SupportMeasure]:
    """Return the published measures that a document of the library is the source of."""
    family = page.get_translations(inclusive=True).values("pk")
    return SupportMeasure.objects.public().filter(document__in=family)


def sorted_by(answers: Answers, held: Collection[str] = ()) -> Found:
    """Return every measure that applies today, judged by the answers."""
    measures = list(_with_parts(SupportMeasure.objects.applying()))
    urls = _addresses(measures)
    cards = [card(item, answers, held, urls) for item in measures]
    by_verdict = {
        verdict: tuple(item for item in cards if item.verdict == verdict) for verdict in Verdict
    }
    # Who has few questions left comes before who has many; then the order of numbers.
    undecided = sorted(by_verdict[Verdict.UNKNOWN], key=lambda item: len(item.open))
    return Found(by_verdict[Verdict.YES], tuple(undecided), by_verdict[Verdict.NO])


def card(
    measure: SupportMeasure,
    answers: Answers | None = None,
    held: Collection[str] = (),
    urls: Mapping[int, str] | None = None,
) -> Card:
    """Return a measure, saved or not, as it is shown to somebody with these answers and papers.

    `urls` are the addresses of the pages it names, where they were read for many at once.
    """
    known = answers or {}
    urls = _addresses([measure]) if urls is None else urls
    tree = measure.tree
    # A rule this version cannot read decides nothing: the authority is asked.
    judged = judge(tree, known) if tree is not None else None
    verdict = judged.verdict if judged else Verdict.UNKNOWN
    papers = tuple(
        Needed(
            uid=paper.uid,
            name=paper.name,
            note=paper.note,
            required=paper.required,
            held=paper.uid in held,
        )
        for paper in sorted(measure.papers.all(), key=lambda item: item.sort_order or 0)
    )
    return Card(
        measure=measure,
        standing=wording.standing(measure),
        source=Source(measure.source_text, measure.article, urls.get(measure.document_id or 0, "")),
        service_url=urls.get(measure.service_id or 0, ""),
        papers=papers,
        lacking=tuple(paper for paper in papers if paper.required and not paper.held),
        verdict=verdict,
        reasons=wording.explained(judged, known) if judged else (),
        against=_against(judged, known),
        open=tuple(unanswered(judged)) if judged else (),
    )


def _against(judged: Judged | None, answers: Answers) -> tuple[wording.Line, ...]:
    if judged is None:
        return ()
    return tuple(wording.line(part, answers) for part in leading(judged, Verdict.NO))


def _addresses(measures: Iterable[SupportMeasure]) -> dict[int, str]:
    """Return where the pages that measures name may be read, in the active language if they can be."""
    named = {page.pk: page for item in measures for page in (item.document, item.service) if page}
    if not named:
        return {}
    languages = [settings.LANGUAGE_CODE, get_language() or settings.LANGUAGE_CODE]
    open_to_all = Page.objects.live().public().select_related("locale")
    twins = open_to_all.filter(
        translation_key__in={page.translation_key for page in named.values()},
        locale__language_code__in=languages,
    )
    urls: dict[Any, str] = {}
    for twin in sorted(twins, key=lambda page: languages.index(page.locale.language_code)):
        urls[twin.translation_key] = twin.get_url() or ""
    return {pk: urls.get(page.translation_key, "") for pk, page in named.items()}


def known_of(answers: Answers) -> list[dict[str, Any]]:
    """Return what was answered, in words: the question's label and the answer."""
    return [
        {"label": wording.label(code), "answer": wording.answer_words(code, answer)}
        for code, answer in answers.items()
    ]


def held_of(papers: Sequence[str]) -> frozenset[str]:
    """Return the ticked papers of an address; anything that can be no paper is dropped."""
    return frozenset(uid for uid in papers if uid.isalnum() and len(uid) <= 16)
