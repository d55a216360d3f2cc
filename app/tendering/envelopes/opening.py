"""Close the bidding at the deadline and open the bids 开标 (财政部令第87号 第四十条、第四十一条), each in one transaction."""

import hashlib
from collections import Counter
from dataclasses import asdict, replace
from typing import Any

from app.bidders.dossiers.uploaded import uploaded_by
from app.bidders.organizations.registry import visible as organization_of
from app.core.bids.reading import Place, Reading, derived, read, receipt_hash, record_hash, unread
from app.core.bids.sealing import (
    Sealed,
    SealRefused,
    commitment,
    draw_seed,
    hash_list,
    hash_of_list,
    proof_fault,
    unstored,
)
from app.core.bids.stated import differences
from app.core.procedure.qualification import BidState
from app.core.procedure.state_machine import Mover
from app.core.procedure.tender_state import LotState, TenderState
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Problem
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids import service as bids
from app.tendering.envelopes import age
from app.tendering.envelopes.keys import locked
from app.tendering.envelopes.schemas import ConfirmationIn, TenderKeyIn
from app.tendering.envelopes.service import EnvelopeStep, find, sealed_of, step
from app.tendering.envelopes.tables import Envelope, Opening
from app.tendering.notices.publish import publish_notice
from app.tendering.tenders import service as tenders
from app.tendering.tenders.practice import real_deadline, time_of
from app.tendering.tenders.procedure import procedure_of

TOO_FEW = "投标人不足三家，不得开标（财政部令第87号 第四十一条）"  # as bidders read it in the notice
LEAST_BIDDERS = 3  # 财政部令第87号 第四十一条: fewer than three bidders, no opening


class ListFirst(Conflict):
    """The list of envelopes must be published to every bidder before any custodian acts."""

    code, title = "list_first", "Bidding must be closed before the bids are opened"
    article = "财政部令第87号 第四十条"


class TenderKeyRefused(Problem):
    """The submitted key is not this tender's key; the audit trail records the attempt."""

    code, title, status = "tender_key_refused", "The key does not belong to this tender", 422
    article = "财政部令第87号 第四十一条"


def close(work: UnitOfWork, tender_id: str) -> Opening:
    """Publish the list of envelopes at the deadline; lots with too few fail, their envelopes are returned unopened."""
    row = locked(work, tender_id)
    tender = tenders.visible(work, tender_id)
    if row.closed_at is not None or tender.state != TenderState.TENDERING:
        raise EnvelopeStep("Bidding is already closed")
    if tender.bid_deadline is None or time_of(work, tender) < tender.bid_deadline:
        raise tenders.BiddingOpen
    envelopes = sealed_of(work, tender_id)
    listed = hash_list(map(_sealed, envelopes))
    failed = _fail_lots(work, tender_id, envelopes)
    row.closed_at, row.list_sha256 = time_of(work, tender), hash_of_list(listed)
    row.listed = {"envelopes": [asdict(one) for one in listed], "failedLots": failed}
    work.session.flush()
    work.publish(tender_id, "list", row.list_sha256)
    after = {"listSha256": row.list_sha256, "envelopes": len(listed), "failedLots": failed}
    for chain in (tender_id, row.id):  # the envelopes' audit chain is visible from here on
        work.record(Event.OFFICER_OPENING_CLOSE, subject=row.id, tender=chain, after=after)
    for one in failed:
        publish_notice(work, tender_id, "lot_failed", {"lotId": one["lot"], "reason": TOO_FEW})
    if len(failed) == len(tenders.lots_of(work, tender_id)):
        tenders.move(work, tender, TenderState.UNSUCCESSFUL, "各采购单元投标人均不足三家")
    return row


def _fail_lots(work: UnitOfWork, tender_id: str, envelopes: Any) -> list[dict[str, Any]]:
    counts = Counter(one.lot_id for one in envelopes)
    few = [lot for lot in tenders.lots_of(work, tender_id) if counts[lot.id] < LEAST_BIDDERS]
    for lot in few:
        if lot.state == LotState.ACTIVE:
            tenders.move_lot(work, lot.id, LotState.UNSUCCESSFUL, TOO_FEW)
    for one in envelopes:
        if counts[one.lot_id] < LEAST_BIDDERS:
            step(one, BidState.RETURNED, Mover.CLOCK)
    return [{"lot": lot.id, "envelopes": counts[lot.id]} for lot in few]


def open_all(work: UnitOfWork, tender_id: str, key: TenderKeyIn) -> Opening | TenderKeyRefused:
    """Decrypt every valid envelope with the custodians' key, and record the envelopes that cannot be decrypted."""
    row = locked(work, tender_id)
    if row.opened_at is not None:
        raise EnvelopeStep("The bids are already open")
    if row.closed_at is None:
        raise ListFirst
    tenders_row = tenders.visible(work, tender_id)
    if tenders_row.state != TenderState.TENDERING:
        raise EnvelopeStep("The tender's phase does not allow an opening")
    if not _is_key_of(row, key):
        work.record(Event.OFFICER_OPENING_REFUSE, subject=row.id, tender=tender_id, after={"key": "refused"})
        return TenderKeyRefused()
    tenders.opened(work, tenders_row)
    opened = [(one, _read(one, key.identity)) for one in sealed_of(work, tender_id)]
    row.record = [_record(work, row, *one) for one in opened]
    row.record_sha256 = record_hash(row.record)
    secret = bytes.fromhex(key.draw_secret)
    row.draw_secret = key.draw_secret
    row.draw_seed = draw_seed(secret, (one.contents.nonce for _, one in opened if one.contents))
    row.opened_at = time_of(work, tenders_row)
    work.session.flush()
    after = {
        "opened": len(opened),
        "faults": sum(one.fault is not None for _, one in opened),
        "drawSeed": row.draw_seed,
    }
    after["recordSha256"] = row.record_sha256
    work.publish(tender_id, "record", row.record_sha256)
    work.record(Event.OFFICER_OPENING_OPEN, subject=row.id, tender=tender_id, after=after)
    return row


def _is_key_of(row: Opening, key: TenderKeyIn) -> bool:
    try:
        return (
            age.recipient_of(key.identity) == row.public_key
            and commitment(bytes.fromhex(key.draw_secret)) == row.commitment
        )
    except (SealRefused, ValueError):
        return False


def _sealed(row: Envelope) -> Sealed:
    received = row.received_at.isoformat()
    receipt = receipt_hash(row.tender_id, row.lot_id, row.receipt, row.sha256, received)
    return Sealed(row.receipt, row.lot_id, row.sha256, receipt)


def _read(row: Envelope, identity: str) -> Reading:
    """Decrypt and read one envelope; an error in it does not affect the others."""
    try:
        text = age.unseal(unstored(row.ciphertext), identity)
    except SealRefused as refused:
        return unread(refused.code)
    return read(text, Place(row.tender_id, row.lot_id, row.organization_id))


def _record(work: UnitOfWork, opening: Opening, row: Envelope, reading: Reading) -> dict[str, Any]:
    """Record the bid and return its line of the public record."""
    name = organization_of(work, row.organization_id).name
    listed = [Sealed(**entry) for entry in (opening.listed or {})["envelopes"]]
    bytes_now = hashlib.sha256(unstored(row.ciphertext)).hexdigest()
    unproven = proof_fault(replace(_sealed(row), sha256=bytes_now), listed, opening.list_sha256 or "")
    if unproven and not reading.fault:
        reading = replace(reading, price=None, fault=unproven)
    line, fault = derived(reading), reading.fault
    price = reading.price.price if reading.price else None
    offered = reading.contents.offered if reading.contents and not fault else None
    bid = bids.enter(work, bids.Opened(row.tender_id, row.lot_id, row.organization_id, name, price, offered, fault))
    step(row, BidState.INVALID if fault else BidState.OPENED, Mover.CUSTODIANS)
    differing = _differences(work, row, reading)
    if differing:
        bids.warn(work, bid, differing)
    row.bid_id, row.contents_sha256 = bid.id, line["contentsSha256"]
    row.price_read = {"status": line["priceStatus"], "corrections": line["corrections"]}
    return {
        "envelope": row.id,
        "receipt": row.receipt,
        "lot": row.lot_id,
        "organization": row.organization_id,
        "organizationName": name,
        "bid": bid.id,
        "sha256": row.sha256,
        "receivedAt": row.received_at.isoformat(),
        "differences": differing,
        **line,
    }


def _differences(work: UnitOfWork, row: Envelope, reading: Reading) -> list[dict[str, Any]]:
    """Return where the contents state other documents, or another dossier, than were uploaded by the deadline."""
    if reading.contents is None:
        return []
    deadline = real_deadline(tenders.visible(work, row.tender_id))
    found = differences(reading.contents, uploaded_by(work, row.organization_id, deadline))
    return [{"code": one.code.value, "stated": one.stated, "found": one.found} for one in found]


def confirm_price(work: UnitOfWork, tender_id: str, body: ConfirmationIn) -> Envelope:
    """Record the bidder's answer to a corrected price; a refusal makes the bid invalid (第五十九条、第五十一条第二款)."""
    procedure_of(work, tender_id).require(TenderState.QUALIFICATION, TenderState.EVALUATION)
    row = find(work, tender_id, body.envelope)
    if not (row.price_read or {}).get("corrections") or row.price_confirmed is not None or row.bid_id is None:
        raise EnvelopeStep("This envelope has no corrected price that awaits an answer")
    row.price_confirmed, row.price_answer = body.confirmed, body.answer
    work.session.flush()
    after = {"confirmed": body.confirmed, "bid": row.bid_id}
    work.record(Event.OFFICER_PRICE_CONFIRM, subject=row.id, tender=tender_id, after=after)
    if not body.confirmed:
        bids.refuse_price(work, row.bid_id, body.answer)
    return row
