"""The invariants, one function each, which yields the ids of violating rows. They read tables, not services."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, Table, func, select
from sqlalchemy.orm import Session

from app.core.bids.reading import Place, again, receipt_hash, record_hash
from app.core.bids.sealing import Sealed, commitment, draw_seed, hash_of_list, proof_fault, unstored
from app.core.values.canonical import canonical_json, sha256_hex
from app.platform.audit.verify import Keys, verify
from app.platform.database.base import metadata
from app.platform.database.session import NOW
from app.tendering.tenders.terms import terms_hash

Rows = Iterator[str]
KEYS = "bidscreen_checkpoint_keys"
TAKEN_OVER_WITHIN = timedelta(seconds=30)  # after the end of a lease


@dataclass(frozen=True, slots=True)
class Invariant:
    """A statement that must always hold; `quick` ones take a query or two."""

    id: str
    says: str
    broken: Callable[[Session], Rows]
    quick: bool


INVARIANTS: list[Invariant] = []


def invariant(says: str, *, quick: bool = True) -> Callable[[Callable[[Session], Rows]], Callable[[Session], Rows]]:
    """Register an invariant under its function's name."""

    def register(broken: Callable[[Session], Rows]) -> Callable[[Session], Rows]:
        INVARIANTS.append(Invariant(broken.__name__, says, broken, quick))
        return broken

    return register


def _table(name: str) -> Table:
    return metadata.tables[name]


def _ids(session: Session, query: Select[Any]) -> Rows:
    yield from (str(row[0]) for row in session.execute(query))


def _more_than_one(
    session: Session, name: str, keys: tuple[str, ...], states: tuple[str, ...], *, standing: bool
) -> Rows:
    """Groups with more than one row in force (in `states`, or in none of `states`)."""
    table = _table(name)
    columns = [table.c[key] for key in keys]
    stands = table.c.state.in_(states) if standing else table.c.state.not_in(states)
    query = select(*columns).where(stands).group_by(*columns).having(func.count() > 1)
    yield from ("/".join(map(str, row)) for row in session.execute(query))


@invariant("A bidder has at most one envelope in force per lot")
def one_envelope_stands(session: Session) -> Rows:
    """Replacing an envelope supersedes it in the same transaction."""
    yield from _more_than_one(session, "envelope", ("lot_id", "organization_id"), ("sealed",), standing=True)


@invariant("An organization has at most one bid in force per lot")
def one_bid_stands(session: Session) -> Rows:
    """A bid is recorded once, by the opening or by an officer."""
    ended = ("superseded", "withdrawn")
    yield from _more_than_one(session, "bid", ("lot_id", "organization_id"), ended, standing=False)


@invariant("A bid has at most one qualification in force")
def one_qualification_stands(session: Session) -> Rows:
    """A decision is cancelled before another is taken."""
    yield from _more_than_one(session, "qualification", ("bid_id",), ("cancelled",), standing=False)


@invariant("A lot has at most one award in force")
def one_award_stands(session: Session) -> Rows:
    """Of two concurrent decisions one succeeds."""
    yield from _more_than_one(session, "award", ("lot_id",), ("cancelled",), standing=False)


@invariant("A lot has at most one contract in force")
def one_contract_stands(session: Session) -> Rows:
    """Ended contracts may be followed by another."""
    yield from _more_than_one(session, "contract", ("lot_id",), ("cancelled", "terminated"), standing=False)


@invariant("Every bid of a sealed tender comes from one of its opened envelopes")
def bids_come_from_envelopes(session: Session) -> Rows:
    """Every bid of a sealed tender is the bid of one of its opened envelopes."""
    bid, tender, envelope = _table("bid"), _table("tender"), _table("envelope")
    of_envelopes = select(envelope.c.bid_id).where(envelope.c.bid_id.is_not(None))
    sealed = select(tender.c.id).where(tender.c.opening_key.is_not(None))
    yield from _ids(session, select(bid.c.id).where(bid.c.tender_id.in_(sealed), bid.c.id.not_in(of_envelopes)))


@invariant("Envelopes are opened by the tender's opening only, and none stays sealed after it")
def envelopes_follow_the_opening(session: Session) -> Rows:
    """The states of envelopes match those of their openings."""
    envelope, opening = _table("envelope"), _table("opening")
    opened = select(opening.c.tender_id).where(opening.c.opened_at.is_not(None))
    looked = envelope.c.state.in_(("opened", "invalid"))
    yield from _ids(session, select(envelope.c.id).where(looked, envelope.c.tender_id.not_in(opened)))
    yield from _ids(
        session, select(envelope.c.id).where(envelope.c.state == "sealed", envelope.c.tender_id.in_(opened))
    )
    yield from _ids(session, select(envelope.c.id).where(looked != envelope.c.bid_id.is_not(None)))


@invariant("Returned envelopes were never read")
def returned_is_unread(session: Session) -> Rows:
    """Lots with fewer than three envelopes are returned unopened."""
    envelope = _table("envelope")
    read = envelope.c.contents_sha256.is_not(None) | envelope.c.price_read.is_not(None) | envelope.c.bid_id.is_not(None)
    yield from _ids(session, select(envelope.c.id).where(envelope.c.state == "returned", read))


@invariant("Every envelope arrived before its tender's deadline")
def envelopes_in_time(session: Session) -> Rows:
    """Deadlines are only ever extended."""
    envelope, tender = _table("envelope"), _table("tender")
    late = envelope.c.received_at >= tender.c.bid_deadline
    yield from _ids(session, select(envelope.c.id).join(tender, tender.c.id == envelope.c.tender_id).where(late))


@invariant("No lot was opened with fewer than three envelopes")
def three_or_none(session: Session) -> Rows:
    """财政部令第87号 第四十一条."""
    envelope = _table("envelope")
    opened = select(envelope.c.lot_id).where(envelope.c.state.in_(("opened", "invalid")))
    yield from _ids(session, opened.group_by(envelope.c.lot_id).having(func.count() < 3))


@invariant("Each envelope matches the hash in its receipt", quick=False)
def envelopes_as_received(session: Session) -> Rows:
    """The ciphertext is hashed again."""
    envelope = _table("envelope")
    query = select(envelope.c.id, envelope.c.sha256, envelope.c.ciphertext).execution_options(yield_per=50)
    for row in session.execute(query):
        if hashlib.sha256(unstored(row.ciphertext)).hexdigest() != row.sha256:
            yield row.id


@invariant("The list of envelopes, the record and the draw's seed agree", quick=False)
def openings_prove_themselves(session: Session) -> Rows:
    """Hashes of list and record, proof of each line, prices, commitment and seed are computed again."""
    opening = _table("opening")
    for row in session.execute(select(opening).where(opening.c.closed_at.is_not(None))):
        listed = [Sealed(**one) for one in row.listed["envelopes"]]
        record = row.record or []
        proofs = [proof_fault(_as_listed(one, row.tender_id), listed, row.list_sha256) for one in record]
        recorded = row.record is None or record_hash(row.record) == row.record_sha256
        agrees = recorded and all(again(one, _place(one, row.tender_id)).items() <= one.items() for one in record)
        if hash_of_list(listed) != row.list_sha256 or any(proofs) or not agrees or not _seed_agrees(row):
            yield row.id


def _as_listed(line: Any, tender: str) -> Sealed:
    receipt = receipt_hash(tender, line["lot"], line["receipt"], line["sha256"], line["receivedAt"])
    return Sealed(line["receipt"], line["lot"], line["sha256"], receipt)


def _place(line: Any, tender: str) -> Place:
    return Place(tender, line["lot"], line["organization"])


def _seed_agrees(row: Any) -> bool:
    if row.draw_secret is None:
        return row.draw_seed is None and row.opened_at is None
    secret = bytes.fromhex(row.draw_secret)
    nonces = [one["nonce"] for one in row.record if one["nonce"]]
    return bool(commitment(secret) == row.commitment and draw_seed(secret, nonces) == row.draw_seed)


@invariant("No valid bid has an unsuccessful qualification")
def valid_is_qualified(session: Session) -> Rows:
    """Only examined bids are ranked, unless an officer judged the bid itself."""
    bid, qualification = _table("bid"), _table("qualification")
    refused = select(qualification.c.bid_id).where(qualification.c.state == "unsuccessful")
    yield from _ids(session, select(bid.c.id).where(bid.c.state == "valid", bid.c.id.in_(refused)))


@invariant("An award in force names a bid of its lot, at the bid's price")
def awards_name_bids(session: Session) -> Rows:
    """The contract price is the offer's."""
    award, bid = _table("award"), _table("bid")
    joined = select(award.c.id).join(bid, bid.c.id == award.c.bid_id).where(award.c.state == "active")
    wrong = (bid.c.lot_id != award.c.lot_id) | (bid.c.organization_id != award.c.organization_id)
    yield from _ids(session, joined.where(wrong | (bid.c.price != award.c.price)))


@invariant("No supplier holds more awards than the published limit", quick=False)
def awards_within_limits(session: Session) -> Rows:
    """Over all decisions of a tender."""
    award, tender = _table("award"), _table("tender")
    query = select(award.c.tender_id, award.c.organization_id).where(award.c.state == "active")
    for (tender_id, organization), won in Counter(tuple(row) for row in session.execute(query)).items():
        rule = session.execute(select(tender.c.award).where(tender.c.id == tender_id)).scalar_one()
        limits = rule["limits"]
        most = limits["perSupplier"].get(organization, limits["maximumLotsAwardedPerSupplier"])
        if rule["rule"] != "independent" and most is not None and won > most:
            yield f"{tender_id}/{organization}"


@invariant("A contract belongs to the supplier and lot of its award")
def contracts_have_awards(session: Session) -> Rows:
    """A contract belongs to the award's organization and lot."""
    contract, award = _table("contract"), _table("award")
    joined = select(contract.c.id).join(award, award.c.id == contract.c.award_id)
    wrong = (award.c.organization_id != contract.c.organization_id) | (award.c.lot_id != contract.c.lot_id)
    yield from _ids(session, joined.where(wrong))


@invariant("Stored rankings match the hash of their result", quick=False)
def results_have_their_hash(session: Session) -> Rows:
    """A modified result no longer matches its hash."""
    ranking = _table("ranking")
    for row in session.execute(select(ranking.c.id, ranking.c.result, ranking.c.result_hash)):
        if sha256_hex(canonical_json(row.result)) != row.result_hash:
            yield row.id


@invariant("Policy and terms of a published tender match the hashes recorded at publication", quick=False)
def policies_are_frozen(session: Session) -> Rows:
    """实施条例 第三十四条."""
    tender = _table("tender")
    lot = _table("lot")
    for row in session.execute(select(tender).where(tender.c.published_at.is_not(None))):
        lots: Any = session.execute(select(lot).where(lot.c.tender_id == row.id).order_by(lot.c.position)).all()
        terms: Any = row
        policy = sha256_hex(canonical_json(row.policy_document))
        if policy != row.policy_sha256 or terms_hash(terms, lots) != row.terms_sha256:
            yield row.id


@invariant("Whatever waits for a job has one that is queued or running", quick=True)
def what_waits_has_a_job(session: Session) -> Rows:
    """A job that ends without a result takes its documents and lists out of their passing state."""
    job = _table("job")
    live = select(job.c.id).where(job.c.state.in_(("queued", "running")))
    for name, states in (("document", ("received", "processing")), ("credit_snapshot", ("importing",))):
        table = _table(name)
        alone = table.c.job_id.is_(None) | table.c.job_id.not_in(live)
        yield from _ids(session, select(table.c.id).where(table.c.state.in_(states), alone))


@invariant("No job is running without its worker: an expired lease is taken over", quick=True)
def leases_are_renewed(session: Session) -> Rows:
    """Workers look for expired leases every second; one that stays is a job that nobody carries on."""
    job = _table("job")
    long_ago = (session.info.get(NOW) or datetime.now(UTC)) - TAKEN_OVER_WITHIN
    expired = job.c.lease_until.is_(None) | (job.c.lease_until < long_ago)
    yield from _ids(session, select(job.c.id).where(job.c.state == "running", expired))


@invariant("The audit trail is intact, and every row is as its newest event says", quick=False)
def the_trail_holds(session: Session) -> Rows:
    """Every chain is verified from its first link; rows and stored checkpoints are compared with it."""
    yield from (
        f"{one.chain}/{one.sequence}: {one.code}" for one in verify(session, keys=session.info.get(KEYS)).breaks
    )


def broken(
    session: Session, *, quick: bool = False, keys: Keys | None = None
) -> Iterator[tuple[Invariant, tuple[str, ...]]]:
    """Yield each invariant with the ids that violate it; only the quick ones if `quick`. `keys`: public, of the checkpoints."""
    session.info[KEYS] = keys
    for one in INVARIANTS:
        if one.quick or not quick:
            yield one, tuple(one.broken(session))
