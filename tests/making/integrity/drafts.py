"""An editable tender for tests: bidders with all their data, before they become facts. All of it is invented."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from app.core.facts.dossier import Employment, InsurancePeriod, RosterLine, StaffCertificate
from app.core.integrity.facts import (
    Address,
    Bidder,
    BidderDocument,
    Contact,
    ControlLink,
    FileOrigin,
    Mention,
    PageImage,
    Person,
    Spot,
    Submission,
    TenderFacts,
)
from app.core.values.months import Month
from app.evidence.reading.fingerprints.fingerprint import text_parts
from app.examination.integrity.text import TextSample, common_of, sample_of, shared_variants, text_matches
from tests.making.integrity.plans import plan_text

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = "子涵欣怡若曦诗语静远知秋望舒南星云帆清和明澈听澜景行怀瑾"
DAY = date(2019, 5, 31)
PUBLISHED = datetime(2019, 5, 8, 1, 0, tzinfo=UTC)
LINE = 30  # characters of a printed line


@dataclass
class DraftDocument:
    kind: str
    sha256: str
    origin: FileOrigin = field(default_factory=FileOrigin)
    images: list[str] = field(default_factory=list)
    mentions: list[tuple[str, bool]] = field(default_factory=list)
    text: str = ""
    persons: int = 0

    def facts(self) -> BidderDocument:
        spot = Spot(self.sha256, 1, (0.1, 0.1, 0.5, 0.2))
        return BidderDocument(
            self.sha256,
            self.kind,
            self.origin,
            tuple(PageImage(image, spot) for image in self.images),
            tuple(Mention(text, spot, own) for text, own in self.mentions),
            self.persons,
        )

    def sample(self, bidder: str) -> TextSample:
        lines = [self.text[at : at + LINE] for at in range(0, len(self.text), LINE)]
        pieces = [
            (line, 1 + at // 40, (0.1, 0.02 * (at % 40), 0.9, 0.02 * (at % 40) + 0.02)) for at, line in enumerate(lines)
        ]
        return sample_of(bidder, self.sha256, text_parts(pieces), is_form=self.kind in ("declaration", "roster"))


@dataclass
class DraftBidder:
    id: str
    name: str
    code: str
    head: Person
    roster: list[RosterLine]
    contacts: list[Contact]
    addresses: list[str]
    documents: list[DraftDocument]
    submission: Submission
    prices: dict[str, Decimal]
    links: list[ControlLink] = field(default_factory=list)

    @property
    def plan(self) -> DraftDocument:
        return next(one for one in self.documents if one.kind == "other")

    def facts(self) -> Bidder:
        return Bidder(
            id=self.id,
            name=self.name,
            code=self.code,
            roster=tuple(self.roster),
            representative=self.head,
            contacts=tuple(self.contacts),
            addresses=tuple(map(Address, self.addresses)),
            links=tuple(self.links),
            submissions=(self.submission,),
            documents=tuple(one.facts() for one in self.documents),
            prices=dict(self.prices),
            lots=frozenset(self.prices),
        )


@dataclass
class Draft:
    bidders: list[DraftBidder]
    ceilings: dict[str, Decimal]
    own: list[DraftDocument]

    def facts(self) -> TenderFacts:
        samples = [one.sample(bidder.id) for bidder in self.bidders for one in bidder.documents if one.text]
        common = common_of([one.sample("tender") for one in self.own])
        return TenderFacts(
            b"secret",
            tuple(bidder.facts() for bidder in self.bidders),
            DAY,
            PUBLISHED,
            self.ceilings,
            tuple(one.facts() for one in self.own),
            tuple(text_matches(samples, common, 3)),
            tuple(shared_variants(samples, common, 3)),
        )


class Maker:
    """Generates everything from one random source; unique values are numbered."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.serial = seed * 1_000_000

    def number(self) -> int:
        self.serial += 1
        return self.serial

    def digits(self, length: int) -> str:
        """Return digits, different each time."""
        return f"{(self.number() * 7_919 + 104_729) % 10**length:0{length}d}"

    def resident_id(self, birth: date | None = None) -> str:
        day = birth or date(1965, 1, 1) + timedelta(days=self.random.randrange(12_000))
        body = f"{self.random.choice((320505, 320506, 320508, 320583))}{day:%Y%m%d}{self.digits(3)}"
        return body + "10X98765432"[sum(int(a) * b for a, b in zip(body, WEIGHTS, strict=True)) % 11]

    def person_name(self) -> str:
        return self.random.choice(SURNAMES) + "".join(self.random.sample(GIVEN, self.random.choice((1, 2))))

    def sha256(self) -> str:
        return f"{self.number():064x}"

    def mobile(self) -> str:
        return f"1{self.random.choice('35789')}{self.digits(9)}"

    def landline(self) -> str:
        return f"0512-{self.random.choice('6789')}{self.digits(7)}"

    def account(self) -> str:
        return "3250" + self.digits(13)

    def network_address(self) -> str:
        return f"58.{self.random.randrange(192, 255)}.{self.random.randrange(256)}.{self.random.randrange(1, 255)}"

    def instant(self) -> datetime:
        day = PUBLISHED + timedelta(days=self.random.randrange(2, 22), hours=self.random.randrange(9))
        return day + timedelta(seconds=self.random.randrange(1, 3599))

    def line(
        self, name: str | None = None, resident_id: str | None = None, begin: date = date(2016, 3, 1)
    ) -> RosterLine:
        certificates: tuple[StaffCertificate, ...] = ()
        if self.random.random() < 0.4:
            certificates = (StaffCertificate("social_worker", "assistant", "2015" + self.digits(14), date(2015, 9, 1)),)
        return RosterLine(
            name or self.person_name(),
            resident_id or self.resident_id(),
            Employment.FULL_TIME,
            begin,
            None,
            (InsurancePeriod(None, Month.of(begin), Month.parse("2019-04")),),
            certificates,
        )

    def price(self, ceiling: Decimal) -> Decimal:
        """Return a price as bidders calculate it: a discount, rounded as each is used to."""
        raw = ceiling * Decimal(str(round(self.random.uniform(0.86, 0.995), 6)))
        unit = self.random.choice((Decimal(1000), Decimal(1000), Decimal(100), Decimal(1), Decimal("0.01")))
        return (raw / unit).quantize(Decimal(1)) * unit

    def bidder(self, ceilings: dict[str, Decimal], number: int) -> DraftBidder:
        style = self.random.randrange(10**6)
        name = f"苏州市{self.person_name()[1:]}{GIVEN[number % 20 : number % 20 + 2]}{number}社会工作服务中心"
        origin = self.origin()
        declaration = replace(origin, document_id=self.sha256(), created_at=self.instant())
        issued = FileOrigin("电子证照系统", "民政局", datetime(2018, 1, 1, 1, 2, 3, tzinfo=UTC))
        plan = plan_text(self.random, style, name)
        return DraftBidder(
            id=f"org{number:03d}",
            name=name,
            code="",
            head=self.person(),
            roster=[self.line() for _ in range(12)],
            contacts=[
                Contact(self.person_name(), self.mobile(), f"sw{self.digits(8)}@example.org"),
                Contact(self.person_name(), self.landline()),
            ],
            addresses=[self.address()],
            documents=[
                DraftDocument("other", self.sha256(), origin, [self.sha256()], [(name, True)], plan),
                DraftDocument("declaration", self.sha256(), declaration, [], [(name, True)]),
                DraftDocument("registration_certificate", self.sha256(), issued, ["f" * 64], [(name, True)]),
                DraftDocument(
                    "roster", self.sha256(), FileOrigin("Excel", "Administrator", self.instant()), persons=12
                ),
            ],
            submission=self.submission(),
            prices={lot: self.price(ceiling) for lot, ceiling in ceilings.items() if self.random.random() < 0.9},
        )

    def origin(self) -> FileOrigin:
        program = self.random.choice(("WPS 文字", "Microsoft® Word 2016"))
        author = self.person_name() + self.random.choice(GIVEN)
        return FileOrigin(program, author, self.instant(), self.sha256(), ("ABCDEE+SimSun", "BCDEEE+SimHei"))

    def person(self) -> Person:
        return Person(self.person_name(), self.resident_id())

    def address(self) -> str:
        street = self.random.choice("东西南北中")
        return f"苏州市姑苏区{street}街{self.number() % 9000 + 100}号{self.digits(3)}室"

    def submission(self) -> Submission:
        return Submission(
            network_address=self.network_address(),
            client="Mozilla/5.0",
            at=self.instant(),
            bond_account=self.account(),
            agent=self.person(),
        )


def bidder_ids(bidders: Iterable[DraftBidder]) -> frozenset[str]:
    return frozenset(bidder.id for bidder in bidders)
