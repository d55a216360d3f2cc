"""State machines of a tender and its lots. Transitions that are not listed are forbidden."""

from enum import StrEnum

from app.core.procedure.state_machine import Machine, Mover, moves


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
    """States of a lot 采购单元; `unsuccessful` is 废标 of this lot only (财政部令第87号 第四十三条)."""

    PLANNED = "planned"
    ACTIVE = "active"
    COMPLETE = "complete"
    UNSUCCESSFUL = "unsuccessful"
    CANCELLED = "cancelled"


_OFFICER = (Mover.OFFICER,)
_FROZEN = "政府采购法实施条例 第三十四条"
_FAILED = "政府采购法 第三十六条"
_ENDED = "财政部令第87号 第二十九条"  # a published tender cannot be ended at will
_T, _L = TenderState, LotState

TENDER: Machine[TenderState] = Machine(
    "tender",
    moves(
        (
            (_T.DRAFT, _T.TENDERING, _OFFICER, _FROZEN),
            (_T.DRAFT, _T.CANCELLED, _OFFICER, _ENDED),
            (_T.TENDERING, _T.QUALIFICATION, (Mover.OFFICER, Mover.CUSTODIANS), "财政部令第87号 第四十条"),
            (_T.QUALIFICATION, _T.EVALUATION, _OFFICER, "财政部令第87号 第四十四条"),
            (_T.EVALUATION, _T.AWARDED, (Mover.OFFICER, Mover.PURCHASER), "财政部令第87号 第六十八条"),
            (_T.AWARDED, _T.COMPLETE, _OFFICER, "政府采购法 第四十六条"),
            *(
                (now, to, _OFFICER, article)
                for now in (_T.TENDERING, _T.QUALIFICATION, _T.EVALUATION, _T.AWARDED)
                for to, article in ((_T.UNSUCCESSFUL, _FAILED), (_T.CANCELLED, _ENDED))
            ),
        )
    ),
    {
        _T.DRAFT: _FROZEN,
        _T.TENDERING: "财政部令第87号 第四十条",
        _T.QUALIFICATION: "财政部令第87号 第四十四条",
        _T.EVALUATION: "财政部令第87号 第六十八条",
        _T.AWARDED: "财政部令第87号 第六十九条",
        _T.COMPLETE: "政府采购法 第四十六条",
        _T.UNSUCCESSFUL: _FAILED,
        _T.CANCELLED: _ENDED,
    },
)

LOT: Machine[LotState] = Machine(
    "lot",
    moves(
        (
            (_L.PLANNED, _L.ACTIVE, _OFFICER, _FROZEN),
            (_L.PLANNED, _L.CANCELLED, _OFFICER, _ENDED),
            (_L.ACTIVE, _L.COMPLETE, _OFFICER, "政府采购法 第四十六条"),
            (_L.ACTIVE, _L.UNSUCCESSFUL, (Mover.OFFICER, Mover.CLOCK), "财政部令第87号 第四十三条"),
            (_L.ACTIVE, _L.CANCELLED, _OFFICER, _ENDED),
        )
    ),
    {
        _L.PLANNED: _FROZEN,
        _L.ACTIVE: "财政部令第87号 第四十三条",
        _L.COMPLETE: "政府采购法 第四十六条",
        _L.UNSUCCESSFUL: "财政部令第87号 第四十三条",
        _L.CANCELLED: _ENDED,
    },
)


def lot_may_move(now: LotState, to: LotState) -> bool:
    """Whether a lot may move from state `now` to state `to` in one step."""
    return LOT.allows(now, to)
