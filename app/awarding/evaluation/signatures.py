"""Signatures of the evaluation report of a lot 评标报告签字 (财政部令第87号 第五十八条、第六十一条): final, one per member."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.awarding.evaluation.schemas import SignatureIn
from app.awarding.evaluation.service import find, newest
from app.awarding.evaluation.sheets import acting_member
from app.awarding.evaluation.tables import RankingSignature, StoredRanking
from app.core.evaluation.report import Signed, Stand, signature_fault, stands
from app.core.procedure.tender_state import TenderState
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.procedure import procedure_of


class RankingOutdated(Conflict):
    """Only the newest ranking can be signed."""

    code, title = "ranking_outdated", "The ranking is outdated: only the newest one can be signed"
    article = "财政部令第87号 第六十四条"


class DidNotScore(Conflict):
    """Only members whose sheets the ranking is based on sign the report."""

    code, title = "did_not_score", "The member has no score sheet in this ranking"
    article = "财政部令第87号 第六十一条"


class SignedAlready(Conflict):
    """A signature cannot be withdrawn."""

    code, title = "signed_already", "The member has already signed or dissented"
    article = "财政部令第87号 第六十一条"


@dataclass(frozen=True, slots=True)
class MemberStand:
    """A member, its position, and its signature if there is one."""

    member: str
    stand: Stand
    signature: RankingSignature | None


def sign(work: UnitOfWork, ranking_id: str, body: SignatureIn) -> RankingSignature:
    """Record a member's signature of the newest ranking of a lot, or its dissent with reasons."""
    ranking = find(work, ranking_id)
    procedure_of(work, ranking.tender_id).require(TenderState.EVALUATION)
    standing = newest(work, ranking.lot_id)
    if standing is None or standing.id != ranking.id:
        raise RankingOutdated
    member = acting_member(work, body.member)
    if member not in members_of(ranking):
        raise DidNotScore
    fault = signature_fault(body.agrees, body.dissent)
    if fault is not None:
        raise Invalid(faults=[Fault(fault, "Reasons are expected with a dissent, and only there", "/dissent")])
    if member in {one.member for one in _signatures(work, ranking.id)}:
        raise SignedAlready
    row = RankingSignature(
        ranking_id=ranking.id,
        member=member,
        agrees=body.agrees,
        dissent=body.dissent,
        result_hash=ranking.result_hash,
        recorded_by=work.principal.id,
    )
    work.session.add(row)
    work.session.flush()
    after = {"ranking": ranking.id, "member": member, "agrees": row.agrees, "resultHash": row.result_hash}
    work.record(Event.EVALUATOR_RANKING_SIGN, subject=row.id, tender=ranking.tender_id, after=after)
    return row


def members_of(ranking: StoredRanking) -> list[str]:
    """Return the members whose sheets a ranking is based on, in order."""
    return sorted({member for bid in ranking.input["ranking"]["bids"] for member in bid["scores"]})


def report(work: UnitOfWork, ranking_id: str) -> list[MemberStand]:
    """Return each member's position on a ranking: agreed, dissented with reasons, or deemed to agree."""
    ranking = find(work, ranking_id)
    signed = {one.member: one for one in _signatures(work, ranking_id)}
    found = stands(members_of(ranking), {name: Signed(one.agrees, one.dissent) for name, one in signed.items()})
    return [MemberStand(member, stand, signed.get(member)) for member, stand in found.items()]


def _signatures(work: UnitOfWork, ranking_id: str) -> Sequence[RankingSignature]:
    return work.session.scalars(select(RankingSignature).where(RankingSignature.ranking_id == ranking_id)).all()
