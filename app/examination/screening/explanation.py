"""Explain a stored screening to the bidder it concerns (个人信息保护法 第二十四条): findings, evidence, and possible remedies."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.core.eligibility.explain import staff_reasons
from app.core.facts.outcome import Verdict
from app.core.facts.policy import Policy
from app.core.staff.standing import Standing
from app.core.values.text import Text
from app.examination.screening.schemas import ExplainedRequirement, ExplainedStaff, ExplanationOut
from app.examination.screening.service import find, stored_policy
from app.platform.access.masking import masked_facts
from app.platform.unit_of_work import UnitOfWork

_VERDICTS = {
    "eligible": Text("各项资格条件均符合", "all requirements are met"),
    "ineligible": Text("有资格条件不符合", "a requirement is not met"),
    "needs_review": Text("有资格条件尚不能判断，须由人工核实", "a requirement needs manual review"),
}
_OUTCOMES = {"met": "符合", "not_met": "不符合", "undetermined": "尚不能判断"}
_STANDING = {Standing.COUNTABLE: "计入", Standing.DOUBTFUL: "存疑", Standing.EXCLUDED: "不计入"}
_RIGHTS = (
    "以上为计算机程序按采购文件公布的规则作出的筛查意见，不是决定；决定由采购代理机构经办人作出。"
    "如有异议，可请求人工复核（个人信息保护法 第二十四条）。"
)
_ASSURANCE = {"declared": "依据申报材料", "documented": "依据申报材料及所附证明文件"}


def explain(work: UnitOfWork, screening_id: str) -> ExplanationOut:
    """Return the explanation of a screening; a bidder finds its own only. It contains nothing about other bidders."""
    run = find(work, screening_id)
    result = masked_facts(json.loads(run.result))
    policy = stored_policy(work, run)
    requirements = [_requirement(one, policy, result) for one in result["requirements"]]
    staff = [_staff(row) for row in result["staff"] if row["codes"]]
    summary = _VERDICTS[result["verdict"]].zh
    head = (
        f"{result['organization']['name'] or '贵单位'}：以{_day(result['asOf'])}为评审日，"
        f"{_ASSURANCE[result['assurance']]}，按《{policy.title.zh}》（第{policy.version}版）筛查，结论：{summary}。"
    )
    lines = [head, *(one.text for one in requirements), *(one.text for one in staff), _RIGHTS]
    return ExplanationOut(
        screening=run.id,
        tender_id=run.tender_id,
        verdict=Verdict(run.verdict),
        summary=summary,
        requirements=requirements,
        staff=staff,
        rights=_RIGHTS,
        review=f"/api/v1/tenders/{run.tender_id}/reviews" if run.tender_id else None,
        text="\n".join(lines),
    )


def _requirement(one: Mapping[str, Any], policy: Policy, result: Mapping[str, Any]) -> ExplainedRequirement:
    title = next((known.title.zh for known in policy.requirements if known.id == one["id"]), str(one["id"]))
    found = [reason["message"]["zh"] for reason in one["reasons"]]
    flips = [flip["change"]["zh"] for flip in result["whatWouldFlip"] if flip["requirement"] == one["id"]]
    seen = list(dict.fromkeys(_evidence(one["evidence"], policy)))
    basis = [str(article) for article in one["legalBasis"] or ()]
    parts = [f"{title}：{_OUTCOMES[one['outcome']]}。"]
    if one["observed"] is not None:
        doubtful = f"，存疑{one['doubtful']}名" if one["doubtful"] else ""
        parts.append(f"要求{one['required']}名，计入{one['observed']}名{doubtful}。")
    parts += [f"原因：{'；'.join(found)}。"] if found else []
    parts += [f"所依据的材料：{'；'.join(seen)}。"] if seen else []
    parts += [f"依据：{'、'.join(basis)}。"] if basis else []
    parts += [f"如要符合：{'；'.join(flips)}。"] if flips else []
    return ExplainedRequirement(
        id=one["id"],
        title=title,
        outcome=one["outcome"],
        found=found,
        evidence=seen,
        legal_basis=basis,
        what_would_help=flips,
        text="".join(parts),
    )


_PARTS = {
    "/organization/name": "机构名称",
    "/organization/identifier/id": "统一社会信用代码",
    "/organization/registration/authority": "登记管理机关",
    "/organization/registration/businessScope": "业务范围",
    "/organization/registration/legalForm": "组织形式",
    "/organization/registration/personality": "主体资格",
    "/organization/registration/validFrom": "登记证书有效期起始日",
    "/organization/registration/validTo": "登记证书有效期截止日",
    "/organization/registration/annualChecks": "年度检查结论",
    "/roster": "人员花名册",
    "/declarations": "声明函",
    "/auditReports": "审计报告",
}


def _evidence(evidence: list[Mapping[str, Any]], policy: Policy) -> Iterator[str]:
    """Name the source of each value: the bidder's own dossier, a page of its document, or a published list."""
    lists = {one.name: one.title.zh for one in policy.credit.lists}
    for one in evidence:
        if "entry" in one:
            document = one["entry"]["document"]
            yield f"《{lists.get(one['list'], one['list'])}》所载记录{f'（{document}）' if document else ''}"
        elif "list" in one:
            day = f"{_day(one['retrievedAt'])}取得的" if one["retrievedAt"] else ""
            found = f"查得{one['found']}条相关记录" if one["found"] else "未查得相关记录"
            yield f"{day}《{lists.get(one['list'], one['list'])}》，{found}"
        elif "document" not in one:
            yield f"申报材料中的{_PARTS.get(one['pointer'], '有关内容')}"
        else:
            text = f"：“{one['text']}”" if one["text"] else ""
            line = f"花名册第{int(one['pointer'].rpartition('/')[2]) + 1}名：" if "pointer" in one else ""
            yield f"{line}{one['title']['zh'] if 'title' in one else '所附文件'}{_page(one)}{text}"


def _page(place: Mapping[str, Any]) -> str:
    return f"第{place['page']}页" if place["page"] else ""


def _staff(row: Mapping[str, Any]) -> ExplainedStaff:
    line = int(row["pointer"].rpartition("/")[2]) + 1
    reasons = [reason.zh for reason in staff_reasons(row["codes"], row.get("missing", ()))]
    reasons += [_difference(one) for one in row.get("documents", ())]
    standing = f"专职人员{_STANDING[row['fullTime']]}，社工{_STANDING[row['socialWorker']]}"
    text = f"花名册第{line}名：{standing}。原因：{'；'.join(reasons)}。"
    return ExplainedStaff(pointer=row["pointer"], line=line, reasons=reasons, text=text)


_FIELDS = {
    "name": "姓名",
    "residentId": "证件号码",
    "payer": "参保单位",
    "months": "参保月份",
    "socialInsurance": "社会保险",
    "certificate": "社会工作者证书",
    "level": "证书级别",
    "number": "证书编号",
}


def _difference(one: Mapping[str, Any]) -> str:
    """Describe how the roster differs from a document; ID numbers are not repeated."""
    place = one["place"]
    where = f"所附文件{_page(place)}" if place else "所附文件"
    if one["field"] == "residentId":
        return f"证件号码与{where}不一致"
    return f"{_FIELDS.get(one['field'], one['field'])}：申报为“{one['declared'] or '无'}”，{where}为“{one['documented'] or '无'}”"


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{year}年{int(month)}月{int(day)}日"
