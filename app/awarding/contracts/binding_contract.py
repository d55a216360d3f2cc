"""Check for a contract before its award is cancelled."""

from sqlalchemy import select

from app.awarding.contracts.tables import Contract
from app.core.procedure.contract import ContractState
from app.platform.problems import Conflict
from app.platform.unit_of_work import UnitOfWork

_ENDED = (ContractState.CANCELLED, ContractState.TERMINATED)


class ContractStands(Conflict):
    """The award has a contract, which must be cancelled or terminated, with a reason, first."""

    code, title = "contract_stands", "The award has a contract that has not ended"
    article = "政府采购法 第五十条"


def require_no_contract(work: UnitOfWork, award_id: str) -> None:
    """Raise ContractStands while a contract for the award, signed or not, has not ended."""
    query = select(Contract.id).where(Contract.award_id == award_id, Contract.state.not_in(_ENDED))
    if work.session.scalar(query) is not None:
        raise ContractStands
