"""Load what a paper states, and make it; a paper exists only once its decision stands."""

from collections.abc import Callable
from datetime import datetime

import orjson

from app.awarding.evaluation.service import newest
from app.awarding.evaluation.signatures import report as stands_of
from app.awarding.papers.evaluation_report import Evaluated, evaluation_report
from app.awarding.papers.paper import Head, Paper
from app.awarding.papers.qualification_sheet import Examined, qualification_sheet
from app.awarding.reports.results import Language
from app.core.procedure.deadlines import day_in_china
from app.examination.qualifications.service import listing as qualifications_of
from app.examination.screening.proposals import results_by_id
from app.platform.database.identifiers import is_practice
from app.platform.problems import Conflict
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import bids_in_play
from app.tendering.tenders.procedure import Procedure, procedure_of
from app.tendering.tenders.service import terms_of, visible

_DECIDED = ("active", "unsuccessful")


class PaperNotReady(Conflict):
    """The sheet of a lot exists once each of its bids has a qualification decision, the report once it is ranked."""

    code, title = "paper_not_ready", "What this paper states has not been decided yet"
    article = "财政部令第87号 第四十四条、第五十八条"


def qualification_paper(work: UnitOfWork, tender_id: str, lot_id: str, language: Language) -> Paper:
    """Return the 资格审查表 of a lot. Errors: NotFound, PaperNotReady."""
    procedure = procedure_of(work, tender_id)
    procedure.lot(lot_id)
    bids = bids_in_play(work, lot_id)
    rows = work.session.scalars(qualifications_of(work, tender_id, None)).all()
    decided = {row.bid_id: row for row in rows if row.state in _DECIDED}
    if not bids or any(bid.id not in decided for bid in bids):
        raise PaperNotReady
    results = results_by_id(work, {decided[bid.id].screening_id for bid in bids})
    examined = []
    for bid in bids:
        row = decided[bid.id]
        answers = orjson.loads(results[row.screening_id]).get("requirements", ())
        examined.append(
            Examined(
                bidder=bid.organization_name,
                proposal=row.proposal,
                decision=row.state,
                reason=row.reason,
                decided_on=day_in_china(row.decided_at),
                answers={answer["id"]: answer for answer in answers},
            )
        )
    last = max(decided[bid.id].decided_at for bid in bids)
    requirements = terms_of(work, tender_id).policy.requirements
    titles = [(one.id, getattr(one.title, language)) for one in requirements]
    return qualification_sheet(_head(work, procedure, lot_id, last, language), titles, examined)


def evaluation_paper(work: UnitOfWork, tender_id: str, lot_id: str, language: Language) -> Paper:
    """Return the 评标报告 of a lot from its newest ranking. Errors: NotFound, PaperNotReady."""
    procedure = procedure_of(work, tender_id)
    procedure.lot(lot_id)
    ranking = newest(work, lot_id)
    if ranking is None:
        raise PaperNotReady
    stands = stands_of(work, ranking.id)
    found = Evaluated(
        ranking=ranking.input["ranking"],
        result=ranking.result,
        result_hash=ranking.result_hash,
        policy_sha256=ranking.policy_sha256,
        engine_version=ranking.engine_version,
        bidders={bid.id: bid.organization_name for bid in bids_in_play(work, lot_id)},
        factors={factor.id: getattr(factor.title, language) for factor in procedure.scheme.factors},
        stands=[(one.member, one.stand, one.signature.dissent if one.signature else None) for one in stands],
    )
    return evaluation_report(_head(work, procedure, lot_id, ranking.created_at, language), found)


PAPERS: dict[str, Callable[[UnitOfWork, str, str, Language], Paper]] = {
    "qualification-sheet": qualification_paper,
    "evaluation-report": evaluation_paper,
}


def _head(work: UnitOfWork, procedure: Procedure, lot_id: str, decided_at: datetime, language: Language) -> Head:
    return Head(
        tender_id=procedure.id,
        tender_title=visible(work, procedure.id).title,
        lot_name=procedure.lot(lot_id).name,
        decided_at=decided_at,
        practice=is_practice(procedure.id),
        language=language,
    )
