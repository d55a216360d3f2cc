"""Checks over HTTP; the audit trail records verdict and hashes of the monitoring body's check."""

from app.examination.checks import service
from app.examination.checks.schemas import Checked, EvaluatorChecked, EvaluatorIn, ServicePlanIn
from app.platform.unit_of_work import Work
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}", tags=["checks"])


@router.post("/service-plan-checks")
def check_service_plan(tender_id: Id, body: ServicePlanIn, work: Work) -> Checked:
    """Check a service plan against the tender's policy: outcome, observed value and margin of each condition."""
    return Checked.of(service.service_plan(work, tender_id, body))


@router.post("/evaluator-checks")
def check_supervising_evaluator(tender_id: Id, body: EvaluatorIn, work: Work) -> EvaluatorChecked:
    """Screen the monitoring body (监管评估机构) under its own policy."""
    return EvaluatorChecked.screened(service.screen_monitoring_body(work, tender_id, body))
