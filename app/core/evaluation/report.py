"""The committee's report 评标报告 (财政部令第87号 第六十一条): signed by its members; a dissenting member states the reasons.

A member who neither signs nor states a dissent in writing is deemed to agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

ARTICLE = "财政部令第87号 第六十一条"


class Stand(StrEnum):
    """Position of a member on the report."""

    AGREED = "agreed"
    DISSENTED = "dissented"
    DEEMED = "deemed_to_agree"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature; `dissent` is the reason of a member who does not agree."""

    agrees: bool
    dissent: str | None = None


def signature_fault(agrees: bool, dissent: str | None) -> str | None:
    """Return why a signature is invalid: `dissent_missing` (dissent without reasons), `dissent_unexpected` (reasons
    with consent), or None.
    """
    if agrees:
        return None if dissent is None else "dissent_unexpected"
    return None if dissent is not None and dissent.strip() else "dissent_missing"


def stands(members: Iterable[str], signatures: Mapping[str, Signed]) -> dict[str, Stand]:
    """Return the position of each member, in the order given."""
    return {member: _stand(signatures.get(member)) for member in members}


def _stand(signed: Signed | None) -> Stand:
    if signed is None:
        return Stand.DEEMED
    return Stand.AGREED if signed.agrees else Stand.DISSENTED
