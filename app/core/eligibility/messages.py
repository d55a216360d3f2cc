"""The message of every reason code in Chinese and English, and what would change the outcome.

Messages quote no articles: the policy states them with the requirement, since the law in force for the tender applies.
"""

from collections.abc import Mapping

from app.core.credit import reasons as credit_reasons
from app.core.values.text import Text

REASONS: Mapping[str, Text] = {
    **credit_reasons.REASONS,
    "agency_words_missing": Text(
        "名称和业务范围中均未见{words}字样，须人工认定是否为专业社工机构",
        "neither the name nor the business scope contains {words}; manual review decides whether it is a professional agency",
    ),
    "registration_kind_missing": Text(
        "未说明是登记还是备案", "it is not stated whether the organization is registered or only filed"
    ),
    "filed_only": Text("仅为备案，不是登记", "the organization has only filed (备案), it is not registered (登记)"),
    "code_missing": Text("缺统一社会信用代码", "the unified social credit code is missing"),
    "code_invalid": Text(
        "统一社会信用代码不是18位有效代码（校验码不符）",
        "the unified social credit code is not a valid 18-character code (check character)",
    ),
    "code_of_other_department": Text(
        "统一社会信用代码首位为{character}，登记管理部门不是所要求的部门（{admitted}）",
        "the code begins with {character}; it was not issued by an admitted registering department ({admitted})",
    ),
    "code_of_other_kind": Text(
        "统一社会信用代码前两位为{characters}，不是社会团体、民办非企业单位或基金会",
        "the code begins with {characters}; not a social group, private non-enterprise unit or foundation",
    ),
    "division_unknown": Text(
        "登记机关行政区划码{division}在登记日至评审日期间不是有效的县级以上区划",
        "division {division} in the code was not a valid division at county level or above between registration and the as-of day",
    ),
    "authority_missing": Text("缺登记管理机关", "the registering authority is missing"),
    "authority_below_county": Text(
        "登记机关为街道、乡镇或社区，不是县级以上民政部门",
        "the authority is a sub-district, town, township or community, not civil affairs at county level or above",
    ),
    "authority_is_approval_bureau": Text(
        "登记机关为行政审批局、社会事业局等，须人工确认其行使民政登记职能",
        "the authority is an approval or social affairs bureau; manual review confirms that it registers for civil affairs",
    ),
    "authority_unknown": Text("登记机关类型不明", "unknown kind of registering authority"),
    "authority_and_code_disagree": Text(
        "登记机关名称与统一社会信用代码中的区划码{division}不一致",
        "the authority's name does not agree with division {division} in the code",
    ),
    "valid_from_missing": Text("缺有效期起始日", "the first day of validity is missing"),
    "valid_to_missing": Text(
        "缺有效期截止日，也未注明长期", "the last day of validity is missing and not stated to be open-ended"
    ),
    "registration_not_begun": Text("登记有效期自{day}起，评审日尚未生效", "the registration is valid only from {day}"),
    "registration_expired": Text("登记有效期至{day}，评审日已过期", "the registration expired on {day}"),
    "not_a_legal_person": Text(
        "登记为合伙或个体，不具有法人资格", "registered as a partnership or individual, not a legal person"
    ),
    "personality_missing": Text(
        "未说明法人、合伙或个体",
        "it is not stated whether the organization is a legal person, a partnership or an individual",
    ),
    "roster_missing": Text("未提交花名册", "no roster was submitted"),
    "roster_incomplete": Text(
        "花名册未能完整读取（{reasons}），可计入{observed}名，存疑{doubtful}名，要求{required}名",
        "the roster was read only in part ({reasons}): {observed} countable and {doubtful} doubtful persons so far, {required} required",
    ),
    "value_unreadable": Text("所填内容无法辨认（{field}）", "the stated value could not be read ({field})"),
    "submission_missing": Text("未提交{kind}材料", "no document of this kind was submitted: {kind}"),
    "submission_level_missing": Text(
        "{kind}未注明等级（要求：{levels}）", "the level is not stated ({kind}; required: {levels})"
    ),
    "submission_level_differs": Text(
        "{kind}等级不符合要求（要求：{levels}）", "the level does not qualify ({kind}; required: {levels})"
    ),
    "submission_not_begun": Text("{kind}自{day}起有效，评审日尚未生效", "valid only from {day}: {kind}"),
    "submission_expired": Text("{kind}有效期至{day}，评审日已过期", "expired on {day}: {kind}"),
    "submission_end_missing": Text("{kind}未注明有效期截止日", "the last day of validity is missing: {kind}"),
    "figure_missing": Text("未填报{figure}", "the figure is not stated: {figure}"),
    "figure_years_missing": Text(
        "{figure}须填报最近{years}个年度，填报不全", "figures of the latest {years} years are required: {figure}"
    ),
    "figure_unit_differs": Text("{figure}的计量单位不是{unit}", "the unit of the figure is not {unit}: {figure}"),
    "figure_too_low": Text("{figure}为{stated}，低于要求的{bound}", "{figure} is {stated}, below the required {bound}"),
    "figure_too_high": Text("{figure}为{stated}，高于上限{bound}", "{figure} is {stated}, above the limit {bound}"),
    "not_documented": Text(
        "所填内容须人工核对证明材料", "the declared value needs manual review against the submitted documents"
    ),
    "too_few_countable": Text(
        "可计入{observed}名，存疑{doubtful}名，合计仍少于要求的{required}名",
        "{observed} countable and {doubtful} doubtful persons, fewer than the {required} required",
    ),
    "doubtful_persons_decide": Text(
        "可计入{observed}名，存疑{doubtful}名，要求{required}名，取决于存疑人员的核实结果",
        "{observed} countable and {doubtful} doubtful persons, {required} required; verification of the doubtful persons decides",
    ),
    "list_missing": Text("未载入信用名单：{list}", "credit list not loaded: {list}"),
    "barred_by_code": Text(
        "以相同的统一社会信用代码列入{list}，且在有效期内", "entry in force with the same code: {list}"
    ),
    "barred_by_judgement": Text(
        "经人工认定为{list}中的同一主体，且在有效期内",
        "entry in force, identified as this bidder by manual judgement: {list}",
    ),
    "warning_entry": Text(
        "列入提示性名单{list}，须人工判断", "entry in force on a warning list, manual review needed: {list}"
    ),
    "candidate_unsure": Text(
        "与{list}中的一条记录是否为同一主体尚不确定",
        "manual judgement could not decide whether an entry is this bidder: {list}",
    ),
    "candidate_same_name": Text(
        "{list}中有同名记录，代码缺失或不同，须人工认定",
        "entry with the same name whose code is missing or differs, manual review needed: {list}",
    ),
    "candidate_former_name": Text(
        "{list}中有记录与曾用名相符，须人工认定", "entry that matches a former name, manual review needed: {list}"
    ),
    "candidate_variant_name": Text(
        "{list}中有字号相同、仅写法不同的记录，须人工认定",
        "entry with the same core name in another spelling, manual review needed: {list}",
    ),
    "candidate_code_unusable": Text(
        "{list}中有相同的代码，但该代码校验不通过，须人工认定",
        "entry with the same code, which fails its check, manual review needed: {list}",
    ),
    "declaration_missing": Text(
        "未提交所需声明（{declaration}）", "the required declaration is missing ({declaration})"
    ),
    "declaration_undocumented": Text(
        "没有可辨认的、由本单位签署的声明文件（{declaration}）",
        "no readable declaration of this kind that names the bidder ({declaration})",
    ),
    "declaration_undated": Text(
        "声明文件未见签署日期，或签署日期晚于评审日（{declaration}）",
        "the declaration shows no day of signature up to the as-of day ({declaration})",
    ),
    "accounts_undocumented": Text(
        "没有可辨认的最近年度审计报告或财务会计制度声明文件",
        "no readable audit report of the latest year and no signed declaration on accounting",
    ),
    "paper_disagrees": Text(
        "所附文件与所填内容不一致（{field}）：文件为{documented}",
        "a submitted paper contradicts the declared value ({field}): the paper says {documented}",
    ),
    "annual_check_failed": Text("最近一次年检不合格", "the latest annual check was failed"),
    "annual_check_unknown": Text("最近一次年检结论不明", "the conclusion of the latest annual check is unknown"),
    "audit_opinion_bad": Text(
        "最近一份审计报告为否定意见或无法表示意见", "the latest audit opinion is adverse or disclaimed"
    ),
    "audit_opinion_unknown": Text(
        "最近一份审计报告的意见类型不明", "the opinion of the latest audit report is unknown"
    ),
    "document_missing": Text(
        "没有可辨认的登记证书可证明所填内容（{field}）",
        "no readable registration certificate confirms the declared {field}",
    ),
    "document_disagrees": Text(
        "登记证书与所填内容不一致（{field}）：所填为{declared}，证书为{documented}",
        "the registration certificate differs in {field}: declared {declared}, certificate {documented}",
    ),
}

WARNINGS: Mapping[str, Text] = {
    "registration_ends_within_term": Text(
        "登记有效期至{day}，早于服务期截止日{last}",
        "the registration ends on {day}, before the end of the term on {last}",
    ),
    "contract_ends_within_term": Text(
        "劳动合同至{day}终止，早于服务期截止日{last}",
        "the labour contract ends on {day}, before the end of the term on {last}",
    ),
}

FLIPS: Mapping[str, Text] = {
    **credit_reasons.FLIPS,
    "roster_incomplete": Text("重新提交可完整读取的花名册", "a roster that can be read completely"),
    "submission_missing": Text("补交{kind}材料", "a document of this kind submitted: {kind}"),
    "roster_missing": Text("补交花名册", "a submitted roster"),
    "too_few_countable": Text(
        "另有{lacking}名人员可计入（现{observed}名，存疑{doubtful}名，要求{required}名）",
        "{lacking} more countable persons (now {observed}, doubtful {doubtful}, required {required})",
    ),
    "doubtful_persons_decide": Text(
        "核实存疑人员中的{lacking}名可以计入", "{lacking} of the {doubtful} doubtful persons confirmed as countable"
    ),
    "filed_only": Text(
        "取得县级以上民政部门的登记", "registration with a civil affairs department at county level or above"
    ),
    "registration_expired": Text("提供评审日有效的登记证书", "a registration certificate valid on the as-of day"),
    "registration_not_begun": Text("评审日在登记有效期内", "an as-of day within the validity of the registration"),
    "barred_by_code": Text(
        "该记录被移出名单或在截止日前到期", "the entry removed from the list, or expired before the cut-off day"
    ),
    "barred_by_judgement": Text(
        "改判为不同主体，或该记录到期", "a new judgement as another organization, or expiry of the entry"
    ),
    "list_missing": Text(
        "载入{list}在截止日前的查询结果", "a snapshot of the list from before the cut-off day: {list}"
    ),
    "declaration_missing": Text("补交声明（{declaration}）", "the declaration submitted ({declaration})"),
    "annual_check_failed": Text(
        "提供最近年度合格或基本合格的年检结论",
        "an annual check of the latest year that was passed",
    ),
    "audit_opinion_bad": Text(
        "提供最近年度无保留或保留意见的审计报告",
        "a sound audit opinion for the latest year",
    ),
    "declaration_undocumented": Text(
        "补交由本单位签署的声明文件（{declaration}）", "a signed declaration of the bidder submitted ({declaration})"
    ),
    "accounts_undocumented": Text(
        "补交最近年度审计报告或声明文件", "the audit report of the latest year or a signed declaration submitted"
    ),
    "document_missing": Text("提供可辨认的登记证书（{field}）", "a readable registration certificate ({field})"),
    "document_disagrees": Text(
        "更正所填内容或提供相符的证书（{field}）", "the declared value corrected, or an agreeing certificate ({field})"
    ),
}

PAPERS: Mapping[str, Text] = {
    "registration_certificate": Text("登记证书", "registration certificate"),
    "social_worker_certificate": Text("社会工作者职业资格证书", "social worker certificate"),
    "social_insurance": Text("社会保险参保证明", "social insurance proof"),
    "audit_report": Text("审计报告", "audit report"),
    "annual_check": Text("年度检查结论", "annual check"),
    "declaration": Text("声明函", "declaration"),
}

MISSING_FIELDS: Mapping[str, Text] = {
    "certificates.kind": Text("证书类别缺失", "kind of certificate missing"),
    "certificates.level": Text("证书级别缺失", "level of the certificate missing"),
    "certificates.approvedOn": Text("证书批准日期缺失", "day of approval of the certificate missing"),
    "certificates.number": Text("证书编号缺失", "number of the certificate missing"),
    "certificateDocument": Text("缺相应证书文件", "no document shows the certificate"),
    "socialInsurance": Text("社会保险信息缺失", "social insurance not stated"),
    "socialInsurance.payer": Text("社会保险缴纳单位缺失", "payer of the social insurance missing"),
    "socialInsurance.from": Text("社会保险起缴月份缺失", "first insured month missing"),
    "socialInsurance.to": Text("社会保险止缴月份缺失", "last insured month missing"),
    "insuranceProof": Text("缺相应参保证明", "no proof shows the social insurance"),
}

STAFF_CODES: Mapping[str, Text] = {
    "employment_not_full_time": Text("非专职（兼职、实习或派遣）", "not full-time (part-time, intern or dispatched)"),
    "employment_missing": Text("未说明用工形式", "the form of employment is missing"),
    "rehired": Text("退休返聘", "rehired after retirement"),
    "resident_id_missing": Text("缺居民身份证号", "the resident ID is missing"),
    "resident_id_invalid": Text("身份证号不是有效的18位号码", "the resident ID is not a valid 18-character number"),
    "under_age": Text("未满最低用工年龄", "under the minimum age"),
    "past_retirement_age": Text("已达到或超过法定退休年龄", "at or above retirement age"),
    "contract_missing": Text("缺劳动合同起始日", "the first day of the labour contract is missing"),
    "contract_not_begun": Text("劳动合同尚未开始", "the labour contract has not begun"),
    "contract_ended": Text("劳动合同已终止", "the labour contract has ended"),
    "insurance_missing": Text("缺社会保险信息或相应证明", "social insurance or its proof is missing"),
    "insurance_other_payer": Text("社会保险由其他单位缴纳", "social insurance is paid by another unit"),
    "insurance_months_short": Text("社会保险缴纳月份不足", "social insurance does not cover the months required"),
    "insurance_payer_unclear": Text(
        "社保缴纳单位名称与投标人名称写法不一致，须核实",
        "the payer's name differs from the bidder's in its form only; verification is needed",
    ),
    "value_unreadable": Text("所填内容无法辨认", "a stated value could not be read"),
    "insurance_too_new": Text(
        "新入职，社保月份不足须说明", "hired too recently for the required months; an explanation is needed"
    ),
    "on_other_dossier": Text("同时出现在其他投标人的花名册上", "also on another bidder's roster"),
    "duplicate_in_roster": Text("与本花名册另一行为同一人", "same person as another line of this roster"),
    "names_differ": Text("同一身份证号对应不同姓名", "one resident ID with different names"),
    "no_certificate": Text("无社会工作者职业资格证书", "no social worker certificate"),
    "local_certificate": Text(
        "所持等级不计入（如社会工作员）", "a level that does not count (such as the local grade)"
    ),
    "certificate_not_yet": Text("证书批准日期晚于评审日", "certificate approved after the as-of day"),
    "certificate_incomplete": Text(
        "证书信息不全或缺相应证书文件", "the certificate is incomplete, or its document is missing"
    ),
    "certificate_shared": Text("证书管理号与他人重复", "another person has the same certificate number"),
}
