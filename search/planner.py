"""From what a visitor typed to what an engine looks up: words, substitutes and bonuses.

Engine-independent: an engine needs postings of `Term`s only, and adds no analysis of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from search import function_words, synonyms, text
from search.variants import variants


@dataclass(frozen=True, slots=True)
class Term:
    """One or more adjacent words of the index; the last one may be the beginning of a word."""

    words: tuple[str, ...]
    marked: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Substitution:
    """A term that may stand for a word of the query, and the part of its score it then earns."""

    term: Term
    weight: float
    shown: str = ""


@dataclass(slots=True)
class Word:
    """One word of the query. A document has it when it has the term or any substitution."""

    shown: str
    term: Term
    #: The word with its marks, when typed with marks: earns more, is not required.
    exact: Term | None = None
    substitutions: list[Substitution] = field(default_factory=list)
    #: What it counts in a score: less than 1 for words of grammar.
    weight: float = 1.0


@dataclass(slots=True)
class Plan:
    """A query, analysed."""

    words: list[Word] = field(default_factory=list)
    #: Adjacent pairs, folded and (when typed with marks) as typed: they earn more, are not required.
    pairs: list[Term] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing was asked for."""
        return not self.words


def plan(query: str, *, verbatim: bool = False) -> Plan:
    """Return the plan of a query text. Repeated words count once; `verbatim` leaves out synonyms."""
    cleaned = text.clean(query)
    spans = text.spans(cleaned)
    shouted = cleaned.upper() == cleaned and len(spans) > 1
    words: list[Word] = []
    by_span: list[Word] = []
    known: dict[str, Word] = {}
    weights = function_words.weights([span.word for span in spans])
    for span, weight in zip(spans, weights, strict=True):
        folded = text.fold(span.word)
        typed = cleaned[span.start : span.end]
        word = known.get(folded)
        if word is None:
            word = Word(shown=typed, term=Term((folded,)), weight=weight)
            if not shouted and _is_protected(typed):
                word.term = Term((text.ABBREVIATION_MARK + span.word,), marked=True)
                word.weight = 1.0
            known[folded] = word
            words.append(word)
        word.weight = max(word.weight, weight)
        if word.exact is None and text.has_marks(span.word):
            word.exact = Term((span.word,), marked=True)
        by_span.append(word)
    result = Plan(words=words, pairs=_pairs(spans))
    if not verbatim:
        _substitute(by_span, spans, cleaned, shouted)
    _vary(by_span, spans, cleaned)
    return result


def _pairs(spans: list[text.Span]) -> list[Term]:
    found: dict[Term, None] = {}
    for left in range(len(spans) - 1):
        typed = (spans[left].word, spans[left + 1].word)
        plain = tuple(text.folded(typed))
        if plain[0] != plain[1]:
            found[Term(plain)] = None
            if any(text.has_marks(word) for word in typed):
                found[Term(typed, marked=True)] = None
    return list(found)


def _is_protected(typed: str) -> bool:
    """Whether the word is an abbreviation that reads as a syllable: AI is not ai (who).

    Only what the index marks as one (`text.abbreviations`) can be asked for as one.
    """
    return (
        len(typed) == 2
        and bool(text.abbreviations(typed))
        and any(char in "AEIOUY" for char in typed)
    )


def _term_of(form: synonyms.Form) -> Term:
    if _is_protected(form.shown):
        return Term((text.ABBREVIATION_MARK + form.words[0],), marked=True)
    if form.fragile and not form.abbreviation:
        return Term(form.words, marked=True)
    return Term(form.folded)


def _substitute(by_span: list[Word], spans: list[text.Span], cleaned: str, shouted: bool) -> None:
    thesaurus = synonyms.thesaurus()
    begun = [place for place, span in enumerate(spans) if thesaurus.begins(span.word)]
    for start in begun:
        for end in range(start + 1, min(len(spans), start + thesaurus.longest) + 1):
            run = tuple(span.word for span in spans[start:end])
            typed = cleaned[spans[start].start : spans[end - 1].end]
            capitals = typed.upper() == typed and not shouted
            for found in thesaurus.substitutes(run, capitals=capitals):
                substitution = Substitution(
                    _term_of(found.form), found.weight / (end - start), found.form.shown
                )
                for word in {id(item): item for item in by_span[start:end]}.values():
                    if all(item.term != substitution.term for item in word.substitutions):
                        word.substitutions.append(substitution)


def _vary(by_span: list[Word], spans: list[text.Span], cleaned: str) -> None:
    """Let codes, numerals and units be found however they are written."""
    for places, words in variants(spans, cleaned):
        substitution = Substitution(Term(words), 1 / len(places))
        for place in places:
            held = by_span[place].substitutions
            if by_span[place].term != substitution.term and substitution not in held:
                held.append(substitution)
