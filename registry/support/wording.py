"""Rules and verdicts in words, for visitors and for staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from registry.common.wording import day
from registry.support.facts import FACTS, Shape, labels
from registry.support.models import SupportMeasure
from registry.support.rules import (
    NUMERIC,
    Answer,
    Answers,
    Condition,
    Group,
    Is,
    Join,
    Judged,
    RuleError,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: what has to be so, how it stands, what was answered; lines below it."""

    text: str
    verdict: Verdict
    label: str
    tone: str
    answered: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a measure applies today: tone of the badge, name."""

    label: str
    tone: str


TONES = {Verdict.YES: "good", Verdict.NO: "bad", Verdict.UNKNOWN: "wait"}


def met(verdict: Verdict) -> str:
    """Return the word for one condition: met, not met, not known."""
    return {
        Verdict.YES: pgettext("điều kiện", "Đạt"),
        Verdict.NO: pgettext("điều kiện", "Không đạt"),
        Verdict.UNKNOWN: pgettext("điều kiện", "Chưa biết"),
    }[verdict]


def group(verdict: Verdict) -> str:
    """Return the name of the group that measures of a verdict stand in."""
    return {
        Verdict.YES: _("Bạn có thể được"),
        Verdict.NO: _("Chưa phù hợp"),
        Verdict.UNKNOWN: _("Còn thiếu thông tin"),
    }[verdict]


def one_of(words: Iterable[str]) -> str:
    """Return “a, b hoặc c”."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return _("{first} hoặc {last}").format(first=", ".join(found[:-1]), last=found[-1])


def sentence(condition: Condition) -> str:
    """Return what a condition asks, in words: “Quy mô: nhỏ hoặc vừa”."""
    fact = FACTS.get(condition.fact)
    if fact is None:
        return condition.fact
    if condition.comparison in NUMERIC:
        return _("{fact}: {bound}").format(fact=fact.label, bound=_bound(condition))
    values = one_of(_lower(word) for word in labels(fact, condition.values))
    if condition.comparison == Is.NOT_IN:
        values = _("không phải {values}").format(values=values)
    return _("{fact}: {bound}").format(fact=fact.label, bound=values)


def _bound(condition: Condition) -> str:
    years = condition.number
    if condition.comparison == Is.AT_LEAST:
        return ngettext("ít nhất {n} năm", "ít nhất {n} năm", years).format(n=years)
    return ngettext("nhiều nhất {n} năm", "nhiều nhất {n} năm", years).format(n=years)


def _lower(word: str) -> str:
    """Put a label into a sentence; abbreviations keep their capitals."""
    return word[:1].lower() + word[1:] if len(word) > 1 and not word[1].isupper() else word


def told(condition: Condition, answers: Answers) -> str:
    """Return what was answered to the fact of a condition; nothing where nothing was."""
    answer, fact = answers.get(condition.fact), FACTS.get(condition.fact)
    if answer is None or fact is None:
        return ""
    return answer_words(fact.code, answer)


def answer_words(code: str, answer: Answer) -> str:
    """Return an answer in words: “Hộ kinh doanh”, “5 năm”, “Chưa có”."""
    fact = FACTS[code]
    if fact.shape == Shape.NUMBER:
        return ngettext("{n} năm", "{n} năm", answer.number or 0).format(n=answer.number)
    order = [value for value in fact.choices() if value in answer.values]
    return ", ".join(labels(fact, order)) or _("Chưa có")


def explained(judged: Judged, answers: Answers) -> tuple[Line, ...]:
    """Return the lines that explain a judged rule; nothing for a rule that asks nothing."""
    if isinstance(judged.part, Group) and judged.part.join == Join.ALL:
        return tuple(line(part, answers) for part in judged.parts)
    return (line(judged, answers),)


def line(judged: Judged, answers: Answers) -> Line:
    """Return a judged part as a line, with the lines below it."""
    if isinstance(judged.part, Condition):
        text, answered = sentence(judged.part), told(judged.part, answers)
    elif judged.part.join == Join.ALL:
        text, answered = _("Đủ các điều sau:"), ""
    else:
        text, answered = _("Một trong các điều sau:"), ""
    return Line(
        text=text,
        verdict=judged.verdict,
        label=met(judged.verdict),
        tone=TONES[judged.verdict],
        answered=answered,
        lines=tuple(line(part, answers) for part in judged.parts),
    )


def label(code: str) -> str:
    """Return the label of a fact."""
    return str(FACTS[code].label) if code in FACTS else code


def question(code: str) -> str:
    """Return the question of a fact, for the list of what is still to be answered."""
    return str(FACTS[code].question) if code in FACTS else code


def problem(error: RuleError) -> str:
    """Return what is wrong with a rule, for the person who writes it."""
    fact = FACTS.get(error.detail)
    about = str(fact.label) if fact else error.detail
    texts = {
        "shape": _("Không đọc được quy tắc."),
        "too_many": _("Quy tắc có quá nhiều điều kiện: tối đa {about}."),
        "too_deep": _("Quy tắc lồng nhau quá {about} lớp."),
        "empty_group": _("Một nhóm chưa có điều kiện nào."),
        "fact": _("Không có điều kiện tên “{about}”."),
        "comparison": _("{about}: cách so sánh này không dùng được."),
        "number": _("{about}: nhập một số từ 0 đến 10.000."),
        "no_value": _("{about}: chọn ít nhất một giá trị."),
        "value": _("{about}: có giá trị không còn trong danh mục."),
    }
    return texts.get(error.code, texts["shape"]).format(about=about)


def standing(measure: SupportMeasure) -> Standing:
    """Return whether a measure applies today."""
    today = timezone.localdate()
    if measure.valid_from and measure.valid_from > today:
        label = _("Áp dụng từ {day}").format(day=day(measure.valid_from))
        return Standing(label, "neutral")
    if measure.valid_to and measure.valid_to < today:
        label = _("Hết áp dụng từ {day}").format(day=day(measure.valid_to))
        return Standing(label, "bad")
    return Standing(_("Đang áp dụng"), "good")
