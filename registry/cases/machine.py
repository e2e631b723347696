"""States and transitions as frozen data, checked when their module is imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from registry.cases.models import Case, CaseEvent

#: `tone` draws the badge: ○ neutral, ◔ wait, ● good, ▲ attention, ✕ bad (words.md §3).
TONES = frozenset({"", "wait", "good", "att", "bad"})

Who = Callable[[Any, "Case"], bool]
Guard = Callable[["Case", Mapping[str, Any]], Sequence[str]]
Effect = Callable[["Case", "CaseEvent", Mapping[str, Any]], None]
Notice = Callable[["Case"], None]


class MachineError(Exception):
    """A machine that cannot work: found at import, never by a person."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long a state may last: until 23:59 of the last day, in working or calendar days.

    `then` names the transition the worker makes when it is over; without it the case is only late.
    `warn_days` before the end `warn` is called once.
    """

    days: int
    working: bool = True
    then: str = ""
    warn_days: int = 0
    warn: Notice | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A state as its sides read it. `waits_for` says who acts next: `centre`, `owner`, `sender`."""

    code: str
    label: Any
    public_label: Any = ""
    sentence: Any = ""
    tone: str = ""
    waits_for: str = ""
    deadline: Deadline | None = None
    terminal: bool = False


def system_only(actor: Any, case: Case) -> bool:
    """Allow only the hub itself: a deadline that passed, an entry that went live."""
    return actor is None


def _no_objection(case: Case, context: Mapping[str, Any]) -> Sequence[str]:
    return ()


def _no_effect(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Transition:
    """A step from any of `sources` to `target`. An empty target keeps the state.

    `who` is asked with the actor (None: the hub itself). `reasons` are the codes one of which is
    required. `guard` returns sentences that stop it. `effect` runs in the same transaction.
    """

    code: str
    label: Any
    sources: tuple[str, ...]
    target: str
    who: Who
    reasons: Mapping[str, Any] = field(default_factory=dict)
    note_required: bool = False
    guard: Guard = _no_objection
    effect: Effect = _no_effect
    #: What the timeline says, e.g. “Trung tâm yêu cầu bổ sung”.
    done: Any = ""
    #: Hidden transitions are told to the desk only.
    public: bool = True


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of case. `starts` lists the states a case may be opened in."""

    kind: str
    label: Any
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    starts: tuple[str, ...]
    prefix: str = ""

    def __post_init__(self) -> None:
        codes = [state.code for state in self.states]
        if len(codes) != len(set(codes)):
            raise MachineError(f"{self.kind}: a state stands twice")
        known = set(codes)
        names = [transition.code for transition in self.transitions]
        if len(names) != len(set(names)):
            raise MachineError(f"{self.kind}: a transition stands twice")
        self._check_edges(known)
        self._check_deadlines(set(names))
        self._check_reach(known)

    def _check_edges(self, known: set[str]) -> None:
        terminal = {state.code for state in self.states if state.terminal}
        for state in self.states:
            if state.tone not in TONES:
                raise MachineError(f"{self.kind}: unknown tone {state.tone!r}")
        for transition in self.transitions:
            ends = {transition.target} - {""}
            if unknown := (set(transition.sources) | ends) - known:
                raise MachineError(f"{self.kind}.{transition.code}: unknown {sorted(unknown)}")
            if leaving := terminal & set(transition.sources):
                raise MachineError(f"{self.kind}.{transition.code}: leaves {sorted(leaving)}")
        if not self.starts or set(self.starts) - known:
            raise MachineError(f"{self.kind}: no such start {self.starts}")

    def _check_deadlines(self, names: set[str]) -> None:
        for state in self.states:
            if state.deadline and state.deadline.then and state.deadline.then not in names:
                raise MachineError(f"{self.kind}.{state.code}: no transition {state.deadline.then}")

    def _check_reach(self, known: set[str]) -> None:
        reached = set(self.starts)
        while (
            more := {
                transition.target
                for transition in self.transitions
                if transition.target and reached & set(transition.sources)
            }
            - reached
        ):
            reached |= more
        if lost := known - reached:
            raise MachineError(f"{self.kind}: cannot be reached: {sorted(lost)}")

    def state(self, code: str) -> State:
        """Return a state; raise `KeyError` for an unknown one."""
        return next((item for item in self.states if item.code == code), None) or _missing(code)

    def transition(self, code: str) -> Transition:
        """Return a transition; raise `KeyError` for an unknown one."""
        return next((item for item in self.transitions if item.code == code), None) or _missing(
            code
        )


def _missing(code: str) -> Any:
    raise KeyError(code)


_machines: dict[str, Machine] = {}


def register(machine: Machine) -> Machine:
    """Make a machine known and return it. Called once, when its module is imported."""
    _machines[machine.kind] = machine
    return machine


def machine_of(kind: str) -> Machine:
    """Return the machine of a kind of case; raise `KeyError` for an unknown one."""
    return _machines[kind]


def machines() -> list[Machine]:
    """Return every registered machine."""
    return list(_machines.values())
