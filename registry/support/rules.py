"""Rules over facts in three-valued logic: met, not met, not known. No database, nothing evaluated as code.

A rule is JSON: a group `{"all": […]}`, `{"any": […]}` or `{"none": […]}` of groups and conditions,
a condition `{"fact": "size", "is": "in", "of": ["nho", "vua"]}`. What is not answered stays unknown, so an
answer given later settles more and overturns nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAX_DEPTH = 3
MAX_CONDITIONS = 40
MAX_NUMBER = 10_000


class Verdict(StrEnum):
    """How a condition, a group or a whole rule stands."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Is(StrEnum):
    """The comparisons."""

    IN = "in"
    NOT_IN = "not_in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Join(StrEnum):
    """How the parts of a group belong together."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


NUMERIC = (Is.AT_LEAST, Is.AT_MOST)


class RuleError(ValueError):
    """A rule that cannot be read; `code` names the problem, `detail` what it is about."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one fact: a number, or values of which there may be more unless `complete`."""

    values: frozenset[str] = frozenset()
    complete: bool = False
    number: int | None = None


Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a fact with values, or with a number."""

    fact: str
    comparison: Is
    values: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that belong together."""

    join: Join
    parts: tuple[Part, ...] = ()


Part = Condition | Group


@dataclass(frozen=True, slots=True)
class Judged:
    """A part with its verdict, and the judged parts it follows from."""

    part: Part
    verdict: Verdict
    parts: tuple[Judged, ...] = ()


# --- reading ----------------------------------------------------------------------------------


def parse(data: Any, allowed: Callable[[str, Is, Any], str] | None = None) -> Group:
    """Return the rule that JSON writes; raise `RuleError`.

    `allowed(fact, comparison, of)` returns a problem code for what the facts do not know.
    """
    if not isinstance(data, dict):
        raise RuleError("shape")
    root = _part(data, 1, allowed)
    if not isinstance(root, Group):
        raise RuleError("shape")
    if sum(1 for _condition in conditions(root)) > MAX_CONDITIONS:
        raise RuleError("too_many", str(MAX_CONDITIONS))
    return root


def _part(data: Any, depth: int, allowed: Callable[[str, Is, Any], str] | None) -> Part:
    if not isinstance(data, dict):
        raise RuleError("shape")
    if "fact" in data:
        return _condition(data, allowed)
    if len(data) != 1 or (name := next(iter(data))) not in set(Join):
        raise RuleError("shape")
    parts = data[name]
    if not isinstance(parts, list):
        raise RuleError("shape")
    if depth > MAX_DEPTH:
        raise RuleError("too_deep", str(MAX_DEPTH))
    # Only a whole rule may be empty: it asks nothing of anybody.
    if not parts and (depth > 1 or name == Join.ANY):
        raise RuleError("empty_group")
    return Group(Join(name), tuple(_part(part, depth + 1, allowed) for part in parts))


def _condition(data: dict[str, Any], allowed: Callable[[str, Is, Any], str] | None) -> Condition:
    fact, of = data.get("fact"), data.get("of")
    if set(data) != {"fact", "is", "of"} or not isinstance(fact, str):
        raise RuleError("shape")
    if not isinstance(data["is"], str) or data["is"] not in set(Is):
        raise RuleError("comparison", fact)
    comparison = Is(data["is"])
    problem = allowed(fact, comparison, of) if allowed else ""
    if problem:
        raise RuleError(problem, fact)
    if comparison in NUMERIC:
        if isinstance(of, bool) or not isinstance(of, int) or not 0 <= of <= MAX_NUMBER:
            raise RuleError("number", fact)
    elif not (isinstance(of, list) and all(isinstance(value, str) for value in of)):
        raise RuleError("shape", fact)
    elif not of:
        raise RuleError("no_value", fact)
    if comparison in NUMERIC:
        return Condition(fact, comparison, number=int(str(of)))
    return Condition(fact, comparison, tuple(dict.fromkeys(of if isinstance(of, list) else ())))


def write(part: Part) -> dict[str, Any]:
    """Return the JSON of a rule or a part of it; `parse` reads it back."""
    if isinstance(part, Group):
        return {str(part.join): [write(inner) for inner in part.parts]}
    of: Any = part.number if part.comparison in NUMERIC else list(part.values)
    return {"fact": part.fact, "is": str(part.comparison), "of": of}


def conditions(part: Part) -> Iterable[Condition]:
    """Yield every condition, in the order written."""
    if isinstance(part, Condition):
        yield part
        return
    for inner in part.parts:
        yield from conditions(inner)


# --- judging ----------------------------------------------------------------------------------


def judge(rule: Part, answers: Answers) -> Judged:
    """Return the verdict on a rule with the reasons; groups of the result are `all` or `any` only."""
    told = plain(rule)
    return _judge(told if isinstance(told, Group) else Group(Join.ALL, (told,)), answers)


def _judge(part: Part, answers: Answers) -> Judged:
    if isinstance(part, Condition):
        return Judged(part, _compare(part, answers.get(part.fact)))
    judged = tuple(_judge(inner, answers) for inner in part.parts)
    return Judged(part, joined(part.join, [inner.verdict for inner in judged]), judged)


def joined(join: Join, verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of `all` or `any` parts with these verdicts (Kleene's logic)."""
    found = set(verdicts)
    decisive = Verdict.YES if join == Join.ANY else Verdict.NO
    if decisive in found:
        return decisive
    if Verdict.UNKNOWN in found:
        return Verdict.UNKNOWN
    return Verdict.NO if join == Join.ANY else Verdict.YES


def _compare(condition: Condition, answer: Answer | None) -> Verdict:
    if answer is None:
        return Verdict.UNKNOWN
    if condition.comparison in NUMERIC:
        if answer.number is None:
            return Verdict.UNKNOWN
        if condition.comparison == Is.AT_LEAST:
            return _verdict(answer.number >= condition.number)
        return _verdict(answer.number <= condition.number)
    wanted = condition.comparison == Is.IN
    if answer.values.intersection(condition.values):
        return _verdict(wanted)
    return _verdict(not wanted) if answer.complete else Verdict.UNKNOWN


def _verdict(holds: bool) -> Verdict:
    return Verdict.YES if holds else Verdict.NO


def plain(part: Part, *, negated: bool = False) -> Part:
    """Return the same rule without `none`: each condition says itself what has to be so."""
    if isinstance(part, Condition):
        return _opposite(part) if negated else part
    negated = negated != (part.join == Join.NONE)
    any_of = (part.join == Join.ANY) != negated if part.join != Join.NONE else not negated
    join = Join.ANY if any_of else Join.ALL
    parts: list[Part] = []
    for inner in part.parts:
        made = plain(inner, negated=negated)
        # `all` within `all` is one list to a reader, and a group of one is that one.
        if isinstance(made, Group) and made.join == join:
            parts.extend(made.parts)
        else:
            parts.append(made)
    return parts[0] if len(parts) == 1 else Group(join, tuple(parts))


def _opposite(condition: Condition) -> Condition:
    if condition.comparison == Is.IN:
        return Condition(condition.fact, Is.NOT_IN, condition.values)
    if condition.comparison == Is.NOT_IN:
        return Condition(condition.fact, Is.IN, condition.values)
    if condition.comparison == Is.AT_LEAST:
        return Condition(condition.fact, Is.AT_MOST, number=condition.number - 1)
    return Condition(condition.fact, Is.AT_LEAST, number=condition.number + 1)


def leading(judged: Judged, verdict: Verdict) -> list[Judged]:
    """Return the parts that make the whole what it is: those of its own verdict, groups of `any` whole."""
    if judged.verdict != verdict:
        return []
    if isinstance(judged.part, Condition) or (judged.part.join == Join.ANY and judged.parts):
        return [judged]
    return [found for inner in judged.parts for found in leading(inner, verdict)]


def unanswered(judged: Judged) -> list[str]:
    """Return the facts that keep an undecided rule open, each once, in the order written."""
    if judged.verdict != Verdict.UNKNOWN:
        return []
    if isinstance(judged.part, Condition):
        return [judged.part.fact]
    return list(dict.fromkeys(fact for inner in judged.parts for fact in unanswered(inner)))
