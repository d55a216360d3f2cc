"""Explain a policy: what each requirement asks and examines, and when it is met, not met or undetermined."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.eligibility.messages import PAPERS
from app.core.facts.policy import CertificateRule, Check, FigureRule, Policy, Requirement
from app.core.values.text import Text


@dataclass(frozen=True, slots=True)
class Rule:
    """What a check examines, and its three outcomes."""

    evidence: Text
    met: Text
    not_met: Text
    undetermined: Text


@dataclass(frozen=True, slots=True)
class Explained:
    """A requirement in words; `asks` has one line for each figure or condition that the policy sets."""

    id: str
    check: Check
    title: Text
    legal_basis: tuple[str, ...]
    asks: tuple[Text, ...]
    rule: Rule
    alternatives: tuple["Explained", ...] = ()


def explain(policy: Policy) -> tuple[Explained, ...]:
    """Explain every requirement, in the order of the policy."""
    return tuple(_explained(one, policy) for one in policy.requirements)


def _explained(one: Requirement, policy: Policy) -> Explained:
    return Explained(
        one.id,
        one.check,
        one.title,
        one.legal_basis,
        tuple(_asks(one, policy)),
        RULES[one.check],
        tuple(_explained(part, policy) for part in one.alternatives),
    )


def _asks(one: Requirement, policy: Policy) -> list[Text]:
    found = []
    if one.minimum is not None:
        found.append(Text(f"不少于{one.minimum}人", f"{one.minimum} persons or more"))
        months = policy.staff.insurance_months
        found.append(
            Text(f"投标截止前{months}个月社保", f"social insurance in the {months} months before the deadline")
        )
    if one.check is Check.REGISTRATION_AUTHORITY:
        names = [name for registrar in policy.registration.registrars for name in registrar.authorities]
        found.append(Text(f"登记机关：{'、'.join(names)}", f"registrars: {', '.join(names)}"))
    if one.check is Check.PROFESSIONAL_AGENCY:
        words = policy.registration.agency_keywords
        found.append(Text(f"关键词：{'、'.join(words)}", f"words: {', '.join(words)}"))
    if one.check is Check.CREDIT_RECORD:
        found += [Text(entry.title.zh, entry.title.en) for entry in policy.credit.lists]
    if one.staff is not None and one.staff.column is not None:
        words = one.staff.words
        said = f"{one.staff.column} {', '.join(words)}"
        found.append(Text(f"花名册“{one.staff.column}”一栏含：{'、'.join(words)}", f"roster column contains: {said}"))
    if one.documented_by:
        titles = [PAPERS[kind] for kind in one.documented_by]
        zh, en = "、".join(title.zh for title in titles), ", ".join(title.en for title in titles)
        found.append(Text(f"须有证明文件时：{zh}", f"under `documented`: {en}"))
    for rule in (one.staff and one.staff.certificate, one.document):
        found += [_certificate(rule)] if rule else []
    return [*found, *([_figure(one.figure)] if one.figure else [])]


def _certificate(rule: CertificateRule) -> Text:
    levels = "、".join(sorted(rule.levels))
    zh = f"{rule.kind}" + (f"，等级 {levels}" if levels else "") + ("，须在有效期内" if rule.must_be_valid else "")
    en = f"{rule.kind}" + (f", level {levels}" if levels else "") + (", still valid" if rule.must_be_valid else "")
    return Text(zh, en)


def _figure(rule: FigureRule) -> Text:
    unit = rule.unit or ""
    zh = [f"不低于{rule.minimum:f}{unit}"] if rule.minimum is not None else []
    zh += [f"不高于{rule.maximum:f}{unit}"] if rule.maximum is not None else []
    en = [f"{rule.minimum:f} {unit} or more".replace("  ", " ")] if rule.minimum is not None else []
    en += [f"{rule.maximum:f} {unit} or less".replace("  ", " ")] if rule.maximum is not None else []
    years = (
        Text(f"，近{rule.years}年每年", f", in each of the latest {rule.years} years")
        if rule.years > 1
        else Text("", "")
    )
    return Text(f"{rule.name} {'、'.join(zh)}{years.zh}", f"{rule.name} {' and '.join(en)}{years.en}")


_MISSING = Text("材料缺失或无法辨认", "required information is missing or unreadable")
_PERSONS = Rule(
    Text("花名册每行、社会保险缴纳证明、证书", "each roster line, proof of social insurance, certificates"),
    Text("符合条件的人数达到要求", "enough persons count"),
    Text("符合条件与存疑人数合计仍不足", "too few even with all doubtful persons"),
    Text("存疑人员决定结果，或花名册缺失、不完整", "doubtful persons decide, or the roster is missing or incomplete"),
)
RULES: Mapping[Check, Rule] = {
    Check.PROFESSIONAL_AGENCY: Rule(
        Text("名称、业务范围", "name and business scope"),
        Text("含有规定的关键词", "one of the words occurs"),
        Text("无", "never"),
        Text("不含关键词，由工作人员认定", "none occurs: manual review"),
    ),
    Check.REGISTRATION_AUTHORITY: Rule(
        Text("统一社会信用代码、登记机关、登记证书或营业执照", "code, registrar, certificate or business licence"),
        Text("代码有效，登记机关属于允许的部门且与代码一致", "valid code, admitted registrar, both agree"),
        Text(
            "仅备案，或由其他部门登记，或由街道、乡镇登记", "only filed, of another department, or below county level"
        ),
        Text("代码或登记机关缺失、无法辨认或不一致", "code or registrar missing, unreadable or in disagreement"),
    ),
    Check.REGISTRATION_VALID: Rule(
        Text("登记证书或营业执照的有效期", "validity on the certificate or licence"),
        Text("截止日在有效期内", "the deadline lies within it"),
        Text("截止日在有效期外", "the deadline lies outside it"),
        Text("起止日期缺失", "a day is missing"),
    ),
    Check.LEGAL_PERSON: Rule(
        Text("法律形式、登记证书类别", "legal form, kind of certificate"),
        Text("依法为法人，或证书载明法人", "a legal person by statute or by its certificate"),
        Text("合伙或个体（仅在要求法人时）", "partnership or individual, where a legal person is required"),
        Text("其他情形", "otherwise"),
    ),
    Check.FULL_TIME_STAFF: _PERSONS,
    Check.SOCIAL_WORKERS: _PERSONS,
    Check.STAFF: _PERSONS,
    Check.CREDIT_RECORD: Rule(
        Text("每份名单的查询结果与时间", "the result and time of each list's search"),
        Text("全部名单均已查询且无有效记录", "every list was searched and none has an entry in force"),
        Text("惩戒名单上有同一代码的有效记录", "an entry in force with the same code on a barring list"),
        Text(
            "名单未查询或已过期，或有待认定的近似记录", "a list is missing or too old, or a candidate awaits a decision"
        ),
    ),
    Check.DECLARATION: Rule(
        Text("签署的声明", "the signed declaration"),
        Text("已声明", "declared"),
        Text("无", "never"),
        Text("未声明", "not declared"),
    ),
    Check.FINANCIAL_ACCOUNTING: Rule(
        Text("声明、审计报告、年检结论", "declaration, audit report, annual check"),
        Text(
            "已声明，或最近审计报告为无保留或保留意见",
            "declared, or the latest audit opinion is unqualified or qualified",
        ),
        Text("最近年检不合格，或审计意见为否定、无法表示", "annual check failed, or adverse or disclaimed opinion"),
        _MISSING,
    ),
    Check.DOCUMENT: Rule(
        Text("投标人提交的该类材料", "the bidder's document of that kind"),
        Text("已提交，等级和有效期符合", "submitted, with level and validity as required"),
        Text("等级不符或已过期", "of another level, or expired"),
        _MISSING,
    ),
    Check.FIGURE: Rule(
        Text("投标人申报的数值及其证明材料", "the figure that the bidder states, with its papers"),
        Text("在规定范围内", "within the bounds"),
        Text("超出规定范围", "outside the bounds"),
        Text("数值、单位或年度缺失", "figure, unit or a year is missing"),
    ),
    Check.ANY_OF: Rule(
        Text("各备选条件各自的材料", "what each alternative examines"),
        Text("满足任一备选条件", "one alternative is met"),
        Text("全部备选条件均不满足", "no alternative is met"),
        Text("无一满足，且有待认定的", "none is met, and one is undetermined"),
    ),
}
