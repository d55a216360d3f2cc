"""The evaluation committee 评标委员会: size, share of experts, conflicts of interest (财政部令第87号 第四十七条)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

COMPOSITION = "财政部令第87号 第四十七条"
AVOIDANCE = "政府采购法实施条例 第九条"
LARGE_FROM = Decimal(10_000_000)  # yuan of budget from which 7 members are required
_LEAST, _LEAST_LARGE = 5, 7
_EXPERTS = Fraction(2, 3)


class Seat(StrEnum):
    """Whom a member of the committee represents."""

    EXPERT = "expert"  # 评审专家, drawn from the pool
    PURCHASER = "purchaser"  # 采购人代表


class Tie(StrEnum):
    """Relations to a supplier that exclude a member (实施条例 第九条)."""

    EMPLOYED_WITHIN_3_YEARS = "employed_within_3_years"
    DIRECTOR_WITHIN_3_YEARS = "director_within_3_years"
    CONTROLLING_SHAREHOLDER = "controlling_shareholder_within_3_years"
    KIN_OF_MANAGEMENT = "kin_of_management"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A declared or known relation of a member to an organization."""

    organization: str
    tie: Tie


@dataclass(frozen=True, slots=True)
class Member:
    """A member; `person` identifies the same human being across roles."""

    id: str
    person: str
    seat: Seat
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection to a committee; `member` where it concerns a member."""

    code: str
    article: str
    member: str | None = None
    organization: str | None = None


def least_members(budget: Decimal) -> int:
    """Return the minimum size: 5 members, 7 from a budget of 10,000,000 yuan."""
    return _LEAST_LARGE if budget >= LARGE_FROM else _LEAST


def without_sheet(members: Collection[str], submitted: Collection[str]) -> tuple[str, ...]:
    """Return the ids of members without a score sheet: the evaluation is complete only when every member has scored."""
    return tuple(sorted(set(members) - set(submitted)))


def objections(
    members: Collection[Member], budget: Decimal, bidders: Collection[str], attended_opening: Collection[str] = ()
) -> tuple[Objection, ...]:
    """List all objections to this committee evaluating these bidders; empty where there are none.

    `attended_opening`: persons who took part in the opening, who may not be members (财政部令第87号 第四十条).
    """
    return (*_composition(members, budget), *_persons(members, attended_opening), *_conflicts(members, bidders))


def _composition(members: Collection[Member], budget: Decimal) -> Iterator[Objection]:
    if len(members) < least_members(budget):
        yield Objection("too_few_members", COMPOSITION)
    if len(members) % 2 == 0:
        yield Objection("even_number", COMPOSITION)
    experts = sum(member.seat is Seat.EXPERT for member in members)
    if experts < _EXPERTS * len(members):
        yield Objection("too_few_experts", COMPOSITION)


def _persons(members: Iterable[Member], attended: Collection[str]) -> Iterator[Objection]:
    seen: set[str] = set()
    for member in members:
        if member.person in seen:
            yield Objection("member_twice", COMPOSITION, member.id)
        if member.person in attended:
            yield Objection("attended_opening", "财政部令第87号 第四十条", member.id)
        seen.add(member.person)


def _conflicts(members: Iterable[Member], bidders: Collection[str]) -> Iterator[Objection]:
    for member in members:
        for conflict in member.conflicts:
            if conflict.organization in bidders:
                yield Objection("conflict_of_interest", AVOIDANCE, member.id, conflict.organization)
