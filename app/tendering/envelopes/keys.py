"""The tender's public key and its wraps: recorded by an officer after the ceremony, frozen at publication."""

from base64 import b64decode
from binascii import Error as NotBase64

from sqlalchemy import select

from app.core.bids.sealing import SealRefused, envelope_fault, key_subsets
from app.platform.audit.events import Event
from app.platform.database.identifiers import PRACTICE_OPENING, is_practice, new_id
from app.platform.problems import Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.envelopes import trials
from app.tendering.envelopes.pins import fingerprint, key_hash
from app.tendering.envelopes.schemas import KeyIn
from app.tendering.envelopes.tables import Opening
from app.tendering.notices.publish import replace_notice
from app.tendering.tenders.service import seal_with, visible


def put(work: UnitOfWork, tender_id: str, body: KeyIn) -> Opening:
    """Set or replace the key of a draft. Errors: `policy_frozen` after publication."""
    tender = visible(work, tender_id)
    _check(body)
    seal_with(work, tender, body.public_key, key_hash(body.model_dump(by_alias=True)))
    row = work.session.scalar(select(Opening).where(Opening.tender_id == tender_id))
    if row is None:
        row = Opening(id=new_id(PRACTICE_OPENING if is_practice(tender_id) else Opening.ID_PREFIX), tender_id=tender_id)
        work.session.add(row)
    row.public_key, row.commitment, row.threshold = body.public_key, body.commitment, body.threshold
    row.custodians = [one.model_dump() for one in body.custodians]
    row.wraps = [one.model_dump() for one in body.wraps]
    work.session.flush()
    after = {"publicKey": row.public_key, "commitment": row.commitment, "threshold": row.threshold}
    after["custodians"] = [one.name for one in body.custodians]
    work.record(Event.OFFICER_OPENING_KEY, subject=row.id, tender=tender_id, after=after)
    _announce(work, row)
    trials.give(work, row)
    return row


def _announce(work: UnitOfWork, row: Opening) -> None:
    """Put key and fingerprint into the tender's notices, which bidders see from publication on."""
    content = {
        "publicKey": row.public_key,
        "fingerprint": fingerprint(row.public_key),
        "custodians": [one["name"] for one in row.custodians],
        "threshold": row.threshold,
    }
    replace_notice(work, row.tender_id, "opening_key", content)


def opening_of(work: UnitOfWork, tender_id: str) -> Opening:
    """Return the opening of a tender with sealed bids, or raise NotFound."""
    visible(work, tender_id)
    row = work.session.scalar(select(Opening).where(Opening.tender_id == tender_id))
    if row is None:
        raise NotFound
    return row


def locked(work: UnitOfWork, tender_id: str) -> Opening:
    """Return the opening with its row locked, which serialises submission, withdrawal, closing and opening."""
    visible(work, tender_id)
    query = select(Opening).where(Opening.tender_id == tender_id)
    row = work.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def _check(body: KeyIn) -> None:
    names = [one.name for one in body.custodians]
    try:
        subsets = key_subsets(names, body.threshold)
    except SealRefused as refused:
        raise Invalid(faults=[Fault(refused.code, str(refused), "/custodians")]) from None
    if len({one.recipient for one in body.custodians}) < len(names):
        expected = "A different key for each custodian is expected"
        raise Invalid(faults=[Fault("custodians", expected, "/custodians")])
    if sorted(tuple(one.custodians) for one in body.wraps) != sorted(subsets):
        raise Invalid(faults=[Fault("wraps", "One wrap for each subset of the threshold's size is expected", "/wraps")])
    if any(len(one.layers) != len(one.custodians) for one in body.wraps):
        raise Invalid(faults=[Fault("layers", "The hash of each layer is expected", "/wraps")])
    if len({one.layers[-1] for one in body.wraps}) > 1:
        raise Invalid(faults=[Fault("wraps_differ", "Every wrap contains the same key", "/wraps")])
    for number, one in enumerate(body.wraps):
        if not _is_wrap(one.wrap):
            raise Invalid(faults=[Fault("wrap_malformed", "An age public key is expected", f"/wraps/{number}/wrap")])


def _is_wrap(text: str) -> bool:
    try:
        return envelope_fault(b64decode(text, validate=True)) is None
    except NotBase64:
        return False
