"""Reading cases: what may be done, what happened."""

from __future__ import annotations

from typing import Any

from registry.cases.machine import Transition, Who
from registry.cases.models import Case, CaseEvent


def allowed(case: Case, actor: Any) -> list[Transition]:
    """Return the transitions the actor may make now, in the machine's order."""
    if not case.is_open:
        return []
    # Several steps ask the same question; each is answered once.
    verdicts: dict[Who, bool] = {}
    found = []
    for transition in case.machine.transitions:
        if case.state not in transition.sources:
            continue
        if transition.who not in verdicts:
            verdicts[transition.who] = transition.who(actor, case)
        if verdicts[transition.who]:
            found.append(transition)
    return found


def timeline(case: Case, *, everything: bool = False) -> list[CaseEvent]:
    """Return the events, oldest first; those hidden from the sides only with `everything`."""
    hidden = {item.code for item in case.machine.transitions if not item.public}
    events = case.events.select_related("actor")
    return [event for event in events if everything or event.transition not in hidden]
