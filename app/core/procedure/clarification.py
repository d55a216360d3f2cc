"""What a clarification 澄清 may bring in, and that it is offered alike to all (财政部令第87号 第五十一条、第六十条).

It explains; it never mends. Facts count that are in the bid already or that a public register held at the deadline.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SCOPE = "财政部令第87号 第五十一条"
LOW_PRICE = "财政部令第87号 第六十条"


class About(StrEnum):
    """What is asked: a requirement that cannot be told, or a price far below the others."""

    REQUIREMENT = "requirement"
    LOW_PRICE = "low_price"


class Basis(StrEnum):
    """Where a fact of the answer stands."""

    IN_BID = "in_bid"
    PUBLIC_REGISTER = "public_register"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact of an answer; `held_since`: the day from which a register has held it."""

    basis: Basis
    held_since: date | None = None


def out_of_scope(fact: Stated, deadline: date, about: About = About.REQUIREMENT) -> bool:
    """Whether a fact would mend the bid after the deadline: it is new, or a register took it up later or on no known day.

    A price far below the others is explained with whatever proves it (第六十条: 必要时提交相关证明材料): nothing is mended.
    """
    if about is About.LOW_PRICE:
        return False
    if fact.basis is Basis.PUBLIC_REGISTER:
        return fact.held_since is None or fact.held_since > deadline
    return fact.basis is Basis.NEW


def left_out(concerned: Collection[str], asked: Collection[str]) -> tuple[str, ...]:
    """Bids with the same open point that were not asked: what one may explain, all may."""
    return tuple(sorted(set(concerned) - set(asked)))
