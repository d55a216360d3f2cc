"""Words that only papers use, in both languages; the others are those of the reports."""

from app.awarding.reports import labels
from app.awarding.reports.results import Language

_WORDS = {
    "qualification_sheet": ("资格审查表", "Qualification sheet"),
    "evaluation_report": ("评标报告", "Evaluation report"),
    "practice": ("演练，不具法律效力", "PRACTICE, without legal effect"),
    "page": ("第 {} 页，共 {} 页", "Page {} of {}"),
    "unprintable": ("字体未收录的字符以其编码标明：", "Characters that the font lacks are shown by their code: "),
    "tender": ("项目名称", "Tender"),
    "tender_id": ("项目编号", "Tender number"),
    "ceiling": ("最高限价（元）", "Ceiling (yuan)"),
    "decided_on": ("日期", "Date"),
    "policy_sha256": ("评审规则校验值", "Policy hash"),
    "result_hash": ("排名结果校验值", "Ranking hash"),
    "engine": ("计算版本", "Engine version"),
    "number": ("序号", "No."),
    "decision": ("审查结论", "Decision"),
    "active": ("通过", "passed"),
    "unsuccessful": ("不通过", "not passed"),
    "matrix_title": ("一、逐项审查结果", "1. Result by requirement"),
    "decisions_title": ("二、审查结论", "2. Decisions"),
    "reasons_title": ("三、未符合、待定条件的理由和依据", "3. Reasons where a requirement is not met or undetermined"),
    "ranking_title": ("一、评审结果排序", "1. Ranking"),
    "scores_title": ("二、评委打分", "2. Scores by member"),
    "excluded_title": ("三、未进入评审的投标", "3. Bids that were not evaluated"),
    "stands_title": ("四、评委意见", "4. Position of each member"),
    "proposal": ("筛查建议", "Screening"),
    "member": ("评委", "Member"),
    "sum": ("合计", "Sum"),
    "stand": ("意见", "Position"),
    "dissent": ("不同意见及理由", "Dissent and its reasons"),
    "agreed": ("同意", "agrees"),
    "dissented": ("有不同意见", "dissents"),
    "deemed_to_agree": ("视为同意（未签字且未书面说明）", "deemed to agree (neither signed nor dissented in writing)"),
    "reviewer": ("审查人", "Examined by"),
    "supervisor": ("监督人", "Witnessed by"),
    "failed_lot": ("本单元评审未完成：", "The lot failed: "),
}


def word(code: str, language: Language) -> str:
    """Return a word or sentence; an unknown code is shown as it is."""
    if code not in _WORDS:
        return labels.word(code, language)
    zh, en = _WORDS[code]
    return zh if language == "zh" else en
