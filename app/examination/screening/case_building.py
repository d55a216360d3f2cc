"""The facts of a case, gathered from the features that hold them: dossier, documents, lists, the tender's other rosters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.bidders.documents.service import records_of
from app.bidders.dossier_reader import DossierRefused, ReadDossier, check_dossier
from app.bidders.dossiers.service import stored_dossier
from app.core.eligibility.screening import Assurance
from app.core.facts.dossier import NOTHING_SHARED, SharedFacts
from app.core.facts.policy import Policy
from app.core.staff.sharing import shared_facts
from app.evidence.credit.service import credit_facts
from app.examination.integrity.effects import without_dismissed
from app.examination.screening.inputs import Inputs
from app.examination.screening.rules import Rules
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.service import terms_of


class DeadlineMissing(Conflict):
    """A tender without bid deadline has no day to screen for."""

    code, title = "deadline_missing", "The tender has no bid deadline yet, so there is no day to screen for"


@dataclass(frozen=True, slots=True)
class Setting:
    """What all cases of one tender, or one request, are judged by."""

    rules: Rules
    as_of: date
    assurance: Assurance

    @property
    def policy(self) -> Policy:
        """The policy."""
        return self.rules.policy


def tender_setting(work: UnitOfWork, tender_id: str, as_of: date | None, assurance: Assurance | None) -> Setting:
    """A tender's policy, the day of its bid deadline, its assurance; day and assurance may be asked for otherwise."""
    terms = terms_of(work, tender_id)
    day = as_of or terms.as_of
    if day is None:
        raise DeadlineMissing
    return Setting(Rules(terms.policy, terms.document), day, assurance or Assurance(terms.assurance))


def shared_of(
    work: UnitOfWork, tender_id: str, organizations: Sequence[str], setting: Setting
) -> dict[str, SharedFacts]:
    """What each organization's roster shares with those of the others, less what a person found to be no duplicate."""
    dossiers = [stored_dossier(work, organization_id, setting.as_of).facts for organization_id in organizations]
    shared = shared_facts(dossiers, setting.policy, setting.as_of)
    return without_dismissed(work, tender_id, dict(zip(organizations, shared, strict=True)))


def tender_case(work: UnitOfWork, organization_id: str, setting: Setting, shared: SharedFacts) -> Inputs:
    """The case of an organization within a tender."""
    dossier = stored_dossier(work, organization_id, setting.as_of)
    records: Sequence[Any] = ()
    if setting.assurance is Assurance.DOCUMENTED:
        records = records_of(work, organization_id)
    return _case(work, dossier, setting, shared, records)


def inline_case(work: UnitOfWork, data: Any, setting: Setting, shared: SharedFacts = NOTHING_SHARED) -> Inputs:
    """The case of a dossier that came with the request."""
    return _case(work, checked(data, "/dossier"), setting, shared, ())


def checked(data: Any, pointer: str) -> ReadDossier:
    """A dossier in plain values; Invalid with its pointer below `pointer`."""
    try:
        return check_dossier(data)
    except DossierRefused as refusal:
        raise Invalid(faults=[Fault(refusal.code, refusal.message, pointer + refusal.pointer)]) from None


def _case(
    work: UnitOfWork, dossier: ReadDossier, setting: Setting, shared: SharedFacts, records: Sequence[Any]
) -> Inputs:
    credit = credit_facts(work, dossier.facts.organization, setting.policy, setting.as_of)
    return Inputs(dossier, setting.as_of, setting.assurance, credit, shared, records)
