"""Tenders for the cases of `cases/integrity`: readable case files converted to facts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.core.facts.dossier import InsurancePeriod, RosterLine, StaffCertificate
from app.core.integrity.facts import (
    Address,
    Bidder,
    BidderDocument,
    Certified,
    Contact,
    ControlLink,
    FileOrigin,
    Mention,
    PageImage,
    Person,
    SharedVariant,
    Spot,
    Submission,
    TenderFacts,
    TextMatch,
)
from app.core.values.months import Month

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
DAY = date(2019, 5, 31)


def resident_id(number: int, born: str = "19850305") -> str:
    """Return an invented ID with a correct check digit."""
    digits = f"320508{born}{number:03d}"
    return digits + "10X98765432"[sum(int(a) * b for a, b in zip(digits, WEIGHTS, strict=True)) % 11]


def uscc(number: int) -> str:
    """Return an invented credit code with a correct check character."""
    body = f"52320508MJ{number:07d}"
    total = sum(ALPHABET.index(a) * b for a, b in zip(body, CODE_WEIGHTS, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]


def identity(value: Any) -> str | None:
    """Return the ID of a case: a number represents a person's valid ID, a text is used unchanged."""
    return resident_id(value) if isinstance(value, int) else value


def tender(case: dict[str, Any]) -> TenderFacts:
    """Return the facts of a case. Bidders that a case does not need are added up to four, unless it says `alone`."""
    given = {name: values or {} for name, values in case["bidders"].items()}
    if not case.get("alone"):
        given |= {f"Z{number}": {} for number in range(4 - len(given))}
    return TenderFacts(
        b"secret",
        tuple(bidder(name, values) for name, values in given.items()),
        case.get("day", DAY),
        instant(case.get("published", "2019-05-08T09:00:00+08:00")),
        {lot: Decimal(str(ceiling)) for lot, ceiling in case.get("ceilings", {}).items()},
        tuple(document(one) for one in case.get("own", ())),
        tuple(text_match(one) for one in case.get("texts", ())),
        tuple(variant(one) for one in case.get("variants", ())),
    )


def bidder(name: str, values: dict[str, Any]) -> Bidder:
    return Bidder(
        id=name,
        name=values.get("name", f"{name}社会工作服务社"),
        code=values.get("code"),
        former_names=tuple(values.get("formerNames", ())),
        roster=tuple(map(line, values.get("roster", ()))),
        certified=tuple(map(certified, values.get("certified", ()))),
        representative=person(values.get("head", {})),
        contacts=tuple(
            Contact(one.get("name"), one.get("phone"), one.get("email")) for one in values.get("contacts", ())
        ),
        addresses=tuple(map(Address, values.get("addresses", ()))),
        links=tuple(map(link, values.get("links", ()))),
        submissions=tuple(map(submission, values.get("submissions", ()))),
        documents=tuple(map(document, values.get("documents", ()))),
        prices={lot: Decimal(str(price)) for lot, price in values.get("prices", {}).items()},
        lots=frozenset(values.get("lots", ())),
    )


def line(values: dict[str, Any]) -> RosterLine:
    insured = values.get("insured")
    number = values.get("certificate")
    return RosterLine(
        values.get("name"),
        identity(values.get("id")),
        contract_from=values.get("from"),
        contract_to=values.get("to"),
        insurance=tuple(InsurancePeriod(None, month(first), month(last)) for first, last in insured or ()),
        certificates=(StaffCertificate("social_worker", "assistant", number, None),) if number else (),
    )


def month(text: str | None) -> Month | None:
    return Month.parse(text) if text else None


def person(values: dict[str, Any]) -> Person:
    return Person(values.get("name"), identity(values.get("id")))


def certified(values: dict[str, Any]) -> Certified:
    return Certified(values.get("name"), None, values.get("born"), values.get("number"), Spot("c" * 64, 1))


def link(values: dict[str, Any]) -> ControlLink:
    share = values.get("share")
    return ControlLink(values.get("to"), values.get("kind"), None if share is None else Decimal(str(share)))


def submission(values: dict[str, Any]) -> Submission:
    return Submission(
        values.get("lot"),
        values.get("from"),
        values.get("client"),
        instant(values.get("at")),
        values.get("account"),
        values.get("payer"),
        person(values["agent"]) if "agent" in values else None,
    )


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def document(values: dict[str, Any]) -> BidderDocument:
    sha256 = values["file"]
    origin = FileOrigin(
        values.get("producer"),
        values.get("author"),
        instant(values.get("made")),
        values.get("id"),
        tuple(values.get("fonts", ())),
    )
    return BidderDocument(
        sha256,
        values.get("kind", "other"),
        origin,
        tuple(PageImage(image, Spot(sha256, 2)) for image in values.get("images", ())),
        tuple(Mention(text, Spot(sha256, 1), own) for text, own in values.get("mentions", ())),
        values.get("persons", 0),
    )


def text_match(values: dict[str, Any]) -> TextMatch:
    one, other = values["between"]
    pair = ((Spot(f"{one}.pdf", 1), Spot(f"{other}.pdf", 2)),)
    return TextMatch((one, other), (f"{one}.pdf", f"{other}.pdf"), values["alike"], values["shared"], pair)


def variant(values: dict[str, Any]) -> SharedVariant:
    return SharedVariant(values["text"], values["usual"], tuple((one, Spot(f"{one}.pdf", 3)) for one in values["by"]))
