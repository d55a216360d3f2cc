"""The parties section, and references to its entries."""

from collections.abc import Iterable, Iterator

from app.awarding.ocds.facts import Facts
from app.awarding.ocds.schemas import OcdsIdentifier, OcdsParty, OcdsReference, Role
from app.tendering.bids.service import BidInPlay

BUYER, ENTITY = "buyer", "procuring-entity"  # local ids: the policy names these parties without an identifier
UNNAMED = "采购人"


def parties(facts: Facts, suppliers: Iterable[str]) -> list[OcdsParty]:
    """Buyer and procuring entity, then every organization of an opened bid, `supplier` where it was awarded a lot."""
    won = set(suppliers)
    bidding = dict.fromkeys(one for bid in facts.bids for one in bidders(facts, bid))
    return [*_purchasers(facts), *(_bidder(facts, one, one in won) for one in bidding)]


def buyer(facts: Facts) -> OcdsReference:
    """Return the party that commissions the service."""
    return OcdsReference(id=BUYER, name=_named(facts, "commissioner"))


def procuring_entity(facts: Facts) -> OcdsReference:
    """Return the party that runs the purchase."""
    return OcdsReference(id=ENTITY, name=_named(facts, "purchasers"))


def bidders(facts: Facts, bid: BidInPlay) -> list[str]:
    """Return the organizations of a bid: its bidder, or the lead and the other members of its consortium."""
    members = facts.consortia.get((bid.lot_id, bid.organization_id), ())
    return list(dict.fromkeys([bid.organization_id, *members]))


def references(facts: Facts, organizations: Iterable[str]) -> list[OcdsReference]:
    """References to organizations by the names that `parties` gives them."""
    return [OcdsReference(id=one, name=facts.identifiers[one].name) for one in organizations]


def _purchasers(facts: Facts) -> Iterator[OcdsParty]:
    commissioner, purchaser = buyer(facts), procuring_entity(facts)
    yield OcdsParty(id=commissioner.id, name=commissioner.name, roles=["buyer"])
    yield OcdsParty(id=purchaser.id, name=purchaser.name, roles=["procuringEntity"])


def _named(facts: Facts, party: str) -> str:
    stated = facts.tender.plan.get("parties") or {}
    return str((stated.get(party) or {}).get("zh") or UNNAMED)


def _bidder(facts: Facts, organization: str, won: bool) -> OcdsParty:
    known = facts.identifiers[organization]
    roles: list[Role] = ["tenderer", "supplier"] if won else ["tenderer"]
    identifier = None
    if known.scheme and known.code:
        identifier = OcdsIdentifier(scheme=known.scheme, id=known.code, legal_name=known.name)
    return OcdsParty(id=organization, name=known.name, identifier=identifier, roles=roles)
