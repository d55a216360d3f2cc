"""Which late parts of a dossier a screening admits: those that answer a clarification (财政部令第87号 第五十一条)."""

from sqlalchemy import select

from app.core.procedure.clarification import About
from app.examination.clarifications.tables import Clarification
from app.platform.unit_of_work import UnitOfWork


def clarified_parts(work: UnitOfWork, tender_id: str) -> dict[str, frozenset[str]]:
    """Return the parts that answers about a requirement name, by organization; new facts have been refused before."""
    query = select(Clarification.organization_id, Clarification.facts).where(
        Clarification.tender_id == tender_id,
        Clarification.about == About.REQUIREMENT.value,
        Clarification.answered_at.is_not(None),
    )
    found: dict[str, frozenset[str]] = {}
    for organization, facts in work.session.execute(query):
        named = {fact["part"] for fact in facts or () if fact.get("part")}
        found[organization] = found.get(organization, frozenset()) | named
    return found
