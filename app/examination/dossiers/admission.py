"""Which late parts of a dossier a screening admits: those that answer a clarification (财政部令第87号 第五十一条)."""

from collections.abc import Iterable

from sqlalchemy import select

from app.examination.dossiers.tables import AdmittedPart
from app.platform.unit_of_work import UnitOfWork


def admit(
    work: UnitOfWork, tender_id: str, organization_id: str, parts: Iterable[str], *, clarification_id: str
) -> None:
    """Admit these documents and versions although they are late; the audit event of the clarification's answer covers it."""
    for part in sorted(set(parts)):
        row = AdmittedPart(
            tender_id=tender_id, organization_id=organization_id, part=part, clarification_id=clarification_id
        )
        work.session.add(row)
    work.session.flush()


def admitted_parts(work: UnitOfWork, tender_id: str) -> dict[str, frozenset[str]]:
    """Return the ids of admitted documents and versions by organization, in one statement."""
    query = select(AdmittedPart.organization_id, AdmittedPart.part).where(AdmittedPart.tender_id == tender_id)
    found: dict[str, frozenset[str]] = {}
    for organization, part in work.session.execute(query):
        found[organization] = found.get(organization, frozenset()) | {part}
    return found
