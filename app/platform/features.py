"""Routes, tables and jobs of the platform itself."""

from app.platform.approvals import routes as approvals
from app.platform.approvals import tables as _approvals
from app.platform.audit import tables as _audit
from app.platform.jobs import routes as jobs
from app.platform.jobs import tables as _jobs
from app.platform.web import tables as _web
from app.platform.web.routing import Router

ROUTERS: tuple[Router, ...] = (jobs.router, approvals.router)
TABLES = (_approvals, _audit, _jobs, _web)
