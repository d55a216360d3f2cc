"""Tenders with one kind of planted collusion each, and honest ones full of look-alikes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from app.core.facts.dossier import InsurancePeriod, RosterLine
from app.core.integrity.facts import Contact, ControlLink, FileOrigin, Person
from app.core.integrity.leads import Strength
from app.core.values.months import Month
from tests.making.integrity.drafts import Draft, DraftBidder, DraftDocument, Maker, bidder_ids
from tests.making.integrity.plans import REGULATION, TENDER, WEB_TEMPLATE

CEILING = Decimal(1_000_000)
TEMPLATE = FileOrigin(
    "Microsoft® Word 2016", "招标代理经办人", datetime(2019, 5, 7, 3, 2, 1, tzinfo=UTC), "tender-template"
)
WEB = FileOrigin("WPS 文字", "范本之家", datetime(2015, 3, 4, 5, 6, 7, tzinfo=UTC), "web-template")
FACT, STRONG, WEAK = Strength.FACT, Strength.STRONG, Strength.WEAK


@dataclass(frozen=True)
class Planted:
    """A tender and its planted collusion: the expected code, its strength, and the ring (None: honest)."""

    kind: str
    draft: Draft
    code: str = ""
    strength: Strength | None = None
    ring: frozenset[str] = frozenset()


def honest(seed: int) -> Draft:
    """Generate a tender without collusion, with look-alikes of every signal."""
    make = Maker(seed)
    ceilings = {
        f"lot-{number}": CEILING - 10_000 * make.random.randrange(9) for number in range(1, make.random.randrange(2, 6))
    }
    bidders = [make.bidder(ceilings, number) for number in range(make.random.randrange(6, 13))]
    own = DraftDocument("other", "e" * 64, TEMPLATE, ["a" * 64], text=TENDER)
    draft = Draft(bidders, ceilings, [own])
    for look_alike in LOOK_ALIKES:
        if make.random.random() < 0.6:
            look_alike(make, draft, make.random.sample(bidders, len(bidders)))
    return draft


def moved_staff(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    former, later, *_ = bidders
    line = make.line()
    before = InsurancePeriod(None, Month.parse("2016-03"), Month.parse("2018-06"))
    after = InsurancePeriod(None, Month.parse("2018-07"), None)
    former.roster.append(replace(line, contract_to=date(2018, 6, 30), insurance=(before,)))
    later.roster.append(replace(line, contract_from=date(2018, 7, 1), insurance=(after,)))
    certificate = DraftDocument(
        "social_worker_certificate", make.sha256(), FileOrigin("证书系统", "考试中心", make.instant())
    )
    former.documents.append(certificate)
    later.documents.append(certificate)


def namesakes(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    for bidder in bidders:
        bidder.roster += [make.line("王伟") for _ in range(5)]
    birth = date(1988, 8, 8)
    for bidder in bidders[:2]:
        bidder.roster.append(make.line("王伟", make.resident_id(birth)))
        bidder.plan.origin = replace(bidder.plan.origin, author="王伟")
        bidder.head = replace(bidder.head, name="王伟")


def incubator(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    address, phone, network = "苏州市姑苏区社会组织孵化园", make.landline(), make.network_address()
    for hours, bidder in enumerate(bidders[:2]):
        bidder.addresses = [address]
        bidder.contacts.append(Contact("前台", phone))
        at = make.instant().replace(hour=1) + timedelta(hours=3 * hours)
        bidder.submission = replace(bidder.submission, network_address=network, client=f"client {bidder.id}", at=at)


def service_platform(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    account = make.account()
    for bidder in bidders[:4]:
        bidder.contacts.append(Contact("服务平台", "400-820-8820", "hall@service.example.org"))
    for bidder in bidders[:2]:
        bidder.submission = replace(bidder.submission, bond_account=account, bond_payer="苏州某某融资担保有限公司")


def tender_template(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    for bidder in bidders[: len(bidders) // 2]:
        declaration = next(one for one in bidder.documents if one.kind == "declaration")
        declaration.origin, declaration.images = TEMPLATE, ["a" * 64]


def web_template(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    for bidder in bidders[:4]:
        bidder.plan.origin, bidder.plan.images = WEB, ["b" * 64]
        bidder.plan.text += WEB_TEMPLATE


def quoted_regulation(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    public = DraftDocument("other", make.sha256(), FileOrigin("方正", "", datetime(2014, 12, 15, 2, 3, 4, tzinfo=UTC)))
    for bidder in bidders[:2]:
        bidder.plan.text += REGULATION
        bidder.documents.append(public)


def default_authors(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    for bidder, author in zip(bidders, ("Administrator", "Administrator", "微软用户", "微软用户"), strict=False):
        bidder.plan.origin = replace(bidder.plan.origin, author=author)


def round_prices(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    for bidder, price in zip(bidders, (950_000, 960_000, 970_000, 980_000, 980_000), strict=False):
        bidder.prices["lot-1"] = Decimal(price)


def partners(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    one, other, third, *_ = bidders
    one.plan.mentions.append((other.name, False))
    one.links.append(ControlLink(third.id, "shareholding", Decimal("0.05")))


def slips(make: Maker, draft: Draft, bidders: list[DraftBidder]) -> None:
    for bidder in bidders[:3]:
        bidder.roster.append(replace(make.line(), resident_id=None))
        bidder.roster.append(replace(make.line(), resident_id="无"))
        bidder.contacts.append(Contact("", "", ""))
        bidder.plan.text += "本机构承诺" + "按时足额缴纳社会保险费并接受监督检查不弄虚作假。"


LOOK_ALIKES = (
    moved_staff,
    namesakes,
    incubator,
    service_platform,
    tender_template,
    web_template,
    quoted_regulation,
    default_authors,
    round_prices,
    partners,
    slips,
)

Plant = Callable[[Maker, Draft, list[DraftBidder]], None]


def _one_person(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    line = make.line()
    for number, bidder in enumerate(ring):
        bidder.roster.append(replace(line, name=line.name if number else f" {line.name} "))


def _one_certificate(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    line = make.line()
    while not line.certificates:
        line = make.line()
    for number, bidder in enumerate(ring):
        bidder.roster.append(replace(line, resident_id=line.resident_id if number == 0 else None))


def _mistyped_person(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    line = make.line()
    assert line.resident_id
    ids = [line.resident_id, line.resident_id[:-1] + ("0" if line.resident_id[-1] != "0" else "1")]
    for bidder, resident_id in zip(ring, ids, strict=False):
        bidder.roster.append(replace(line, resident_id=resident_id, certificates=()))


def _number_twice(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    number = make.line()
    while not number.certificates:
        number = make.line()
    for bidder in ring:
        line: RosterLine = make.line()
        bidder.roster.append(replace(line, certificates=number.certificates))


def _contact(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    contact = Contact(make.person_name(), make.mobile())
    for bidder in ring:
        bidder.contacts.append(contact)


def _mobile(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    phone = make.mobile()
    for number, bidder in enumerate(ring):
        bidder.contacts.append(Contact(f"联系人{number}", f"+86 {phone}" if number else phone))


def _mailbox(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    for number, bidder in enumerate(ring):
        bidder.contacts.append(
            Contact(f"联系人{number}", None, "Toubiao@Example.org" if number else "toubiao@example.org")
        )


def _address(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    for bidder in ring:
        bidder.addresses.append("苏州市虎丘区科技路88号1203室")


def _agent(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    agent = Person(make.person_name(), make.resident_id())
    for bidder in ring:
        bidder.submission = replace(bidder.submission, agent=agent)


def _account(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    account = make.account()
    for bidder in ring:
        bidder.submission = replace(bidder.submission, bond_account=account, bond_payer=ring[0].name)


def _network(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    address, at = make.network_address(), make.instant()
    for number, bidder in enumerate(ring):
        bidder.submission = replace(
            bidder.submission, network_address=address, client=f"client {number}", at=at + timedelta(minutes=7 * number)
        )


def _file(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    copied = DraftDocument("other", make.sha256(), FileOrigin(), [], [(ring[0].name, True)])
    for bidder in ring:
        bidder.documents.append(copied)


def _image(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    for bidder in ring:
        bidder.plan.images.append("c" * 64)


def _grown_from_one(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    for bidder in ring:
        bidder.plan.origin = replace(
            bidder.plan.origin, document_id="grown", created_at=datetime(2019, 5, 12, 6, 7, 8, tzinfo=UTC)
        )


def _author(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    for bidder in ring:
        bidder.plan.origin = replace(bidder.plan.origin, author="林晚舟")


def _second(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    for bidder in ring:
        bidder.plan.origin = replace(bidder.plan.origin, created_at=datetime(2019, 5, 12, 6, 7, 8, tzinfo=UTC))


def _fonts(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    for bidder in ring:
        bidder.plan.origin = replace(bidder.plan.origin, fonts=("QKZWPT+SimSun", "RLMVXD+KaiTi"))


def _mixed(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    ring[0].plan.mentions.append((ring[1].name, True))


def _text(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    """Return the other's plan with its own name and a few changed words."""
    copied = ring[0].plan.text
    for bidder in ring[1:]:
        bidder.plan.text = copied.replace(ring[0].name, bidder.name).replace("跟进记录", "跟踪记录", 3)


def _rare_errors(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    for bidder in ring:
        bidder.plan.text = (
            bidder.plan.text.replace("家庭需求档案", "家庭须求档案")
            .replace("全部社区", "全布社区")
            .replace("大型活动", "大形活动")
        )


def _arithmetic(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    start, step = make.random.randrange(880_000, 900_000), make.random.randrange(5_001, 9_999)
    for number, bidder in enumerate(ring):
        bidder.prices["lot-1"] = Decimal(start + number * step)
    _keep_out(draft, ring, Decimal(start), Decimal(start + (len(ring) - 1) * step))


def _geometric(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    start, ratio = (
        Decimal(make.random.randrange(800_000, 820_000)),
        Decimal(make.random.randrange(10_300, 10_500)) / 10_000,
    )
    prices = [(start * ratio**number).quantize(Decimal("0.01")) for number in range(len(ring))]
    for bidder, price in zip(ring, prices, strict=True):
        bidder.prices["lot-1"] = price
    _keep_out(draft, ring, prices[0], prices[-1])


def _keep_out(draft: Draft, ring: list[DraftBidder], low: Decimal, high: Decimal) -> None:
    """Move other prices out from between the steps, where they would hide the pattern."""
    for bidder in draft.bidders:
        if bidder not in ring and low <= bidder.prices.get("lot-1", Decimal(0)) <= high:
            del bidder.prices["lot-1"]


def _fixed_ratio(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    one, other = ring
    for lot in draft.ceilings:
        one.prices[lot] = Decimal(make.random.randrange(880_003, 979_999))
        other.prices[lot] = (one.prices[lot] * Decimal("1.0137")).quantize(Decimal("0.01"))


def _nearly_equal(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    price = Decimal(make.random.randrange(90_000_101, 97_999_999, 2)) / 100
    for number, bidder in enumerate(ring):
        bidder.prices["lot-1"] = price + Decimal("0.01") * number


def _endings(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    for bidder in ring:
        bidder.prices["lot-1"] = Decimal(make.random.randrange(9_000, 9_800)) * 100 + Decimal("37.21")


def _same_head(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    for bidder in ring:
        bidder.head = ring[0].head
        bidder.prices.setdefault("lot-1", Decimal(951_000))


def _holding(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    ring[0].links.append(ControlLink(ring[1].id, "shareholding", Decimal("0.6")))
    _meet(ring)


def _management(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    ring[0].links.append(ControlLink(ring[1].name, "management"))
    _meet(ring)


def _meet(ring: list[DraftBidder]) -> None:
    for bidder in ring:
        bidder.prices.setdefault("lot-1", Decimal(951_000))


def _head_elsewhere(make: Maker, draft: Draft, ring: list[DraftBidder]) -> None:
    ring[1].roster.append(make.line(ring[0].head.name, ring[0].head.resident_id))


KINDS: Mapping[str, tuple[str, Strength, int, Plant]] = {
    "one person on two rosters": ("same_person_two_bidders", FACT, 2, _one_person),
    "one certificate holder on two rosters": ("same_person_two_bidders", FACT, 2, _one_certificate),
    "one person, ID mistyped": ("probable_same_person", STRONG, 2, _mistyped_person),
    "certificate number used twice": ("certificate_number_shared", STRONG, 2, _number_twice),
    "head on another roster": ("representative_on_other_roster", FACT, 2, _head_elsewhere),
    "one contact person": ("same_contact_person", FACT, 2, _contact),
    "one mobile number": ("same_phone", FACT, 2, _mobile),
    "one mailbox": ("same_email", FACT, 2, _mailbox),
    "one room": ("same_address", STRONG, 2, _address),
    "one agent": ("same_agent", FACT, 3, _agent),
    "one account": ("same_bond_account", FACT, 3, _account),
    "one network address": ("same_network_address", STRONG, 2, _network),
    "one file": ("same_file", FACT, 2, _file),
    "one scan": ("same_page_image", STRONG, 2, _image),
    "one source file": ("same_document_id", STRONG, 2, _grown_from_one),
    "one author": ("same_author", STRONG, 3, _author),
    "one second": ("same_creation_time", STRONG, 2, _second),
    "one font subset": ("same_fonts", STRONG, 2, _fonts),
    "files mixed up": ("files_mixed_up", FACT, 2, _mixed),
    "copied plan": ("text_near_identical", STRONG, 2, _text),
    "copied errors": ("same_rare_error", STRONG, 2, _rare_errors),
    "arithmetic steps": ("prices_in_arithmetic_steps", STRONG, 5, _arithmetic),
    "geometric steps": ("prices_in_geometric_steps", STRONG, 5, _geometric),
    "one ratio in all lots": ("prices_in_fixed_ratio", STRONG, 2, _fixed_ratio),
    "nearly equal prices": ("prices_nearly_equal", STRONG, 2, _nearly_equal),
    "same endings": ("prices_same_cents", STRONG, 4, _endings),
    "one head": ("same_person_in_charge", FACT, 2, _same_head),
    "holding": ("direct_holding", FACT, 2, _holding),
    "management": ("direct_management", FACT, 2, _management),
}


def planted(kind: str, seed: int) -> Planted:
    """Generate an honest tender with one kind of planted collusion."""
    code, strength, size, plant = KINDS[kind]
    make = Maker(seed + 500_000)
    draft = honest(seed)
    if kind == "one ratio in all lots":
        draft.ceilings.update({f"lot-{number}": CEILING for number in range(1, 6)})
        for bidder in draft.bidders:
            for lot, ceiling in draft.ceilings.items():
                bidder.prices.setdefault(lot, make.price(ceiling))
    ring = make.random.sample(draft.bidders, size)
    for bidder in ring:  # it writes its plan itself, in the weeks of the tender
        bidder.plan.origin = make.origin()
    plant(make, draft, ring)
    return Planted(kind, draft, code, strength, bidder_ids(ring))
