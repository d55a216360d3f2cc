"""Policies, tenders, deadlines, bids, envelopes, submissions, notices and remedies: routes and tables."""

from app.platform.web.routing import Router
from app.tendering.bids import routes as bids
from app.tendering.bids import tables as _bids
from app.tendering.deadlines import routes as deadlines
from app.tendering.deadlines import tables as _deadlines
from app.tendering.envelopes import routes as envelopes
from app.tendering.envelopes import tables as _envelopes
from app.tendering.notices import routes as notices
from app.tendering.notices import tables as _notices
from app.tendering.policies import routes as policies
from app.tendering.remedies import routes as remedies
from app.tendering.remedies import tables as _remedies
from app.tendering.submissions import routes as submissions
from app.tendering.submissions import tables as _submissions
from app.tendering.tenders import routes as tenders
from app.tendering.tenders import tables as _tenders

ROUTERS: tuple[Router, ...] = (
    policies.router,
    tenders.router,
    envelopes.router,
    bids.router,
    deadlines.router,
    notices.router,
    remedies.router,
    submissions.router,
)
TABLES = (_tenders, _envelopes, _bids, _deadlines, _notices, _remedies, _submissions)
