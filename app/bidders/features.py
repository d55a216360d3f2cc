"""Organizations, rosters, documents and dossiers: routes, tables, and the extraction job."""

from collections.abc import Mapping

from app.bidders.account_notices import tables as _account_notices
from app.bidders.documents import jobs as document_jobs
from app.bidders.documents import routes as documents
from app.bidders.documents import tables as _documents
from app.bidders.dossiers import routes as dossiers
from app.bidders.dossiers import tables as _dossiers
from app.bidders.organizations import routes as organizations
from app.bidders.organizations import tables as _organizations
from app.bidders.rosters import routes as rosters
from app.bidders.rosters import tables as _rosters
from app.platform.jobs.kinds import JobKind
from app.platform.web.routing import Router

ROUTERS: tuple[Router, ...] = (organizations.router, dossiers.router, rosters.router, documents.router)
TABLES = (_account_notices, _organizations, _dossiers, _rosters, _documents)
JOB_KINDS: Mapping[str, JobKind] = {
    document_jobs.KIND: JobKind(document_jobs.run_extraction, document_jobs.abandon, document_jobs.restore, lane="ocr")
}
