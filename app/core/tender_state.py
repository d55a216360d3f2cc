"""How a tender and its lots move, as one table: what isn't in it can't happen."""

from collections.abc import Mapping
from enum import StrEnum


class TenderState(StrEnum):
    """States of a tender 招标项目."""

    DRAFT = "draft"
    TENDERING = "active.tendering"
    QUALIFICATION = "active.qualification"
    EVALUATION = "active.evaluation"
    AWARDED = "active.awarded"
    COMPLETE = "complete"
    UNSUCCESSFUL = "unsuccessful"
    CANCELLED = "cancelled"


class LotState(StrEnum):
    """States of a lot 采购单元; `unsuccessful` is 废标 of this lot, the others go on (财政部令第87号 第四十三条)."""

    PLANNED = "planned"
    ACTIVE = "active"
    COMPLETE = "complete"
    UNSUCCESSFUL = "unsuccessful"
    CANCELLED = "cancelled"


_ENDS = frozenset({TenderState.UNSUCCESSFUL, TenderState.CANCELLED})
_MOVES: Mapping[TenderState, frozenset[TenderState]] = {
    TenderState.DRAFT: frozenset({TenderState.TENDERING, TenderState.CANCELLED}),
    TenderState.TENDERING: frozenset({TenderState.QUALIFICATION}) | _ENDS,
    TenderState.QUALIFICATION: frozenset({TenderState.EVALUATION}) | _ENDS,
    TenderState.EVALUATION: frozenset({TenderState.AWARDED}) | _ENDS,
    TenderState.AWARDED: frozenset({TenderState.COMPLETE}) | _ENDS,
    TenderState.COMPLETE: frozenset(),
    TenderState.UNSUCCESSFUL: frozenset(),
    TenderState.CANCELLED: frozenset(),
}
_LOT_ENDS = frozenset({LotState.COMPLETE, LotState.UNSUCCESSFUL, LotState.CANCELLED})
_LOT_MOVES: Mapping[LotState, frozenset[LotState]] = {
    LotState.PLANNED: frozenset({LotState.ACTIVE, LotState.CANCELLED}),
    LotState.ACTIVE: _LOT_ENDS,
    LotState.COMPLETE: frozenset(),
    LotState.UNSUCCESSFUL: frozenset(),
    LotState.CANCELLED: frozenset(),
}


def may_move(now: TenderState, to: TenderState) -> bool:
    """Whether a tender in state `now` may come to state `to` in one step."""
    return to in _MOVES[now]


def lot_may_move(now: LotState, to: LotState) -> bool:
    """Whether a lot in state `now` may come to state `to` in one step."""
    return to in _LOT_MOVES[now]
