"""Several suppliers as one bidder 联合体: what every member must meet (政府采购法 art 24), and that none bids twice (实施条例 art 22).

Bidders in the same hands (实施条例 art 18) are the affair of app/core/integrity.
"""

from collections import defaultdict
from collections.abc import Mapping

from app.core.facts.measured import Measured
from app.core.facts.outcome import Outcome

EVERY_MEMBER = "政府采购法 第二十四条"
ONE_BID = "政府采购法实施条例 第二十二条"
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


def several_bids(bids: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """Organizations that stand in more than one bid (bid → its members), with those bids."""
    seen: dict[str, list[str]] = defaultdict(list)
    for bid, members in sorted(bids.items()):
        for member in members:
            seen[member].append(bid)
    return {member: tuple(found) for member, found in sorted(seen.items()) if len(found) > 1}
