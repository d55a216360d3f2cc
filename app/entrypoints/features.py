"""The features of all wings: routes, tables and jobs. A new feature is registered in the `features.py` of its wing."""

from collections.abc import Mapping

from app.administration import features as administration
from app.awarding import features as awarding
from app.bidders import features as bidders
from app.evidence import features as evidence
from app.examination import features as examination
from app.platform import features as platform
from app.platform.jobs.kinds import KINDS, JobKind
from app.platform.web.routing import Router
from app.tendering import features as tendering

_WINGS = (examination, administration, bidders, tendering, evidence, awarding, platform)

# Routes are matched in this order: the most requested first.
ROUTERS: tuple[Router, ...] = tuple(router for wing in _WINGS for router in wing.ROUTERS)
JOB_KINDS: Mapping[str, JobKind] = {
    **evidence.JOB_KINDS,
    **bidders.JOB_KINDS,
    **examination.JOB_KINDS,
    **awarding.JOB_KINDS,
    **administration.JOB_KINDS,
}
KINDS.update(JOB_KINDS)
