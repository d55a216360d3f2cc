"""State machines of the procedure: allowed transitions, the actor, the article. Anything not listed is forbidden."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)


class Mover(StrEnum):
    """The actor of a transition; `clock` is the service itself when a deadline passes."""

    OFFICER = "officer"  # 采购代理机构经办人
    PURCHASER = "purchaser"  # 采购人; an officer records its decisions
    BIDDER = "bidder"  # 投标人
    CUSTODIANS = "custodians"  # 密钥保管人, k of n together
    FINANCE = "finance"  # 财政部门
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Move(Generic[State]):
    """One allowed transition, its actors and its legal basis."""

    now: State
    to: State
    by: frozenset[Mover]
    article: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a transition is forbidden: `code` is `no_such_step`, `final_state` or `not_by_this_actor`, with its article."""

    code: str
    article: str
    zh: str
    en: str

    @property
    def detail(self) -> str:
        """Return the message in Chinese and English, with the article."""
        return f"{self.zh}（{self.article}）; {self.en}"


class StepRefused(Exception):
    """A forbidden transition; `kind` names the state machine, so that the interface can answer with its own code."""

    def __init__(self, kind: str, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.kind = kind
        self.code = refusal.code
        self.article = refusal.article
        self.detail = refusal.detail


@dataclass(frozen=True, slots=True)
class Machine(Generic[State]):
    """The transitions of one kind of object, and for each state the article that prevents others."""

    kind: str
    moves: tuple[Move[State], ...]
    holds: Mapping[State, str]

    def successors(self, now: State) -> frozenset[State]:
        """Return the states that one transition leads to."""
        return frozenset(move.to for move in self.moves if move.now is now)

    def allows(self, now: State, to: State, by: Mover | None = None) -> bool:
        """Whether actor `by` (without it: any actor) may make this transition."""
        return any(move.now is now and move.to is to and (by is None or by in move.by) for move in self.moves)

    def require(self, now: State, to: State, by: Mover) -> None:
        """Raise StepRefused unless `by` may move the object from `now` to `to`."""
        refusal = self.refusal(now, to, by)
        if refusal is not None:
            raise StepRefused(self.kind, refusal)

    def refusal(self, now: State, to: State, by: Mover) -> Refusal | None:
        """Return None where `by` may move the object from `now` to `to`, else the rule that forbids it."""
        step = next((move for move in self.moves if move.now is now and move.to is to), None)
        if step is not None and by in step.by:
            return None
        if step is not None:
            who = ", ".join(sorted(step.by))
            return Refusal("not_by_this_actor", step.article, f"此步骤由 {who} 作出", f"This step is taken by {who}")
        if not self.successors(now):
            return Refusal("final_state", self.holds[now], f"{now} 为最终状态", f"{now} is a final state")
        return Refusal("no_such_step", self.holds[now], f"{now} 不能转为 {to}", f"{now} does not lead to {to}")


def moves(rows: Iterable[tuple[State, State, Iterable[Mover], str]]) -> tuple[Move[State], ...]:
    """Build the transitions from the rows of a table."""
    return tuple(Move(now, to, frozenset(by), article) for now, to, by, article in rows)
