"""Scope of a clarification 澄清 and equal treatment of bidders (财政部令第87号 第五十一条、第六十条).

A clarification explains a bid and never changes it. Admissible facts are in the bid already, or were in a public register
at the deadline.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SCOPE = "财政部令第87号 第五十一条"
LOW_PRICE = "财政部令第87号 第六十条"


class About(StrEnum):
    """Subject of the clarification: an undetermined requirement, or an abnormally low price."""

    REQUIREMENT = "requirement"
    LOW_PRICE = "low_price"


class Basis(StrEnum):
    """Source of a fact in the answer."""

    IN_BID = "in_bid"
    PUBLIC_REGISTER = "public_register"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact of an answer; `held_since`: the day on which a register recorded it."""

    basis: Basis
    held_since: date | None = None


def out_of_scope(fact: Stated, deadline: date, about: About = About.REQUIREMENT) -> bool:
    """Whether a fact would change the bid after the deadline: it is new, or was registered later or on an unknown day.

    An abnormally low price may be justified with any evidence (第六十条: 必要时提交相关证明材料), which changes
    nothing.
    """
    if about is About.LOW_PRICE:
        return False
    if fact.basis is Basis.PUBLIC_REGISTER:
        return fact.held_since is None or fact.held_since > deadline
    return fact.basis is Basis.NEW


def left_out(concerned: Collection[str], asked: Collection[str]) -> tuple[str, ...]:
    """Return bids with the same open point that were not asked; every one of them must get the same opportunity."""
    return tuple(sorted(set(concerned) - set(asked)))
