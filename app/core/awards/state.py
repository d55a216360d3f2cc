"""State machine of an award 中标: the purchaser decides in rank order; cancellation needs a legal ground."""

from app.core.awards.assignment import AwardState
from app.core.procedure.state_machine import Machine, Mover, moves

_DECIDED, _STANDS, _FALLS = "财政部令第87号 第六十八条", "财政部令第87号 第七十条", "政府采购法实施条例 第四十九条"
_DECIDES = (Mover.PURCHASER, Mover.OFFICER)
_A = AwardState

AWARD: Machine[AwardState] = Machine(
    "award",
    moves(
        (
            (_A.PENDING, _A.ACTIVE, _DECIDES, _DECIDED),
            (_A.PENDING, _A.UNSUCCESSFUL, _DECIDES, _DECIDED),
            (_A.PENDING, _A.CANCELLED, _DECIDES, _DECIDED),
            # The winner refuses to sign, or a question or complaint is upheld: the next in rank, or a new tender.
            (_A.ACTIVE, _A.CANCELLED, (*_DECIDES, Mover.FINANCE), _FALLS),
        )
    ),
    {_A.PENDING: _DECIDED, _A.ACTIVE: _STANDS, _A.UNSUCCESSFUL: _DECIDED, _A.CANCELLED: _FALLS},
)
