"""The tender section: terms, lots, requirements, notices and challenges."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from app.awarding.ocds import parties
from app.awarding.ocds.facts import Facts
from app.awarding.ocds.schemas import (
    OcdsAmendment,
    OcdsCriterion,
    OcdsDocument,
    OcdsEnquiry,
    OcdsItem,
    OcdsLot,
    OcdsLotDetails,
    OcdsPeriod,
    OcdsRequirement,
    OcdsRequirementGroup,
    OcdsTender,
    OcdsValue,
    TenderStatus,
)
from app.core.facts.policy import COUNTS
from app.core.facts.policy import Requirement as PolicyRequirement
from app.core.procedure.deadlines import BEIJING
from app.core.procedure.tender_state import LotState, TenderState
from app.tendering.policies.plan import SchemePart

_STATUS: dict[TenderState, TenderStatus] = {
    TenderState.COMPLETE: "complete",
    TenderState.UNSUCCESSFUL: "unsuccessful",
    TenderState.CANCELLED: "cancelled",
}
_LOT_STATUS: dict[LotState, TenderStatus] = {
    LotState.PLANNED: "planned",
    LotState.ACTIVE: "active",
    LotState.COMPLETE: "complete",
    LotState.UNSUCCESSFUL: "unsuccessful",
    LotState.CANCELLED: "cancelled",
}
_NOTICES = {  # kind → OCDS document type and title
    "amendment": ("clarifications", "更正公告"),
    "award_result": ("awardNotice", "中标结果公告"),
    "lot_failed": ("cancellationDetails", "废标公告"),
    "opening_key": ("technicalSpecifications", "开标公钥公告"),
}
_RULES = {
    "independent": "各采购单元分别定标",
    "sequential": "按采购单元顺序依次定标",
    "optimal": "全部采购单元统筹定标",
}


def yuan(amount: Decimal) -> OcdsValue:
    """Return an amount as OCDS writes it; exact, since two decimal places of 12 digits fit a double."""
    return OcdsValue(amount=float(amount))


def start_of(day: date) -> datetime:
    """Return the first instant of a day in China."""
    return datetime.combine(day, time.min, BEIJING)


def end_of(day: date) -> datetime:
    """Return the last second of a day in China, when a period that ends on that day ends."""
    return datetime.combine(day, time(23, 59, 59), BEIJING)


def tender_section(facts: Facts, release_ids: list[str]) -> OcdsTender:
    """Return the tender as it is now; `release_ids` are those of the first publication and of each amendment, in order."""
    tender, lots = facts.tender, facts.procedure.lots
    scheme = facts.procedure.scheme
    organizations = dict.fromkeys(one for bid in facts.bids for one in parties.bidders(facts, bid))
    return OcdsTender(
        id=tender.id,
        title=tender.title,
        status=_STATUS.get(facts.procedure.state, "active"),
        procuring_entity=parties.procuring_entity(facts),
        items=[OcdsItem(id=lot.key, description=lot.name, related_lot=lot.id) for lot in lots],
        value=yuan(sum((lot.value for lot in lots), Decimal())),
        award_criteria=_criteria_kind(scheme),
        award_criteria_details=_criteria_details(scheme),
        submission_method=["electronicSubmission"] if facts.procedure.sealed else ["written"],
        tender_period=OcdsPeriod(start_date=tender.published_at, end_date=tender.bid_deadline),
        contract_period=_term(facts),
        has_enquiries=bool(facts.challenges),
        enquiries=list(_enquiries(facts)),
        number_of_tenderers=len(organizations) if facts.bids else None,
        tenderers=parties.references(facts, organizations),
        documents=list(_documents(facts)),
        amendments=_amendments(facts, release_ids),
        lots=[OcdsLot(id=lot.id, title=lot.name, status=_LOT_STATUS[lot.state], value=yuan(lot.value)) for lot in lots],
        lot_details=OcdsLotDetails(
            maximum_lots_awarded_per_supplier=facts.procedure.award.limits.maximum_lots_awarded_per_supplier,
            award_criteria_details=_RULES[facts.procedure.award.rule],
        ),
        criteria=[_criterion(one) for one in facts.requirements],
    )


def _criteria_kind(scheme: SchemePart) -> Literal["ratedCriteria", "qualityOnly"]:
    return "qualityOnly" if scheme.price.formula == "fixed" or not scheme.price.points else "ratedCriteria"


def _criteria_details(scheme: SchemePart) -> str:
    factors = [f"价格 {scheme.price.points:f} 分", *(f"{one.title.zh} {one.points:f} 分" for one in scheme.factors)]
    return "综合评分法：" + "，".join(factors)


def _term(facts: Facts) -> OcdsPeriod | None:
    schedule = facts.tender.plan.get("schedule") or {}
    first, last = schedule.get("termFrom"), schedule.get("termTo")
    if not first and not last:
        return None
    return OcdsPeriod(
        start_date=start_of(date.fromisoformat(first)) if first else None,
        end_date=end_of(date.fromisoformat(last)) if last else None,
    )


def _enquiries(facts: Facts) -> Iterator[OcdsEnquiry]:
    for row in facts.challenges:
        answered = start_of(row.answered_on) if row.answered_on else None
        received = start_of(row.received_on)
        yield OcdsEnquiry(id=row.id, title="质疑", date=received, date_answered=answered, related_lot=row.lot_id)


def _documents(facts: Facts) -> Iterator[OcdsDocument]:
    """Yield the notices to all; their texts are not repeated here."""
    for notice in facts.notices:
        kind, title = _NOTICES[notice.kind]
        lots = [one["lotId"] for one in notice.content.get("lots", ())] or [notice.content.get("lotId")]
        yield OcdsDocument(
            id=notice.id,
            document_type=kind,
            title=title,
            date_published=notice.created_at,
            related_lots=[lot for lot in lots if lot],
        )


def _amendments(facts: Facts, release_ids: list[str]) -> list[OcdsAmendment]:
    return [
        OcdsAmendment(id=row.id, date=row.created_at, description=row.text, amends_release_id=before, release_id=after)
        for row, (before, after) in zip(facts.amendments, pairwise(release_ids), strict=True)
    ]


def _criterion(requirement: PolicyRequirement) -> OcdsCriterion:
    counted = requirement.check in COUNTS
    asked = OcdsRequirement(
        id=requirement.id,
        title=requirement.title.zh,
        data_type="integer" if counted else "boolean",
        min_value=requirement.minimum if counted else None,
        expected_value=None if counted else True,
    )
    return OcdsCriterion(
        id=requirement.id,
        title=requirement.title.zh,
        description="；".join(requirement.legal_basis) or None,
        requirement_groups=[OcdsRequirementGroup(id=requirement.id, requirements=[asked])],
    )
