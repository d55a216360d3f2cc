"""The demo officer's decisions where a screening leaves a question open: scripted, each with its reason.

Nothing here is computed: these are manual decisions, as an officer would enter them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Looked:
    """A decision on a bidder whose screening needs review; with `question` the bidder was asked first (澄清)."""

    state: str
    reason: str
    requirement: str | None = None
    question: str | None = None
    due_on: str | None = None
    answer: str | None = None


REVIEWED = {
    # one social worker is on two rosters; the other bidder has the insurance proof
    "lupu": Looked(
        state="unsuccessful",
        reason="一名社工同时列入另一投标人花名册，社会保险证明由另一投标人提供；"
        "本单位未能证明为其缴纳社会保险，专职人员不足8名。",
        requirement="full_time_staff",
        question="请说明花名册中与其他投标人重复的人员的劳动关系和社会保险缴纳情况。",
        due_on="2026-05-22",
        answer="该员工系临时借用，由原单位缴纳社会保险。",
    ),
    "liudu": Looked(
        state="unsuccessful",
        reason="所附登记证书载明的名称和统一社会信用代码属于另一机构，未提供本机构的登记证书，视为未提供。",
    ),
}
UNEXPECTED = Looked(state="unsuccessful", reason="资料不能证明符合资格条件，视为未提供。")
AWARD_REASON = "按采购文件规定的定标规则确定。"
NEW_FACT = "补签的劳动合同和补缴的社会保险"
LOW_PRICE_QUESTION = "报价明显低于其他投标人，请在合理时间内书面说明报价构成，并附相关证明材料。"
EXPLANATION = "本单位在该街道设有站点，人员通勤和场地费用较低，附成本测算表。"
DISSENT = "第二名服务方案更符合需求，评分依据不足。"
LEAD_FINDINGS = {
    "same_person_two_bidders": ("confirmed", "经澄清，重复人员由另一投标人缴纳社会保险。"),
    "": ("dismissed", "经核查，有合理解释，不影响公平竞争。"),
}
