"""Collect the facts of a case from the features that hold them: dossier, documents, lists, the tender's other rosters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.bidders.dossier_reader import DossierRefused, ReadDossier, check_dossier
from app.bidders.dossiers.as_of import Deadline, DossierAsOf, dossier_as_of
from app.core.eligibility.screening import Assurance
from app.core.facts.dossier import NOTHING_SHARED, SharedFacts
from app.core.facts.policy import Policy
from app.core.procedure.tender_state import TenderState
from app.core.staff.sharing import shared_facts
from app.evidence.credit.service import credit_facts
from app.examination.dossiers.admission import admitted_parts
from app.examination.integrity.effects import without_dismissed
from app.examination.screening.inputs import Inputs
from app.examination.screening.rules import Rules
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.practice import real_deadline
from app.tendering.tenders.procedure import procedure_of
from app.tendering.tenders.service import terms_of, visible

SCREENED_IN = (TenderState.DRAFT, TenderState.TENDERING, TenderState.QUALIFICATION, TenderState.EVALUATION)


class DeadlineMissing(Conflict):
    """A screening needs the tender's bid deadline as its as-of day."""

    code, title = "deadline_missing", "The tender has no bid deadline"


@dataclass(frozen=True, slots=True)
class TenderDeadline:
    """When bidding closed in real time, and the late parts that clarifications admit for each organization."""

    at: datetime | None
    clarified: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all cases of one tender or request share; `deadline` is None outside a tender."""

    rules: Rules
    as_of: date
    assurance: Assurance
    deadline: TenderDeadline | None = None

    @property
    def policy(self) -> Policy:
        """The policy."""
        return self.rules.policy


def tender_setting(work: UnitOfWork, tender_id: str, as_of: date | None, assurance: Assurance | None) -> Setting:
    """Return a tender's policy, the day of its bid deadline and its assurance; the request may state another day or
    assurance.

    WrongPhase once the tender is awarded or has ended: from then on only what-if analysis is available.
    """
    procedure_of(work, tender_id).require(*SCREENED_IN)
    terms = terms_of(work, tender_id)
    day = as_of or terms.as_of
    if day is None:
        raise DeadlineMissing
    deadline = TenderDeadline(real_deadline(visible(work, tender_id)), admitted_parts(work, tender_id))
    rules = Rules(terms.policy, terms.document)
    return Setting(rules, day, assurance or Assurance(terms.assurance), deadline)


def shared_of(
    work: UnitOfWork, tender_id: str, organizations: Sequence[str], setting: Setting
) -> dict[str, SharedFacts]:
    """Return what each roster shares with the others, without persons that an officer found not to be duplicates."""
    dossiers = [_counted(work, one, setting, with_records=False).dossier.facts for one in organizations]
    shared = shared_facts(dossiers, setting.policy, setting.as_of)
    return without_dismissed(work, tender_id, dict(zip(organizations, shared, strict=True)))


def tender_case(work: UnitOfWork, organization_id: str, setting: Setting, shared: SharedFacts) -> Inputs:
    """Build the case of an organization within a tender: its dossier as it was at the deadline."""
    counted = _counted(work, organization_id, setting, with_records=setting.assurance is Assurance.DOCUMENTED)
    return _case(work, counted.dossier, setting, shared, counted.records)


def _counted(work: UnitOfWork, organization_id: str, setting: Setting, *, with_records: bool) -> DossierAsOf:
    assert setting.deadline is not None  # the setting of a tender always has one
    clarified = setting.deadline.clarified.get(organization_id, frozenset())
    line = Deadline(setting.deadline.at, setting.as_of, clarified)
    return dossier_as_of(work, organization_id, line, with_records=with_records)


def inline_case(work: UnitOfWork, data: Any, setting: Setting, shared: SharedFacts = NOTHING_SHARED) -> Inputs:
    """Build the case of a dossier sent with the request."""
    return _case(work, checked(data, "/dossier"), setting, shared, ())


def checked(data: Any, pointer: str) -> ReadDossier:
    """Parse a dossier from plain values; raises Invalid with pointers below `pointer`."""
    try:
        return check_dossier(data)
    except DossierRefused as refusal:
        raise Invalid(faults=[Fault(refusal.code, refusal.message, pointer + refusal.pointer)]) from None


def _case(
    work: UnitOfWork, dossier: ReadDossier, setting: Setting, shared: SharedFacts, records: Sequence[Any]
) -> Inputs:
    credit = credit_facts(work, dossier.facts.organization, setting.policy, setting.as_of)
    return Inputs(dossier, setting.as_of, setting.assurance, credit, shared, records)
