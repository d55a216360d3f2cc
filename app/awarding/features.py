"""Committee, evaluation, awards, results and contracts: routes, tables, and the daily check for lateness."""

from collections.abc import Mapping

from app.awarding.awards import routes as awards
from app.awarding.awards import tables as _awards
from app.awarding.committee import routes as committee
from app.awarding.committee import tables as _committee
from app.awarding.contracts import lateness
from app.awarding.contracts import routes as contracts
from app.awarding.contracts import tables as _contracts
from app.awarding.evaluation import routes as evaluation
from app.awarding.evaluation import tables as _evaluation
from app.awarding.ocds import routes as ocds
from app.awarding.papers import routes as papers
from app.awarding.results import routes as results
from app.platform.jobs.kinds import LATER, JobKind
from app.platform.web.routing import Router

ROUTERS: tuple[Router, ...] = (
    evaluation.router,
    awards.router,
    committee.router,
    results.router,
    contracts.router,
    ocds.router,
    papers.router,
)
TABLES = (_evaluation, _awards, _committee, _contracts)
JOB_KINDS: Mapping[str, JobKind] = {
    lateness.KIND: JobKind(lateness.run_daily, lane="duties", priority=LATER, daily=True)
}
