"""Whether a contract rests on an award: asked by those who would take the award back."""

from sqlalchemy import select

from app.awarding.contracts.tables import Contract
from app.core.procedure.contract import ContractState
from app.platform.problems import Conflict
from app.platform.unit_of_work import UnitOfWork

_ENDED = (ContractState.CANCELLED, ContractState.TERMINATED)


class ContractStands(Conflict):
    """A contract binds both sides: it is cancelled or terminated first, by its own steps and with its reason."""

    code, title = "contract_stands", "A contract rests on this award; end the contract first"
    article = "政府采购法 第五十条"


def require_no_contract(work: UnitOfWork, award_id: str) -> None:
    """ContractStands while a contract on the award has not ended, signed or not."""
    query = select(Contract.id).where(Contract.award_id == award_id, Contract.state.not_in(_ENDED))
    if work.session.scalar(query) is not None:
        raise ContractStands
