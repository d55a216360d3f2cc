"""Credit lists over HTTP, their tables and the import job."""

from collections.abc import Mapping

from app.evidence.credit import jobs as credit_jobs
from app.evidence.credit import routes as credit
from app.evidence.credit import tables as _credit
from app.platform.jobs.kinds import JobKind
from app.platform.web.routing import Router

ROUTERS: tuple[Router, ...] = (credit.router,)
TABLES = (_credit,)
JOB_KINDS: Mapping[str, JobKind] = {
    credit_jobs.KIND: JobKind(credit_jobs.run_import, credit_jobs.abandon, credit_jobs.restore, lane="lists")
}
