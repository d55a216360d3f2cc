"""Routes and tables of administration."""

from collections.abc import Mapping

from app.administration.api_keys import routes as api_keys
from app.administration.api_keys import tables as _api_keys
from app.administration.duties import jobs as duties
from app.administration.health import routes as health
from app.administration.labels import routes as labels
from app.administration.trail import routes as trail
from app.administration.users import routes as users
from app.administration.users import tables as _users
from app.platform.jobs.kinds import LATER, JobKind
from app.platform.web.routing import Router

ROUTERS: tuple[Router, ...] = (health.router, api_keys.router, users.router, trail.router, labels.router)
TABLES = (_api_keys, _users)
JOB_KINDS: Mapping[str, JobKind] = {
    duties.RETENTION: JobKind(duties.report_retention, lane="duties", priority=LATER, daily=True),
    duties.UNFINISHED: JobKind(duties.clear_unfinished, lane="duties", priority=LATER, daily=True),
    duties.BACKUP: JobKind(duties.make_backup, lane="duties", priority=LATER, daily=True),
    duties.LIST_AGE: JobKind(duties.report_list_age, lane="duties", priority=LATER, daily=True),
}
