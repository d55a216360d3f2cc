"""Checks over HTTP; nothing is stored."""

from app.checks import service
from app.checks.schemas import Checked, EvaluatorIn, ServicePlanIn
from app.web.routing import Router
from app.web.types import Id
from app.work import Work

router = Router(prefix="/tenders/{tender_id}", tags=["checks"])


@router.post("/service-plan-checks")
def check_service_plan(tender_id: Id, body: ServicePlanIn, work: Work) -> Checked:
    """A service plan against the tender's policy: outcome, observed, margin of each condition."""
    return Checked.of(service.service_plan(work, tender_id, body))


@router.post("/evaluator-checks")
def check_supervising_evaluator(tender_id: Id, body: EvaluatorIn, work: Work) -> Checked:
    """The supervising evaluator's own qualification."""
    return Checked.of(service.evaluator(work, tender_id, body))
