"""The contract 合同: milestones, days of delay, and the consequences of delay.

方案: a delay over 15 days costs points in the evaluation and an entry in the record of bad conduct; over 30 days the amount
is reduced or the contract terminated. Consequences are computed daily and proposed; an officer decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.procedure.state_machine import Machine, Mover, moves

PLAN = "关于扩大市级社区服务社会化试点的方案"


class ContractState(StrEnum):
    """States of a contract; `held` while a question may change the result (实施条例 第五十四条)."""

    PENDING = "pending"
    HELD = "held"
    ACTIVE = "active"
    COMPLETE = "complete"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"


_C = ContractState
_OFFICER = (Mover.OFFICER,)
_SIGN, _HOLD, _ORDER = "政府采购法 第四十六条", "政府采购法实施条例 第五十四条", "政府采购法 第五十七条"
_CHANGE = "政府采购法 第五十条"

CONTRACT: Machine[ContractState] = Machine(
    "contract",
    moves(
        (
            (_C.PENDING, _C.ACTIVE, _OFFICER, _SIGN),
            (_C.PENDING, _C.HELD, (Mover.OFFICER, Mover.FINANCE), _HOLD),
            (_C.PENDING, _C.CANCELLED, (Mover.OFFICER, Mover.FINANCE), _HOLD),
            (_C.HELD, _C.PENDING, (Mover.OFFICER, Mover.FINANCE), _HOLD),
            (_C.HELD, _C.CANCELLED, (Mover.OFFICER, Mover.FINANCE), _ORDER),
            (_C.ACTIVE, _C.COMPLETE, _OFFICER, _CHANGE),
            (_C.ACTIVE, _C.TERMINATED, _OFFICER, _CHANGE),
        )
    ),
    {
        _C.PENDING: _SIGN,
        _C.HELD: _HOLD,
        _C.ACTIVE: _CHANGE,
        _C.COMPLETE: _CHANGE,
        _C.TERMINATED: _CHANGE,
        _C.CANCELLED: _HOLD,
    },
)


class Milestone(StrEnum):
    """Milestones with a due day: team formed (项目团队组建), trained, stationed in the communities (进驻社区)."""

    TEAM_FORMED = "team_formed"
    TRAINED = "trained"
    STATIONED = "stationed"


class Consequence(StrEnum):
    """Consequence of delay, once an officer decides it."""

    BAD_RECORD = "points_off_and_bad_record"
    REDUCE_OR_TERMINATE = "reduce_or_terminate"


@dataclass(frozen=True, slots=True)
class LatenessRules:
    """Days of delay above which each consequence is proposed."""

    bad_record_after: int = 15
    reduce_or_terminate_after: int = 30
    article: str = PLAN


def days_late(due_on: date, reached_on: date | None, today: date) -> int:
    """Return whole days from the due day to the day reached, or to today while open; at least 0."""
    end = today if reached_on is None else reached_on
    return max(0, (end - due_on).days)


def consequences(late: int, rules: LatenessRules) -> tuple[Consequence, ...]:
    """Return the consequences of a delay in days; day 15 and day 30 themselves have none (strictly more than)."""
    found = []
    if late > rules.bad_record_after:
        found.append(Consequence.BAD_RECORD)
    if late > rules.reduce_or_terminate_after:
        found.append(Consequence.REDUCE_OR_TERMINATE)
    return tuple(found)


class Nature(StrEnum):
    """Effect of an entry in the service's own list on later tenders."""

    WARNING = "warning"
    BARRING = "barring"


def nature(finance_decision: str | None) -> Nature:
    """Return a warning until the finance department's decision number is recorded: only that decision bars (采购法
    第七十七条).
    """
    return Nature.BARRING if finance_decision and finance_decision.strip() else Nature.WARNING


@dataclass(frozen=True, slots=True)
class Promise:
    """Contract content that a change must not reduce: classes of service, people served, amount in yuan."""

    classes: frozenset[str]
    heads: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Approvals:
    """Recorded approvals of a change of content."""

    district: bool
    city: bool


def change_faults(before: Promise, after: Promise, approvals: Approvals) -> tuple[str, ...]:
    """Return why a change of content is not allowed (方案第三部分, 采购法 第四十九条); empty where it is allowed.

    `amount_over_tenth`: supplements may not exceed 10 % of the contract's sum.
    """
    checks: Iterable[tuple[str, bool]] = (
        ("classes_shrink", not before.classes <= after.classes),
        ("heads_shrink", after.heads < before.heads),
        ("amount_over_tenth", after.amount > before.amount * Decimal("1.1")),
        ("district_approval_missing", not approvals.district),
        ("city_approval_missing", not approvals.city),
    )
    return tuple(code for code, broken in checks if broken)
