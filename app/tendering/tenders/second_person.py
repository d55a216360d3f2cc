"""The acts for which the policy of a tender demands two persons (app/core/procedure/second_person.py)."""

from typing import Any

from app.core.procedure.second_person import OF_TENDER, Act
from app.platform.approvals.desk import OfTender
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.tables import Lot, Tender


def acts_of(work: UnitOfWork, address: dict[str, Any]) -> OfTender | None:
    """Return the tender that path parameters name, by itself or by a lot, with those acts; None without a tender."""
    tender_id = address.get("tender_id")
    if tender_id is None and "lot_id" in address:
        lot = work.session.get(Lot, address["lot_id"])
        tender_id = lot.tender_id if lot else None
    tender = work.session.get(Tender, tender_id) if tender_id else None
    if tender is None:
        return None
    stated = tender.policy_document.get("approvals")
    return OfTender(tender.id, OF_TENDER if stated is None else frozenset(map(Act, stated)))
