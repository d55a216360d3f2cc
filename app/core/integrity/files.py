"""Files made by the same hand (财政部令第87号 第三十七条第（一）项): the same file, picture, internal id, author, second, fonts.

Content of the tender's own documents, which every bidder may copy, is removed first. Documents issued by
authorities (certificates, proofs) do not identify the author of the bid, so only the file itself is compared there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from app.core.integrity.facts import BidderDocument, Spot, TenderFacts
from app.core.integrity.guards import Guards
from app.core.integrity.leads import Pointer, Seen, Strength, across, organizations, seen
from app.core.integrity.persons import person_name
from app.core.values.identity import normalised_name

_COMMON_AUTHORS = re.compile(
    r"(ADMIN(ISTRATOR)?|USER\d*|微软用户|MICROSOFT( OFFICE)? ?(USER|用户)?|OWNER|OFFICE|WINDOWS( ?用户)?|WPS.*|PC|LENOVO|联想|DELL|HP|ASUS"
    r"|ACER|THINKPAD|APPLE|HUAWEI|华为|XIAOMI|小米|GUEST|TEST|NONE|NULL|UNKNOWN|ANONYMOUS|UN-NAMED|PYTHON-DOCX|OPENPYXL|DESKTOP-\w+|用户|作者|\W*|.)",
    re.IGNORECASE,
)
_DEFAULT_TIMES = frozenset({"2006-09-16T00:00:00", "2013-12-23T23:15:00", "2015-06-05T18:17:20", "2015-06-05T18:19:34"})
_TAGGED = re.compile(r"[A-Z]{6}\+.")
# font tags that some programs number sequentially, identical in every file
_COUNTED = re.compile(r"\w?\w?AAAA|ABCDEE|BCD.EE")
_FEWEST_FONTS = 2

_BUSY_SECONDS = 10 * 8 * 3600  # days in which the bids of a tender are usually written: ten working days
_CHANCE = 0.01

Own = tuple[str, BidderDocument]


def shared_origins(facts: TenderFacts, guards: Guards) -> Iterator[Seen]:
    """Compute leads from files and their creation metadata."""
    yield from _files(facts, guards)
    yield from _images(facts, guards)
    yield from _authors(facts, guards)
    yield from _identities(facts, guards)
    yield from _times(facts, guards)
    for value, owners in _sharing(facts, fonts_key):
        yield _made("same_fonts", value, owners, _unless_template(Strength.STRONG, owners, facts, guards))
    for value, owners in _sharing(facts, lambda one: normalised_name(one.origin.producer)):
        yield _made("same_producer", value, owners, Strength.WEAK, shown=value)


def creation_key(document: BidderDocument) -> str:
    """Return the second of creation; "" for program defaults and for dates without a time."""
    created = document.origin.created_at
    if created is None or (created.hour, created.minute, created.second) == (0, 0, 0):
        return ""
    text = created.isoformat(timespec="seconds")
    return "" if text[:19] in _DEFAULT_TIMES else text


def fonts_key(document: BidderDocument) -> str:
    """Return the set of embedded font subsets: tags are random per file, so equal sets come from one export."""
    tagged = sorted(font for font in document.origin.fonts if _TAGGED.match(font))
    drawn = [font for font in tagged if not _COUNTED.match(font)]
    return "\n".join(tagged) if len(drawn) >= _FEWEST_FONTS else ""


def _documents(facts: TenderFacts) -> Iterator[Own]:
    for bidder in facts.bidders:
        for document in bidder.documents:
            yield bidder.id, document


def _sharing(facts: TenderFacts, key: Callable[[BidderDocument], str]) -> Iterator[tuple[str, list[Own]]]:
    """Group own files of several bidders that share a metadata value, the tender's values removed.

    If all of them are the identical file, the lead about that file covers it.
    """
    common = {key(document) for document in facts.own}
    groups: dict[str, list[Own]] = {}
    for bidder, document in _documents(facts):
        if document.is_own and (value := key(document)) and value not in common:
            groups.setdefault(value, []).append((bidder, document))
    for value, owners in sorted(groups.items()):
        if len({bidder for bidder, _ in owners}) > 1 and len({one.sha256 for _, one in owners}) > 1:
            yield value, owners


def _made(code: str, value: str, owners: Sequence[Own], strength: Strength, shown: str = "") -> Seen:
    evidence = [Pointer(bidder, code, spot=document.spot) for bidder, document in owners]
    return seen(code, strength, f"{code}:{value}", evidence, shown=shown)


def _unless_template(strength: Strength, owners: Iterable[Own], facts: TenderFacts, guards: Guards) -> Strength:
    """Weaken content that many bidders share, or that is older than the tender: it may be a public template."""
    sharing = {bidder for bidder, _ in owners}
    recent = {bidder for bidder, one in owners if not _is_older(one.origin.created_at, facts.published_at)}
    return Strength.WEAK if len(sharing) > guards.common or len(recent) < 2 else strength


def _is_older(created_at: datetime | None, published_at: datetime | None) -> bool:
    return created_at is not None and published_at is not None and created_at < published_at


def _agree(owners: Sequence[Own], key: Callable[[BidderDocument], str]) -> bool:
    """Whether documents of two bidders agree in another metadata value as well."""
    holder: dict[str, str] = {}
    return any(value and holder.setdefault(value, bidder) != bidder for bidder, one in owners for value in (key(one),))


def _identities(facts: TenderFacts, guards: Guards) -> Iterator[Seen]:
    """Compare ids: a file keeps its id and time when edited; some programs write one id into all files, so the time
    must agree.
    """
    for value, owners in _sharing(facts, lambda one: one.origin.document_id or ""):
        strength = Strength.STRONG if _agree(owners, creation_key) else Strength.WEAK
        yield _made("same_document_id", value, owners, _unless_template(strength, owners, facts, guards))


def _times(facts: TenderFacts, guards: Guards) -> Iterator[Seen]:
    """Compare creation times: one equal second may be chance among very many files, but not together with the same
    author or id.
    """
    written = sum(1 for _, one in _documents(facts) if one.is_own and creation_key(one))
    by_chance = written * written / 2 / _BUSY_SECONDS
    for value, owners in _sharing(facts, creation_key):
        agree = _agree(owners, lambda one: author_key(one.origin.author)) or _agree(
            owners, lambda one: one.origin.document_id or ""
        )
        strength = Strength.STRONG if agree or by_chance < _CHANCE else Strength.WEAK
        yield _made("same_creation_time", value, owners, _unless_template(strength, owners, facts, guards), shown=value)


def _files(facts: TenderFacts, guards: Guards) -> Iterator[Seen]:
    own = {document.sha256 for document in facts.own}
    by_hash = {document.sha256: document for _, document in _documents(facts)}
    entries = ((document.sha256, Pointer(bidder, "file", spot=document.spot)) for bidder, document in _documents(facts))
    for sha256, evidence in across(entries):
        if sha256 not in own:
            strength = _file_strength(by_hash[sha256], evidence, facts, guards)
            yield seen("same_file", strength, f"file:{sha256}", evidence)


def _file_strength(
    document: BidderDocument, evidence: Sequence[Pointer], facts: TenderFacts, guards: Guards
) -> Strength:
    """Rate an identical file: one that names the bidder or lists staff is a bidder's own; others may be public, unless
    made for this tender.

    A worker who changed jobs gives both employers the same electronic certificate.
    """
    if document.kind == "social_worker_certificate":
        return Strength.WEAK
    if document.persons or any(mention.as_self for mention in document.mentions):
        return Strength.FACT
    if organizations(evidence) > guards.common:
        return Strength.WEAK
    return Strength.STRONG if _made_for(document.origin.created_at, facts.published_at) else Strength.WEAK


def _made_for(created_at: datetime | None, published_at: datetime | None) -> bool:
    return created_at is not None and published_at is not None and created_at >= published_at


def _images(facts: TenderFacts, guards: Guards) -> Iterator[Seen]:
    own = {image.sha256 for document in facts.own for image in document.images}
    groups: dict[str, list[tuple[Own, Spot]]] = {}
    for bidder, document in _documents(facts):
        for image in document.images if document.is_own else ():
            if image.sha256 not in own:
                groups.setdefault(image.sha256, []).append(((bidder, document), image.spot))
    for sha256, found in sorted(groups.items()):
        owners = [owner for owner, _ in found]
        if len({bidder for bidder, _ in owners}) > 1 and len({one.sha256 for _, one in owners}) > 1:
            evidence = [Pointer(bidder, "image", spot=spot) for (bidder, _), spot in found]
            strength = _unless_template(Strength.STRONG, owners, facts, guards)
            yield seen("same_page_image", strength, f"image:{sha256}", evidence)


def _authors(facts: TenderFacts, guards: Guards) -> Iterator[Seen]:
    """Compare author names; where each bidder has staff of that name, they may be two people."""
    rosters = {bidder.id: bidder.roster for bidder in facts.bidders}
    for author, owners in _sharing(facts, lambda one: author_key(one.origin.author)):
        subjects = {bidder for bidder, _ in owners}
        namesakes = sum(any(person_name(line.name) == author for line in rosters[subject]) for subject in subjects)
        strength = Strength.WEAK if namesakes > 1 else Strength.STRONG
        yield _made("same_author", author, owners, _unless_template(strength, owners, facts, guards), shown=author)


def author_key(text: str | None) -> str:
    """Normalise an author's name; "" for the default owner names of computers."""
    name = person_name(text)
    return "" if _COMMON_AUTHORS.fullmatch(name) else name
