"""Screening and the features around it: routes, tables, and the jobs for batches and integrity leads."""

from collections.abc import Mapping

from app.examination.checks import routes as checks
from app.examination.clarifications import routes as clarifications
from app.examination.clarifications import tables as _clarifications
from app.examination.consortia import routes as consortia
from app.examination.consortia import tables as _consortia
from app.examination.credit_searches import routes as credit_searches
from app.examination.credit_searches import tables as _credit_searches
from app.examination.dossiers import routes as dossiers
from app.examination.dossiers import tables as _dossiers
from app.examination.integrity import jobs as integrity_jobs
from app.examination.integrity import routes as integrity
from app.examination.integrity import tables as _integrity
from app.examination.integrity.service import COMPUTE_JOB
from app.examination.matrix import routes as matrix
from app.examination.participants import tables as _participants
from app.examination.qualifications import routes as qualifications
from app.examination.qualifications import tables as _qualifications
from app.examination.reviews import routes as reviews
from app.examination.reviews import tables as _reviews
from app.examination.screening import jobs as screening_jobs
from app.examination.screening import routes as screening
from app.examination.screening import tables as _screening
from app.examination.screening.service import BATCH_JOB
from app.platform.jobs.kinds import URGENT, JobKind
from app.platform.web.routing import Router

ROUTERS: tuple[Router, ...] = (
    screening.router,
    matrix.router,
    dossiers.router,
    credit_searches.router,
    qualifications.router,
    checks.router,
    clarifications.router,
    consortia.router,
    reviews.router,
    integrity.router,
)
TABLES = (
    _screening,
    _participants,
    _dossiers,
    _credit_searches,
    _qualifications,
    _clarifications,
    _consortia,
    _reviews,
    _integrity,
)
JOB_KINDS: Mapping[str, JobKind] = {
    COMPUTE_JOB: JobKind(integrity_jobs.run_compute, lane="integrity"),
    BATCH_JOB: JobKind(screening_jobs.run_batch, lane="screening", priority=URGENT),
}
