"""The same telephone, mailbox, address, agent or account (财政部令第87号 第三十七条第（二）、（三）、（六）项)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from app.core.integrity.facts import Bidder, Contact
from app.core.integrity.guards import Guards
from app.core.integrity.leads import Pointer, Seen, Strength, across, organizations, seen
from app.core.integrity.persons import person_name
from app.core.values.identity import birth_date, masked_id, normalised_code, normalised_name

_MOBILE = re.compile(r"1[3-9]\d{9}")
_EXTENSION = re.compile(r"(转|分机|EXT\.?|#|X)")
_MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_ROOM = re.compile(r"(\d+|[A-Z]\d*)(室|号房|房|-\d{3,4}$)|\d{3,4}$")
_GUARANTOR = re.compile(r"担保|保险|银行|公共资源")  # guarantors pay bonds on behalf of their customers
_LEAST_ADDRESS, _LEAST_ACCOUNT = 6, 8


def shared_contacts(bidders: Sequence[Bidder], guards: Guards) -> Iterator[Seen]:
    """Compute leads from telephones, mailboxes, addresses, agents and accounts that bidders share."""
    addresses = {bidder.id: {address_key(one.text) for one in bidder.addresses} for bidder in bidders}
    yield from _telephones(bidders, guards, addresses)
    yield from _mailboxes(bidders, guards)
    yield from _addresses(bidders, guards)
    yield from _agents(bidders)
    yield from _accounts(bidders, guards)


def telephone(text: str | None) -> str:
    """Normalise a telephone number: digits, no country code, an extension after #; "" for none."""
    plain = unicodedata.normalize("NFKC", text or "").upper()
    number, *extension = _EXTENSION.split(plain, maxsplit=1)
    digits = re.sub(r"\D", "", number).removeprefix("0086")
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) < 7 or len(set(digits)) < 3:
        return ""
    inner = re.sub(r"\D", "", extension[-1]) if extension else ""
    return f"{digits}#{inner}" if inner else digits


def is_mobile(number: str) -> bool:
    """Whether a number is a mobile number: it belongs to a person, a landline to a building."""
    return _MOBILE.fullmatch(number) is not None


def mailbox(text: str | None) -> str:
    """Normalise an e-mail address; "" for what is none."""
    plain = normalised_name(text).lower()
    return plain if _MAILBOX.fullmatch(plain) else ""


def address_key(text: str | None) -> str:
    """Normalise an address: half width, no blanks or punctuation, upper case; "" where too short."""
    plain = re.sub(r"[^\w-]|_", "", normalised_name(text).upper())
    return plain if len(plain) >= _LEAST_ADDRESS else ""


def _contact(bidder: Bidder, index: int, field: str, shown: str) -> Pointer:
    return Pointer(bidder.id, f"contacts.{field}", f"/organization/contacts/{index}/{field}", shown=shown)


def _each(bidders: Sequence[Bidder]) -> Iterator[tuple[Bidder, int, Contact]]:
    for bidder in bidders:
        for index, contact in enumerate(bidder.contacts):
            yield bidder, index, contact


def _telephones(bidders: Sequence[Bidder], guards: Guards, addresses: dict[str, set[str]]) -> Iterator[Seen]:
    names = _names(bidders)
    entries = ((key, _contact(b, i, "phone", key)) for b, i, c in _each(bidders) if (key := telephone(c.phone)))
    for number, evidence in across(entries):
        yield _reached("same_phone", number, evidence, _telephone_strength(number, evidence, guards, addresses), names)


def _telephone_strength(
    number: str, evidence: list[Pointer], guards: Guards, addresses: dict[str, set[str]]
) -> Strength:
    """Rate a shared number: a mobile number is one person's; a landline counts only between organizations at known, different addresses."""
    subjects = {pointer.organization for pointer in evidence}
    if len(subjects) > guards.common:
        return Strength.WEAK
    if is_mobile(number):
        return Strength.FACT
    known = [addresses[subject] - {""} for subject in subjects]
    apart = all(known) and len(set[str]().union(*known)) == sum(map(len, known))
    return Strength.STRONG if apart else Strength.WEAK


def _mailboxes(bidders: Sequence[Bidder], guards: Guards) -> Iterator[Seen]:
    names = _names(bidders)
    entries = ((key, _contact(b, i, "email", key)) for b, i, c in _each(bidders) if (key := mailbox(c.email)))
    for box, evidence in across(entries):
        common = organizations(evidence) > guards.common
        yield _reached("same_email", box, evidence, Strength.WEAK if common else Strength.FACT, names)


def _names(bidders: Sequence[Bidder]) -> dict[tuple[str, str], set[str]]:
    """Return the contact names given with a number or mailbox, by organization."""
    names: dict[tuple[str, str], set[str]] = {}
    for bidder, _, contact in _each(bidders):
        for key in filter(None, (telephone(contact.phone), mailbox(contact.email))):
            names.setdefault((bidder.id, key), set()).add(person_name(contact.name))
    return names


def _reached(
    code: str, key: str, evidence: list[Pointer], strength: Strength, names: dict[tuple[str, str], set[str]]
) -> Seen:
    """Build the lead about a number or mailbox; where the contact name agrees as well, it is the same contact person."""
    beside = [names[pointer.organization, key] - {""} for pointer in evidence]
    person = min(set.intersection(*beside), default="")
    if person and strength is Strength.FACT:
        return seen("same_contact_person", strength, f"contact:{key}", evidence, shown=f"{person} {key}")
    return seen(code, strength, f"{code}:{key}", evidence, shown=key)


def _addresses(bidders: Sequence[Bidder], guards: Guards) -> Iterator[Seen]:
    entries = (
        (
            address_key(address.text),
            Pointer(bidder.id, "address", spot=address.spot, shown=normalised_name(address.text)),
        )
        for bidder in bidders
        for address in bidder.addresses
    )
    for key, evidence in across(entries):
        alone = organizations(evidence) <= guards.common and _ROOM.search(key) is not None
        strength = Strength.STRONG if alone else Strength.WEAK
        yield seen("same_address", strength, f"address:{key}", evidence, shown=evidence[0].shown)


def _agents(bidders: Sequence[Bidder]) -> Iterator[Seen]:
    entries = (
        (code, Pointer(bidder.id, "agent", lot=one.lot, shown=masked_id(code)))
        for bidder in bidders
        for one in bidder.submissions
        if one.agent is not None and birth_date(code := normalised_code(one.agent.resident_id))
    )
    for code, evidence in across(entries):
        yield seen("same_agent", Strength.FACT, f"agent:{code}", evidence, shown=masked_id(code))


def _accounts(bidders: Sequence[Bidder], guards: Guards) -> Iterator[Seen]:
    paid = [
        (account, bidder.id, one)
        for bidder in bidders
        for one in bidder.submissions
        if len(account := re.sub(r"\W", "", normalised_code(one.bond_account))) >= _LEAST_ACCOUNT
    ]
    guarantors = {account for account, _, one in paid if _GUARANTOR.search(normalised_name(one.bond_payer))}
    entries = (
        (account, Pointer(bidder, "bond", lot=one.lot, shown=account_shown(account))) for account, bidder, one in paid
    )
    for account, evidence in across(entries):
        common = organizations(evidence) > guards.common or account in guarantors
        strength = Strength.WEAK if common else Strength.FACT
        yield seen("same_bond_account", strength, f"account:{account}", evidence, shown=account_shown(account))


def account_shown(account: str) -> str:
    """Return the last four digits of an account, as a message shows it."""
    return "*" * (len(account) - 4) + account[-4:]
