"""Several suppliers as one bidder 联合体 (政府采购法 art 24), and bidders that the law treats as one (实施条例 art 18, 22)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from app.core.measured import Measured
from app.core.outcome import Outcome

EVERY_MEMBER = "政府采购法 第二十四条"
ONE_BID = "政府采购法实施条例 第二十二条"
SAME_HANDS = "政府采购法实施条例 第十八条"
ARTICLE_22 = frozenset(
    {"legal_person", "credit_record", "no_major_violation", "financial_accounting", "technical_capability"}
)  # 政府采购法 第二十二条: what every member must meet; the tender's special conditions one member must


def combined(members: Mapping[str, Mapping[str, Outcome]]) -> tuple[Measured, ...]:
    """The outcome of each requirement for the consortium; member → requirement → outcome.

    Conditions of art 22 hold for every member, so one bad credit record taints all; the tender's special conditions are
    met by the best member. A requirement that some member was not screened for is undetermined at best.
    """
    ids = sorted({requirement for screened in members.values() for requirement in screened})
    return tuple(_combined(requirement, members) for requirement in ids)


def _combined(requirement: str, members: Mapping[str, Mapping[str, Outcome]]) -> Measured:
    found = {name: screened.get(requirement, Outcome.UNDETERMINED) for name, screened in members.items()}
    order = (Outcome.NOT_MET, Outcome.UNDETERMINED, Outcome.MET)
    if requirement not in ARTICLE_22:
        order = (Outcome.MET, Outcome.UNDETERMINED, Outcome.NOT_MET)
    outcome = next(one for one in order if one in found.values())
    where = tuple(sorted(name for name, one in found.items() if one is outcome)) if outcome is not Outcome.MET else ()
    return Measured(requirement, outcome, EVERY_MEMBER, where=where)


@dataclass(frozen=True, slots=True)
class Bidder:
    """One bid of a lot as art 18 sees it: who is in charge, who holds or manages whom directly.

    `in_charge` is the keyed hash of the person's resident ID, or None; `linked`: organizations with a direct link.
    """

    bid: str
    organizations: frozenset[str]
    in_charge: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Block:
    """Two bids of one lot that stay undecided until a person has decided: code, article, the bids in order."""

    code: str
    article: str
    bids: tuple[str, str]


def blocks(bidders: tuple[Bidder, ...]) -> tuple[Block, ...]:
    """Every pair of bids of one lot that may not both stand: the same member, person in charge, or a direct link."""
    ordered = sorted(bidders, key=lambda bidder: bidder.bid)
    return tuple(block for first, second in combinations(ordered, 2) for block in _pair(first, second))


def _pair(first: Bidder, second: Bidder) -> Iterator[Block]:
    pair = (first.bid, second.bid)
    if first.organizations & second.organizations:
        yield Block("member_bids_twice", ONE_BID, pair)
    if first.in_charge & second.in_charge:
        yield Block("same_person_in_charge", SAME_HANDS, pair)
    if first.linked & second.organizations or second.linked & first.organizations:
        yield Block("direct_link", SAME_HANDS, pair)


def several_bids(bids: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """Organizations that stand in more than one bid (bid → its members), with those bids."""
    seen: dict[str, list[str]] = defaultdict(list)
    for bid, members in sorted(bids.items()):
        for member in members:
            seen[member].append(bid)
    return {member: tuple(found) for member, found in sorted(seen.items()) if len(found) > 1}
