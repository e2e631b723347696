"""A machine that cannot work is found when it is imported, not by a person."""

from __future__ import annotations

import pytest

from registry.cases.machine import (
    Deadline,
    Machine,
    MachineError,
    State,
    Transition,
    machines,
    system_only,
)

OPEN, DONE = State("open", "Mở"), State("done", "Xong", terminal=True)


def anyone(actor: object, case: object) -> bool:
    return True


def machine(
    states: tuple[State, ...], *transitions: Transition, starts: tuple[str, ...] = ("open",)
) -> Machine:
    return Machine("thu", "Thử", states, transitions, starts)


FINISH = Transition("finish", "Xong", ("open",), "done", anyone)


def test_a_sound_machine_stands():
    assert machine((OPEN, DONE), FINISH).state("done").terminal


@pytest.mark.parametrize(
    ("states", "transitions", "starts", "complaint"),
    [
        ((OPEN, OPEN, DONE), (FINISH,), ("open",), "stands twice"),
        ((OPEN, DONE), (FINISH, FINISH), ("open",), "stands twice"),
        (
            (OPEN, DONE),
            (Transition("go", "Đi", ("open",), "nowhere", anyone),),
            ("open",),
            "unknown",
        ),
        (
            (OPEN, DONE),
            (Transition("go", "Đi", ("nowhere",), "done", anyone),),
            ("open",),
            "unknown",
        ),
        (
            (OPEN, DONE),
            (FINISH, Transition("back", "Lại", ("done",), "open", anyone)),
            ("open",),
            "leaves",
        ),
        ((OPEN, DONE), (), ("open",), "cannot be reached"),
        ((OPEN, DONE), (FINISH,), (), "no such start"),
        ((OPEN, DONE), (FINISH,), ("nowhere",), "no such start"),
        (
            (State("open", "Mở", deadline=Deadline(3, then="vanish")), DONE),
            (FINISH,),
            ("open",),
            "no transition",
        ),
        ((State("open", "Mở", tone="pink"), DONE), (FINISH,), ("open",), "unknown tone"),
    ],
)
def test_an_unsound_machine_is_refused(states, transitions, starts, complaint):
    with pytest.raises(MachineError, match=complaint):
        machine(states, *transitions, starts=starts)


def test_every_machine_of_the_hub_is_registered_and_leads_to_an_end():
    known = {item.kind: item for item in machines()}
    assert {"moderation", "recognition", "report"} <= set(known)
    for item in known.values():
        assert any(state.terminal for state in item.states)


def test_what_the_hub_does_by_itself_no_person_may_do():
    assert system_only(None, None)
    assert not system_only(object(), None)
