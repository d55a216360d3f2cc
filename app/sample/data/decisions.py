"""The officer's decisions on bidders that the screening leaves open (待核), after asking for clarification."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """A named officer's conclusion (资格审查结论) with its reason in both languages."""

    qualified: bool
    officer: str
    zh: str
    en: str


OFFICER = "样例经办人"
# The bidders that are eligible by their papers; a test holds them to the verdicts of the screening.
QUALIFIED = frozenset({"chengxi", "puwan", "lanting", "kunyue", "tonghe", "yinghu", "lingtang"})
DECISIONS: Mapping[str, Decision] = {
    "lupu": Decision(
        False,
        OFFICER,
        "经澄清，仍未提供该社工由本单位缴纳社会保险的证明，专职人员计7名，少于8名",
        "after clarification still no proof that it insures the shared social worker: seven full-time staff, not eight",
    ),
    "liudu": Decision(
        False,
        OFFICER,
        "所交登记证书载明的是另一机构，澄清期内未补正",
        "the registration certificate submitted belongs to another organization and was not corrected in time",
    ),
}


def is_qualified(folder: str, verdict: str) -> bool:
    """Whether a bidder's bids are ranked: by the verdict where it is clear, else by the officer's decision.

    Raises KeyError for an open verdict without a decision.
    """
    if verdict == "needs_review":
        return DECISIONS[folder].qualified
    return verdict == "eligible"
