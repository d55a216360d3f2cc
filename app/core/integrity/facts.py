"""All bids of a tender as values; None and empty mean missing, and a missing value matches nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from app.core.facts.dossier import RosterLine

# Kinds of documents issued by an authority or a firm: their file metadata does not identify the author of the bid.
ISSUED = frozenset(
    {"registration_certificate", "social_worker_certificate", "social_insurance", "audit_report", "annual_check"}
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document: its sha256, page from 1, box in 0..1 from the top left."""

    document: str
    page: int | None = None
    box: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact 联系人 as the dossier names it."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """The legal representative 法定代表人, or an agent 授权代表 who handles the bid."""

    name: str | None = None
    resident_id: str | None = None


@dataclass(frozen=True, slots=True)
class Certified:
    """A person as a certificate in the documents names it."""

    name: str | None
    resident_id: str | None
    birth: date | None
    number: str | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the bidder, and where it was read if in a document."""

    text: str
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class ControlLink:
    """A declared holding or management link; `organization` is an id, a code or a name, `share` a fraction of 1."""

    organization: str | None
    kind: str | None
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """How a bid was submitted: network address, client, time; the account that paid its bond 保证金, and the account's
    holder.
    """

    lot: str | None = None
    network_address: str | None = None
    client: str | None = None
    at: datetime | None = None
    bond_account: str | None = None
    bond_payer: str | None = None
    agent: Person | None = None


@dataclass(frozen=True, slots=True)
class FileOrigin:
    """A file's own metadata about its creation. `fonts`: names of embedded fonts, subset tags included."""

    producer: str | None = None
    author: str | None = None
    created_at: datetime | None = None
    document_id: str | None = None
    fonts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageImage:
    """A picture in a file, by the hash of its content."""

    sha256: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Mention:
    """An organization's name or code in a document; `as_self` where it is named as the author (投标人：…, a field)."""

    text: str
    spot: Spot
    as_self: bool = False


@dataclass(frozen=True, slots=True)
class BidderDocument:
    """A file of a bid; `persons` is how many rows about persons were read in it."""

    sha256: str
    kind: str | None = None
    origin: FileOrigin = field(default_factory=FileOrigin)
    images: tuple[PageImage, ...] = ()
    mentions: tuple[Mention, ...] = ()
    persons: int = 0

    @property
    def is_own(self) -> bool:
        """Whether the bidder wrote the document itself; otherwise an authority or a firm issued it."""
        return self.kind not in ISSUED

    @property
    def spot(self) -> Spot:
        """Return a spot for the file as a whole."""
        return Spot(self.sha256)


@dataclass(frozen=True, slots=True)
class Bidder:
    """All facts about one bidder in one tender; `prices` are yuan by lot, `lots` those it bids in."""

    id: str
    name: str | None = None
    code: str | None = None
    former_names: tuple[str, ...] = ()
    roster: tuple[RosterLine, ...] = ()
    certified: tuple[Certified, ...] = ()
    representative: Person = field(default_factory=Person)
    contacts: tuple[Contact, ...] = ()
    addresses: tuple[Address, ...] = ()
    links: tuple[ControlLink, ...] = ()
    submissions: tuple[Submission, ...] = ()
    documents: tuple[BidderDocument, ...] = ()
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    lots: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TextMatch:
    """Two documents of two bidders with similar text after removing common text.

    `alike`: shared shingles divided by those of the shorter text, 0..1. `shared`: their number. `spots`: pairs of
    places.
    """

    bidders: tuple[str, str]
    documents: tuple[str, str]
    alike: float
    shared: int
    spots: tuple[tuple[Spot, Spot], ...] = ()


@dataclass(frozen=True, slots=True)
class SharedVariant:
    """A sentence that two or more bidders write with the same deviation from its usual form."""

    text: str
    usual: str
    spots: tuple[tuple[str, Spot], ...]


@dataclass(frozen=True, slots=True)
class TenderFacts:
    """All bids of a tender. `secret` keys the ids of leads, so that no ID number can be guessed from one.

    `own`: the tender's own documents (every bidder may copy their content). `day`: of the deadline.
    `published_at`: None where unknown. `ceilings`: yuan by lot.
    """

    secret: bytes
    bidders: tuple[Bidder, ...]
    day: date
    published_at: datetime | None = None
    ceilings: Mapping[str, Decimal] = field(default_factory=dict)
    own: tuple[BidderDocument, ...] = ()
    texts: tuple[TextMatch, ...] = ()
    variants: tuple[SharedVariant, ...] = ()
