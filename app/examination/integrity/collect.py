"""Collect the facts of all bids of a tender from the features that hold them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from app.bidders.documents.service import records_of, visible
from app.bidders.dossier_reader import ReadDossier
from app.bidders.dossiers.service import stored_dossier
from app.core.integrity.facts import ISSUED, Bidder, Contact, ControlLink, Person, Submission, TenderFacts
from app.core.integrity.guards import DEFAULT
from app.core.procedure.deadlines import day_in_china
from app.examination.integrity.documents import addresses_in, certified_in, document_facts, samples_of
from app.examination.integrity.mentions import Names
from app.examination.integrity.tables import DocumentFingerprint, TenderDocument
from app.examination.integrity.text import TextSample, common_of, sample_of, shared_variants, text_matches
from app.examination.participants.service import join
from app.platform.database.data_keys import scope_of
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids import service as bids
from app.tendering.submissions.service import submissions_of
from app.tendering.tenders.procedure import Procedure, procedure_of
from app.tendering.tenders.service import visible as tender_of

METHOD = 1  # version of the fingerprint method: a new number has fingerprints recomputed
_TENDER = "tender"
_AT_ONCE = 10_000

Fingerprints = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """A stored file: its owner (the scope of its data key) and its hash."""

    scope: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Party:
    """The recorded parts of one bidder's dossier."""

    id: str
    dossier: ReadDossier
    records: Sequence[Mapping[str, Any]]
    prices: Mapping[str, Decimal]
    lots: frozenset[str]
    submissions: Sequence[Submission]


def documents_of(work: UnitOfWork, tender_id: str) -> list[Kept]:
    """Return all files to compare: the bidders' files that were extracted, and the tender's own."""
    bidders = participants(work, tender_id)
    found = {Kept(scope_of(one), record["sha256"]) for one in bidders for record in records_of(work, one)}
    return sorted(found | set(own_files(work, tender_id)))


def own_files(work: UnitOfWork, tender_id: str) -> list[Kept]:
    """Return the tender's own documents."""
    query = select(TenderDocument.document_id).where(TenderDocument.tender_id == tender_id)
    own = [visible(work, document_id) for document_id in work.session.scalars(query)]
    return sorted({Kept(one.scope, one.sha256) for one in own})


def participants(work: UnitOfWork, tender_id: str) -> list[str]:
    """Return the participants: organizations that bid or were screened in the tender."""
    bidding = {bid.organization_id for bid in _bids(work, procedure_of(work, tender_id))}
    return sorted(bidding | set(join(work, tender_id, ())))


def _bids(work: UnitOfWork, procedure: Procedure) -> Iterable[bids.BidInPlay]:
    return (bid for lot in procedure.lots for bid in bids.bids_in_play(work, lot.id))


def missing_fingerprints(work: UnitOfWork, files: Sequence[Kept]) -> list[Kept]:
    """Return the files without a fingerprint, or with one computed by another method."""
    present = set()
    for some in _slices(files):
        query = select(DocumentFingerprint.scope, DocumentFingerprint.sha256).where(_among(some))
        rows = work.session.execute(query.where(DocumentFingerprint.method == METHOD))
        present |= {Kept(row.scope, row.sha256) for row in rows}
    return [one for one in files if one not in present]


def _slices(files: Sequence[Kept]) -> Iterator[Sequence[Kept]]:
    """Split into slices as large as every database accepts in one statement."""
    return (files[start : start + _AT_ONCE] for start in range(0, len(files), _AT_ONCE))


def _among(files: Sequence[Kept]) -> ColumnElement[bool]:
    scopes, hashes = {one.scope for one in files}, {one.sha256 for one in files}
    return and_(DocumentFingerprint.scope.in_(scopes), DocumentFingerprint.sha256.in_(hashes))


def fingerprints_of(work: UnitOfWork, files: Sequence[Kept]) -> dict[str, Mapping[str, Any]]:
    """Return the stored fingerprints of files, by their hashes: equal files have equal ones."""
    found: dict[str, Mapping[str, Any]] = {}
    for some in _slices(files):
        rows = work.session.scalars(select(DocumentFingerprint).where(_among(some)))
        found |= {row.sha256: row.fingerprint for row in rows}
    return found


def tender_facts(work: UnitOfWork, tender_id: str) -> TenderFacts:
    """Return the facts of a tender for the core; they hold ID numbers in clear and must not leave the core."""
    tender, procedure = tender_of(work, tender_id), procedure_of(work, tender_id)
    day = day_in_china(tender.bid_deadline or work.now)
    parties = _parties(work, procedure, day)
    own = own_files(work, tender_id)
    kept = {Kept(scope_of(party.id), one["sha256"]) for party in parties for one in party.records}
    prints = fingerprints_of(work, sorted(kept | set(own)))
    names = Names(name for party in parties for name in _names(party.dossier))
    samples = [sample for party in parties for sample in samples_of(party.id, party.records, prints, ISSUED)]
    common = common_of(_own_samples([one.sha256 for one in own], prints))
    return TenderFacts(
        secret=work.platform.keyring.key("integrity") + tender_id.encode(),
        bidders=tuple(_bidder(party, prints, names) for party in parties),
        day=day,
        published_at=tender.published_at,
        ceilings={lot.id: lot.ceiling for lot in procedure.lots},
        own=tuple(document_facts({"sha256": one.sha256}, prints.get(one.sha256, {}), names) for one in own),
        texts=tuple(text_matches(samples, common, DEFAULT.common)),
        variants=tuple(shared_variants(samples, common, DEFAULT.common)),
    )


def _own_samples(own: Iterable[str], prints: Fingerprints) -> list[TextSample]:
    return [sample_of(_TENDER, one, prints[one], is_form=False) for one in own if one in prints]


def _names(dossier: ReadDossier) -> tuple[str | None, ...]:
    organization = dossier.facts.organization
    return organization.name, *organization.former_names


def _parties(work: UnitOfWork, procedure: Procedure, day: date) -> list[Party]:
    prices: dict[str, dict[str, Decimal]] = {}
    lots: dict[str, set[str]] = {}
    for bid in _bids(work, procedure):
        lots.setdefault(bid.organization_id, set()).add(bid.lot_id)
        if bid.price is not None:
            prices.setdefault(bid.organization_id, {})[bid.lot_id] = bid.price
    submissions = submissions_of(work, procedure.id)
    return [
        Party(
            id=one,
            dossier=stored_dossier(work, one, day),
            records=records_of(work, one),
            prices=prices.get(one, {}),
            lots=frozenset(lots.get(one, ())),
            submissions=submissions.get(one, ()),
        )
        for one in participants(work, procedure.id)
    ]


def _bidder(party: Party, prints: Fingerprints, names: Names) -> Bidder:
    organization = party.dossier.facts.organization
    given = party.dossier.data["organization"]
    head = given.get("legalRepresentative") or {}
    return Bidder(
        id=party.id,
        name=organization.name,
        code=organization.code,
        former_names=organization.former_names,
        roster=party.dossier.facts.roster,
        certified=tuple(one for record in party.records for one in certified_in(record)),
        representative=Person(head.get("name"), head.get("residentId")),
        contacts=tuple(
            Contact(one.get("name"), one.get("phone"), one.get("email")) for one in given.get("contacts") or ()
        ),
        addresses=tuple(one for record in party.records for one in addresses_in(record)),
        links=tuple(map(_link, given.get("controlLinks") or ())),
        submissions=tuple(party.submissions),
        documents=tuple(document_facts(record, prints.get(record["sha256"], {}), names) for record in party.records),
        prices=party.prices,
        lots=party.lots,
    )


def _link(given: Mapping[str, Any]) -> ControlLink:
    share = given.get("share")
    return ControlLink(given.get("organizationId"), given.get("kind"), None if share is None else Decimal(share))
