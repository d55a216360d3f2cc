"""Every feature, registered in one place: its routes, its tables and its jobs."""

from collections.abc import Mapping

from app.access import routes as access
from app.access import tables as _access
from app.audit import routes as audit
from app.audit import tables as _audit
from app.awards import routes as awards
from app.awards import tables as _awards
from app.bids import routes as bids
from app.bids import tables as _bids
from app.checks import routes as checks
from app.clarifications import routes as clarifications
from app.clarifications import tables as _clarifications
from app.committee import routes as committee
from app.committee import tables as _committee
from app.consortia import routes as consortia
from app.consortia import tables as _consortia
from app.contracts import lateness
from app.contracts import routes as contracts
from app.contracts import tables as _contracts
from app.credit import jobs as credit_jobs
from app.credit import routes as credit
from app.credit import tables as _credit
from app.deadlines import routes as deadlines
from app.deadlines import tables as _deadlines
from app.documents import jobs as document_jobs
from app.documents import routes as documents
from app.documents import tables as _documents
from app.envelopes import routes as envelopes
from app.envelopes import tables as _envelopes
from app.evaluation import routes as evaluation
from app.evaluation import tables as _evaluation
from app.integrity import jobs as integrity_jobs
from app.integrity import routes as integrity
from app.integrity import tables as _integrity
from app.integrity.service import COMPUTE_JOB
from app.jobs import routes as jobs
from app.jobs import tables as _jobs
from app.jobs.run import Handler
from app.notices import routes as notices
from app.notices import tables as _notices
from app.organizations import routes as organizations
from app.organizations import tables as _organizations
from app.policies import routes as policies
from app.qualifications import routes as qualifications
from app.qualifications import tables as _qualifications
from app.remedies import routes as remedies
from app.remedies import tables as _remedies
from app.reviews import routes as reviews
from app.reviews import tables as _reviews
from app.rosters import routes as rosters
from app.rosters import tables as _rosters
from app.screening import jobs as screening_jobs
from app.screening import routes as screening
from app.screening import tables as _screening
from app.tenders import routes as tenders
from app.tenders import tables as _tenders
from app.users import routes as users
from app.users import tables as _users
from app.web import routes as web
from app.web import tables as _web
from app.web.routing import Router

# Looked up in this order: what is asked most stands first.
ROUTERS: tuple[Router, ...] = (
    web.router,
    screening.router,
    access.router,
    users.router,
    audit.router,
    jobs.router,
    policies.router,
    organizations.router,
    rosters.router,
    documents.router,
    tenders.router,
    envelopes.router,
    credit.router,
    bids.router,
    qualifications.router,
    evaluation.router,
    awards.router,
    checks.router,
    clarifications.router,
    committee.router,
    consortia.router,
    contracts.router,
    deadlines.router,
    notices.router,
    remedies.router,
    reviews.router,
    integrity.router,
)

# Importing a feature's tables is what puts them into the metadata.
TABLES = (
    _access,
    _audit,
    _awards,
    _bids,
    _credit,
    _clarifications,
    _committee,
    _consortia,
    _contracts,
    _deadlines,
    _documents,
    _notices,
    _remedies,
    _reviews,
    _envelopes,
    _evaluation,
    _integrity,
    _jobs,
    _organizations,
    _qualifications,
    _rosters,
    _screening,
    _tenders,
    _users,
    _web,
)

JOB_HANDLERS: Mapping[str, Handler] = {
    lateness.KIND: lateness.run_daily,
    credit_jobs.KIND: credit_jobs.run_import,
    document_jobs.KIND: document_jobs.run_extraction,
    COMPUTE_JOB: integrity_jobs.run_compute,
    screening_jobs.BATCH_JOB: screening_jobs.run_batch,
}
