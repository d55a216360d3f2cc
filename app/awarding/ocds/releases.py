"""Releases: one for each publication, with its content; the last one with the present state."""

from collections.abc import Iterator
from datetime import datetime

from app.awarding.ocds import parties
from app.awarding.ocds.bids_section import bids_section, opened_at
from app.awarding.ocds.facts import Facts
from app.awarding.ocds.outcome_sections import awards_section, contracts_section
from app.awarding.ocds.schemas import OcdsBudget, OcdsPlanning, OcdsRelease, OcdsValue, Tag
from app.awarding.ocds.tender_section import start_of, tender_section
from app.core.procedure.deadlines import day_in_china
from app.core.procedure.tender_state import TenderState
from app.core.values.canonical import sha256_hex


def ocid_of(prefix: str, tender_id: str) -> str:
    """Return the open contracting id: the publisher's registered prefix and the tender's id."""
    return f"{prefix}-{tender_id}"


def releases_of(facts: Facts, ocid: str, now: datetime) -> list[OcdsRelease]:
    """Return every release, oldest first.

    The first ones are dated by their publication: the call for tenders, each amendment, the opening. The last one
    carries the whole present state, and its id its content, so that a later state is another release.
    """
    published = [_publication_id(ocid, number) for number in range(len(facts.amendments) + 1)]
    return [*_publications(facts, ocid, published), _present(facts, ocid, published, now)]


def compiled(release: OcdsRelease) -> OcdsRelease:
    """Return the merged state: the last release holds every section completely."""
    return release.model_copy(update={"id": f"{release.id}-compiled", "tag": ["compiled"]})


def _publication_id(ocid: str, number: int) -> str:
    return f"{ocid}-tender-{number + 1}"


def _publications(facts: Facts, ocid: str, published: list[str]) -> Iterator[OcdsRelease]:
    """Yield the call and its amendments, as they were before the opening."""
    known = tender_section(facts.before_opening(), published)
    deadlines = [row.deadline_before for row in facts.amendments] + [facts.tender.bid_deadline]
    dates: list[datetime] = [facts.tender.published_at, *(row.created_at for row in facts.amendments)]
    for number, (identifier, date, deadline) in enumerate(zip(published, dates, deadlines, strict=True)):
        tag: Tag = "tenderAmendment" if number else "tender"
        period = known.tender_period.model_copy(update={"end_date": deadline})
        lots = [lot.model_copy(update={"status": "active"}) for lot in known.lots]
        changes = {"tender_period": period, "lots": lots, "status": "active"}
        changes["amendments"] = known.amendments[:number]
        changes["documents"] = [one for one in known.documents if one.date_published <= date]
        changes["enquiries"], changes["has_enquiries"] = [], False
        yield OcdsRelease(
            ocid=ocid,
            id=identifier,
            date=date,
            tag=[tag],
            parties=parties.parties(facts.before_opening(), ()),
            buyer=parties.buyer(facts),
            planning=_planning(facts),
            tender=known.model_copy(update=changes),
        )


def _present(facts: Facts, ocid: str, published: list[str], now: datetime) -> OcdsRelease:
    results = facts.announced_at is not None
    awards = awards_section(facts)
    suppliers = {one.id for award in awards if award.status == "active" for one in award.suppliers}
    whole = OcdsRelease(
        ocid=ocid,
        id="",
        date=_latest(facts),
        tag=_tags(facts),
        parties=parties.parties(facts, suppliers),
        buyer=parties.buyer(facts),
        planning=_planning(facts),
        tender=tender_section(facts, published),
        bids=bids_section(facts, with_results=results),
        awards=awards,
        contracts=contracts_section(facts, day_in_china(now)),
    )
    content = sha256_hex(whole.model_dump_json().encode())
    return whole.model_copy(update={"id": f"{ocid}-{content[:16]}"})


def _tags(facts: Facts) -> list[Tag]:
    if facts.procedure.state is TenderState.CANCELLED:
        return ["tenderCancellation"]
    tags: list[Tag] = ["tenderUpdate"]
    tags += ["award"] if facts.awards else []
    tags += ["contract"] if facts.contracts else []
    return tags


def _latest(facts: Facts) -> datetime:
    """Return the instant of the newest published fact."""
    contracts = [row for row, _ in facts.contracts]
    rows = (*facts.amendments, *facts.notices, *facts.awards, *facts.challenges, *contracts)
    days = [row.signed_on for row in contracts] + [row.answered_on for row in facts.challenges]
    days += [milestone.reached_on for _, milestones in facts.contracts for milestone in milestones]
    dates: list[datetime] = [
        facts.tender.published_at,
        *(row.created_at for row in rows),
        *(start_of(day) for day in days if day),
    ]
    return max([*dates, opened_at(facts)] if facts.bids else dates)


def _planning(facts: Facts) -> OcdsPlanning | None:
    fund = facts.tender.plan.get("fund")
    if not fund:
        return None
    amount = OcdsValue(amount=float(fund["total"]))
    return OcdsPlanning(budget=OcdsBudget(description=fund["source"]["zh"], amount=amount))
