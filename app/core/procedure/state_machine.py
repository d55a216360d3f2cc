"""The procedure as tables: who may move what, from which state to which, on which article. What isn't there can't happen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)


class Mover(StrEnum):
    """Who moves something; `clock` is the service itself when a deadline passes."""

    OFFICER = "officer"  # 采购代理机构经办人
    PURCHASER = "purchaser"  # 采购人; its decisions are recorded by an officer
    BIDDER = "bidder"  # 投标人
    CUSTODIANS = "custodians"  # 密钥保管人, k of n together
    FINANCE = "finance"  # 财政部门
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Move(Generic[State]):
    """One step that is allowed."""

    now: State
    to: State
    by: frozenset[Mover]
    article: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a step is not allowed: `code` is `no_such_step`, `final_state` or `not_by_this_actor`; the rule behind it."""

    code: str
    article: str
    zh: str
    en: str

    @property
    def said(self) -> str:
        """In both languages, with the rule."""
        return f"{self.zh}（{self.article}）; {self.en}"


@dataclass(frozen=True, slots=True)
class Machine(Generic[State]):
    """The steps of one kind of thing, and for each of its states the rule that holds it there."""

    kind: str
    moves: tuple[Move[State], ...]
    holds: Mapping[State, str]

    def successors(self, now: State) -> frozenset[State]:
        """The states that one step leads to."""
        return frozenset(move.to for move in self.moves if move.now is now)

    def allows(self, now: State, to: State, by: Mover | None = None) -> bool:
        """Whether somebody (or, without `by`, anybody at all) may take this step."""
        return any(move.now is now and move.to is to and (by is None or by in move.by) for move in self.moves)

    def refusal(self, now: State, to: State, by: Mover) -> Refused | None:
        """None where `by` may move it from `now` to `to`, else the rule that forbids it."""
        step = next((move for move in self.moves if move.now is now and move.to is to), None)
        if step is not None and by in step.by:
            return None
        if step is not None:
            who = ", ".join(sorted(step.by))
            return Refused("not_by_this_actor", step.article, f"此步骤由 {who} 作出", f"This step is taken by {who}")
        if not self.successors(now):
            return Refused("final_state", self.holds[now], f"{now} 为最终状态", f"{now} is a final state")
        return Refused("no_such_step", self.holds[now], f"{now} 不能转为 {to}", f"{now} does not lead to {to}")


def moves(rows: Iterable[tuple[State, State, Iterable[Mover], str]]) -> tuple[Move[State], ...]:
    """The rows of a table as moves."""
    return tuple(Move(now, to, frozenset(by), article) for now, to, by, article in rows)
