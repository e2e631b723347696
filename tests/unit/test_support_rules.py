"""The logic of support rules: what is known settles, what is not known never does, and the reasons agree."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.support.rules import (
    NUMERIC,
    Answer,
    Condition,
    Group,
    Is,
    Join,
    RuleError,
    Verdict,
    joined,
    judge,
    leading,
    parse,
    plain,
    unanswered,
    write,
)

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
CHOICE, LIST, COUNT = ("who", "size"), ("sector", "paper"), ("age",)
VALUES = ("a", "b", "c")

conditions = st.one_of(
    st.builds(
        Condition,
        st.sampled_from(CHOICE + LIST),
        st.sampled_from([Is.IN, Is.NOT_IN]),
        st.lists(st.sampled_from(VALUES), min_size=1, unique=True).map(tuple),
    ),
    st.builds(
        lambda fact, comparison, number: Condition(fact, comparison, number=number),
        st.sampled_from(COUNT),
        st.sampled_from(NUMERIC),
        st.integers(0, 20),
    ),
)


def groups(parts: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(
        Group, st.sampled_from(Join), st.lists(parts, min_size=1, max_size=3).map(tuple)
    )


inner = groups(conditions)
rules = groups(st.one_of(conditions, inner))

known = st.fixed_dictionaries(
    {},
    optional={
        **{
            fact: st.sampled_from(VALUES).map(lambda v: Answer(frozenset({v}), complete=True))
            for fact in CHOICE
        },
        **{
            fact: st.builds(Answer, st.frozensets(st.sampled_from(VALUES)), st.booleans())
            for fact in LIST
        },
        **{fact: st.integers(0, 20).map(lambda n: Answer(number=n)) for fact in COUNT},
    },
)


@st.composite
def less_and_more(draw: st.DrawFn) -> tuple[dict[str, Answer], dict[str, Answer]]:
    """Draw answers, and fewer of them: facts left out, lists of which less was told."""
    more = draw(known)
    less = {}
    for fact, answer in more.items():
        kept = draw(st.sampled_from(["all", "part", "nothing"]))
        if kept == "all":
            less[fact] = answer
        elif kept == "part" and fact in LIST:
            told = draw(st.frozensets(st.sampled_from(sorted(answer.values) or [""])))
            less[fact] = Answer(told & answer.values, complete=False)
    return less, more


@given(rules, less_and_more())
def test_a_later_answer_settles_more_and_overturns_nothing(rule, answers):
    less, more = (judge(rule, told).verdict for told in answers)
    assert less in (more, UNKNOWN)


@given(rules, known)
def test_an_undecided_rule_names_what_to_answer_and_a_decided_one_asks_no_more(rule, answers):
    judged = judge(rule, answers)
    assert bool(unanswered(judged)) == (judged.verdict == UNKNOWN)
    for fact in unanswered(judged):
        assert fact not in answers or (fact in LIST and not answers[fact].complete)


@given(rules, known)
def test_the_reasons_give_the_verdict(rule, answers):
    def agrees(judged) -> bool:
        if isinstance(judged.part, Condition):
            return not judged.parts
        verdicts = [part.verdict for part in judged.parts]
        return judged.verdict == joined(judged.part.join, verdicts) and all(
            agrees(part) for part in judged.parts
        )

    judged = judge(rule, answers)
    assert agrees(judged)
    assert judged.part.join != Join.NONE
    against = leading(judged, NO)
    assert bool(against) == (judged.verdict == NO)
    assert all(part.verdict == NO for part in against)


@given(rules, known)
def test_what_speaks_against_is_enough_to_refuse(rule, answers):
    """Only what was answered to the reasons shown decides; everything else may be forgotten."""
    judged = judge(rule, answers)
    if judged.verdict != NO:
        return
    facts = {condition.fact for part in leading(judged, NO) for condition in leaves(part.part)}
    kept = {fact: answer for fact, answer in answers.items() if fact in facts}
    assert judge(rule, kept).verdict == NO


def leaves(part):
    return [part] if isinstance(part, Condition) else [c for p in part.parts for c in leaves(p)]


@given(st.lists(conditions, min_size=1, max_size=3).map(tuple), known)
def test_none_is_not_any(parts, answers):
    opposite = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}
    some = judge(Group(Join.ANY, parts), answers).verdict
    assert judge(Group(Join.NONE, parts), answers).verdict == opposite[some]


@given(rules, known)
def test_saying_it_plainly_changes_nothing(rule, answers):
    told = plain(rule)
    assert judge(told, answers).verdict == judge(rule, answers).verdict


@given(rules)
def test_a_written_rule_is_read_back(rule):
    assert parse(json.loads(json.dumps(write(rule)))) == rule


def test_everything_known_leaves_nothing_open():
    everything = {
        **{fact: Answer(frozenset({"a"}), complete=True) for fact in CHOICE + LIST},
        **{fact: Answer(number=3) for fact in COUNT},
    }

    @given(rules)
    def decided(rule):
        assert judge(rule, everything).verdict != UNKNOWN

    decided()


def test_a_list_not_told_to_its_end_may_hold_more():
    wants = Group(Join.ALL, (Condition("paper", Is.IN, ("a",)),))
    refuses = Group(Join.ALL, (Condition("paper", Is.NOT_IN, ("a",)),))
    some, all_of_it = Answer(frozenset({"b"})), Answer(frozenset({"b"}), complete=True)
    assert judge(wants, {"paper": some}).verdict == UNKNOWN
    assert judge(wants, {"paper": all_of_it}).verdict == NO
    assert judge(refuses, {"paper": some}).verdict == UNKNOWN
    assert judge(refuses, {"paper": all_of_it}).verdict == YES
    assert judge(refuses, {"paper": Answer(frozenset({"a"}))}).verdict == NO


def test_a_rule_that_asks_nothing_is_met_by_anybody():
    assert judge(parse({"all": []}), {}).verdict == YES


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "shape"),
        ([], "shape"),
        ({}, "shape"),
        ("__import__('os')", "shape"),
        ({"fact": "size", "is": "in", "of": ["a"]}, "shape"),
        ({"xor": []}, "shape"),
        ({"all": [], "any": []}, "shape"),
        ({"all": "x"}, "shape"),
        ({"all": ["x"]}, "shape"),
        ({"any": []}, "empty_group"),
        ({"all": [{"all": []}]}, "empty_group"),
        ({"all": [{"all": [{"all": [{"all": []}]}]}]}, "too_deep"),
        ({"all": [{"fact": "size", "is": "in"}]}, "shape"),
        ({"all": [{"fact": ["size"], "is": "in", "of": ["a"]}]}, "shape"),
        ({"all": [{"fact": "size", "is": "in", "of": ["a"], "or": 1}]}, "shape"),
        ({"all": [{"fact": "size", "is": ["in"], "of": ["a"]}]}, "comparison"),
        ({"all": [{"fact": "size", "is": "like", "of": ["a"]}]}, "comparison"),
        ({"all": [{"fact": "size", "is": "in", "of": "abc"}]}, "shape"),
        ({"all": [{"fact": "size", "is": "in", "of": [1]}]}, "shape"),
        ({"all": [{"fact": "size", "is": "in", "of": []}]}, "no_value"),
        ({"all": [{"fact": "age", "is": "at_most", "of": "5"}]}, "number"),
        ({"all": [{"fact": "age", "is": "at_most", "of": True}]}, "number"),
        ({"all": [{"fact": "age", "is": "at_most", "of": -1}]}, "number"),
        ({"all": [{"fact": "age", "is": "at_most", "of": 99_999}]}, "number"),
        ({"all": [{"fact": "size", "is": "in", "of": ["a"]}] * 41}, "too_many"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_reason(data, code):
    with pytest.raises(RuleError) as caught:
        parse(data)
    assert caught.value.code == code


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inside: (
            st.lists(inside, max_size=3)
            | st.dictionaries(
                st.sampled_from(["all", "any", "none", "fact", "is", "of"]), inside, max_size=3
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_breaks_the_reader(data):
    try:
        rule = parse(data)
    except RuleError:
        return
    assert parse(write(rule)) == rule
