"""Labels of the reports in both languages; an unknown code is shown as it is."""

from app.awarding.reports.results import Language

_WORDS = {
    "dossier": ("档案", "Dossier"),
    "bidder": ("投标人", "Bidder"),
    "verdict": ("结论", "Verdict"),
    "score": ("得分", "Score"),
    "eligible": ("符合", "eligible"),
    "ineligible": ("不符合", "ineligible"),
    "needs_review": ("待核", "needs review"),
    "error": ("无法读取", "cannot be read"),
    "met": ("符合", "met"),
    "not_met": ("不符合", "not met"),
    "undetermined": ("待定", "undetermined"),
    "matrix": ("资格筛查", "Screening"),
    "reasons": ("理由", "Reasons"),
    "staff": ("人员", "Staff"),
    "rankings": ("排名", "Rankings"),
    "awards": ("中标建议", "Awards"),
    "requirement": ("资格条件", "Requirement"),
    "outcome": ("结果", "Outcome"),
    "required": ("要求", "Required"),
    "observed": ("计入", "Observed"),
    "doubtful": ("存疑", "Doubtful"),
    "code": ("代码", "Code"),
    "reason": ("理由", "Reason"),
    "pointer": ("位置", "Place"),
    "legal_basis": ("依据", "Legal basis"),
    "name": ("姓名", "Name"),
    "resident_id": ("身份证号", "Resident ID"),
    "full_time": ("专职", "Full-time"),
    "social_worker": ("社会工作者", "Social worker"),
    "countable": ("计入", "countable"),
    "excluded": ("不计入", "excluded"),
    "lot": ("采购单元", "Lot"),
    "rank": ("名次", "Rank"),
    "total": ("总分", "Total"),
    "price": ("报价（元）", "Price (yuan)"),
    "price_score": ("价格分", "Price score"),
    "expert_score": ("评委分", "Members' score"),
    "decided_by": ("决定于", "Decided by"),
    "winner": ("中标候选人", "Winner"),
    "none": ("无", "none"),
    "not_qualified": ("未通过资格审查", "not qualified"),
    "price_missing": ("无有效报价", "no price"),
    "over_ceiling": ("报价超过最高限价", "price over the ceiling"),
    "too_few_bidders": ("合格投标人不足三家，该单元废标", "fewer than three qualified bidders: the lot fails"),
    "failed": ("废标", "failed"),
    "decided_by_total": ("按总分", "by the total"),
    "decided_by_price": ("总分相同，报价低者在前", "equal totals: the lower price first"),
    "decided_by_technical": (
        "总分、报价相同，技术得分高者在前",
        "equal totals and prices: the higher technical score first",
    ),
    "decided_by_draw": ("总分、报价相同，随机抽取", "equal totals and prices: by draw"),
    "decided_by_tied": ("并列", "tied"),
    "not_assigned": ("未分配", "not assigned"),
    "price_weight_below_floor": ("价格分权重低于法定下限", "price weight below the legal floor"),
    "abnormally_low": ("报价明显偏低，须书面说明", "abnormally low price: to be explained in writing"),
    "no_ranked_bidder": ("无合格投标人", "no ranked bidder"),
    "limits_reached": ("候选人均已达中标上限", "every candidate has reached its limit"),
}


def word(code: str, language: Language) -> str:
    """Return a word or sentence."""
    zh, en = _WORDS.get(code, (code, code))
    return zh if language == "zh" else en


def rank(number: int, language: Language) -> str:
    """第1名 / rank 1."""
    return f"第{number}名" if language == "zh" else f"rank {number}"


def passed_over(names: str, rule: str, language: Language) -> str:
    """Explain why a higher-ranked bidder does not get the lot: limit reached, or a better assignment overall."""
    if rule == "sequential":
        return f"{names}名次在前，已达中标数量上限" if language == "zh" else f"{names} ranked higher, at the limit"
    if language == "zh":
        return f"{names}名次在前，整体最优方案未将本单元分配给该机构"
    return f"{names} ranked higher, not given this lot by the best overall assignment"
