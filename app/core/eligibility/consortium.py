"""Consortium 联合体: what every member must meet (政府采购法 art 24); no member may bid twice (实施条例 art 22).

Bidders under common control (实施条例 art 18) are handled in app/core/integrity.
"""

from collections import defaultdict
from collections.abc import Mapping

from app.core.facts.measured import Measured
from app.core.facts.outcome import Outcome

EVERY_MEMBER = "政府采购法 第二十四条"
ONE_BID = "政府采购法实施条例 第二十二条"
ARTICLE_22 = frozenset(
    {"legal_person", "credit_record", "no_major_violation", "financial_accounting", "technical_capability"}
)  # 政府采购法 第二十二条: conditions for every member; the tender's special conditions need one member


def combined(members: Mapping[str, Mapping[str, Outcome]]) -> tuple[Measured, ...]:
    """Combine the outcome of each requirement for the consortium, from member → requirement → outcome.

    Art 22 conditions apply to every member, so one bad credit record disqualifies the consortium; the best member
    decides the tender's special conditions. A requirement for which a member was not screened counts as undetermined
    there.
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


def several_bids(bids: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """Return organizations that are members of more than one bid, with those bids; input: bid → its members."""
    seen: dict[str, list[str]] = defaultdict(list)
    for bid, members in sorted(bids.items()):
        for member in members:
            seen[member].append(bid)
    return {member: tuple(found) for member, found in sorted(seen.items()) if len(found) > 1}
