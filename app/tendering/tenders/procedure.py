"""A tender's phase, lots, scoring scheme and award rule as values, for bids, evaluation and awards."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.core.procedure.tender_state import LOT, TENDER, LotState, TenderState
from app.platform.problems import Conflict, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.policies.plan import AwardPart, SchemePart
from app.tendering.tenders.service import lots_of, visible
from app.tendering.tenders.tables import Lot, Tender


class WrongPhase(Conflict):
    """The tender's phase does not allow this request."""

    code, title = "wrong_phase", "The tender's phase does not allow this"


@dataclass(frozen=True, slots=True)
class ProcedureLot:
    """A lot: `key` is its name in the policy's award rule; value and ceiling in yuan."""

    id: str
    key: str
    name: str
    value: Decimal
    ceiling: Decimal
    state: LotState


@dataclass(frozen=True, slots=True)
class Procedure:
    """A tender's phase, and the scheme and award rule that decide its lots."""

    id: str
    state: TenderState
    policy_sha256: str
    sealed: bool
    committee_required: bool
    scheme: SchemePart
    award: AwardPart
    lots: tuple[ProcedureLot, ...]

    def lot(self, lot_id: str) -> ProcedureLot:
        """Return a lot of this tender, or raise NotFound."""
        found = next((lot for lot in self.lots if lot.id == lot_id), None)
        if found is None:
            raise NotFound
        return found

    def active_lot(self, lot_id: str) -> ProcedureLot:
        """Return a lot that is still active, or raise WrongPhase."""
        lot = self.lot(lot_id)
        if lot.state is not LotState.ACTIVE:
            raise WrongPhase(f"The lot is {lot.state}; this is done while it is active", article=LOT.holds[lot.state])
        return lot

    def require(self, *phases: TenderState) -> None:
        """Raise WrongPhase unless the tender is in one of these phases."""
        if self.state not in phases:
            said = f"The tender is in {self.state}; this is done in {' or '.join(phases)}"
            raise WrongPhase(said, article=TENDER.holds[self.state])


def procedure_of(work: UnitOfWork, tender_id: str) -> Procedure:
    """Return the procedure of a tender that the principal may see."""
    tender = visible(work, tender_id)
    return Procedure(
        id=tender.id,
        state=TenderState(tender.state),
        policy_sha256=tender.policy_sha256,
        sealed=tender.opening_key is not None,
        committee_required=tender.policy_document.get("committeeRequired", True),
        scheme=SchemePart.model_validate(tender.scheme),
        award=AwardPart.model_validate(tender.award),
        lots=tuple(map(_lot, lots_of(work, tender_id))),
    )


def _lot(lot: Lot) -> ProcedureLot:
    return ProcedureLot(lot.id, lot.key, lot.name, lot.value, lot.ceiling, LotState(lot.state))


def hold(work: UnitOfWork, tender_id: str) -> None:
    """Lock the tender until the commit, for operations that read all of it before they write."""
    work.session.scalar(select(Tender.id).where(Tender.id == tender_id).with_for_update())


def procedure_of_lot(work: UnitOfWork, lot_id: str) -> Procedure:
    """Return the procedure of the tender that a lot belongs to."""
    return procedure_of(work, work.get(Lot, lot_id).tender_id)
