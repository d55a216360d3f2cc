"""Labels of states, outcomes and kinds: `code zh | en`, one a line under the name of its family."""

from collections.abc import Mapping

from app.core.procedure.second_person import RULES
from app.core.values.text import Text

_WORDS = """
[tenderState]
draft 草稿 | draft
active.tendering 招标中 | tendering
active.qualification 资格审查中 | qualification review
active.evaluation 评标中 | evaluation
active.awarded 已定标 | awarded
complete 已完成 | complete
unsuccessful 废标 | unsuccessful
cancelled 已取消 | cancelled
[lotState]
planned 未开始 | planned
active 进行中 | active
complete 已完成 | complete
unsuccessful 废标 | failed
cancelled 已取消 | cancelled
[bidState]
sealed 已密封 | sealed
superseded 已被替换 | superseded
withdrawn 已撤回 | withdrawn
opened 已开标 | opened
valid 有效 | valid
invalid 无效 | invalid
returned 已退回 | returned unopened
[qualificationState]
pending 待决定 | pending
active 合格 | qualified
unsuccessful 不合格 | not qualified
cancelled 已撤销 | cancelled
[awardState]
pending 待决定 | pending
active 有效 | in force
unsuccessful 未能定标 | unsuccessful
cancelled 已撤销 | cancelled
[approvalState]
pending 待复核 | pending
agreed 已同意 | agreed
declined 未同意 | declined
withdrawn 已撤回 | withdrawn
expired 已过期 | expired
[contractState]
pending 待签订 | pending
held 暂停签订 | signing on hold
active 履行中 | in force
complete 已履行完毕 | complete
terminated 已解除 | terminated
cancelled 已撤销 | cancelled
[milestone]
team_formed 团队组建 | team formed
trained 培训完成 | team trained
stationed 人员进驻 | team on site
[questionState]
open 待答复 | open
upheld 质疑成立 | upheld
rejected 质疑不成立 | rejected
withdrawn 已撤回 | withdrawn
[complaintState]
open 处理中 | open
upheld 投诉成立 | upheld
rejected 投诉不成立 | rejected
withdrawn 已撤回 | withdrawn
[reviewState]
asked 已申请 | requested
taken_up 复核中 | in progress
upheld 维持原审查 | upheld
changed 变更原审查 | changed
withdrawn 已撤回 | withdrawn
[flagState]
open 待处理 | open
confirmed 已确认 | confirmed
dismissed 已排除 | dismissed
[flagFinding]
confirmed 确认线索 | confirm
dismissed 排除线索 | dismiss
[strength]
fact 事实 | fact
strong 强线索 | strong lead
weak 弱线索 | weak lead
[documentState]
received 已接收 | received
processing 识别中 | processing
extracted 已识别 | extracted
needs_review 须人工核对 | needs review
rejected 无法处理 | rejected
[snapshotState]
importing 导入中 | importing
ready 可用 | ready
failed 导入失败 | failed
[jobState]
queued 排队中 | queued
running 进行中 | running
succeeded 已完成 | succeeded
failed 失败 | failed
dead 重试无效 | dead
cancelled 已取消 | cancelled
[outcome]
met 符合 | met
not_met 不符合 | not met
undetermined 无法判定 | undetermined
[verdict]
eligible 合格 | eligible
ineligible 不合格 | ineligible
needs_review 须人工审查 | needs review
[assurance]
declared 凭声明 | declared
documented 凭证明材料 | documented
[standing]
countable 计入 | countable
doubtful 存疑 | doubtful
excluded 不计入 | excluded
[arrival]
in_time 按时提交 | in time
read_later 按时提交、其后识别 | in time, read later
clarification 澄清提交 | through a clarification
late 逾期提交 | late
[registrationKind]
registered 登记 | registered
filed 备案 | filed only
[legalForm]
private_non_enterprise 民办非企业单位 | private non-enterprise unit
social_group 社会团体 | social group
foundation 基金会 | foundation
company 企业 | company
public_institution 事业单位 | public institution
other 其他 | other
[personality]
legal_person 法人 | legal person
partnership 合伙 | partnership
individual 个体 | individual
[employment]
full_time 专职 | full-time
part_time 兼职 | part-time
intern 实习 | intern
dispatched 劳务派遣 | dispatched
rehired 退休返聘 | rehired after retirement
[annualCheck]
passed 合格 | passed
basically_passed 基本合格 | basically passed
failed 不合格 | failed
[auditOpinion]
unqualified 无保留意见 | unqualified
qualified 保留意见 | qualified
adverse 否定意见 | adverse
disclaimed 无法表示意见 | disclaimer
[certificateLevel]
assistant 助理社会工作师 | assistant social worker
intermediate 社会工作师 | social worker
senior 高级社会工作师 | senior social worker
local 社会工作员等地方等级 | local level
[documentKind]
registration_certificate 登记证书 | registration certificate
social_worker_certificate 社会工作者职业资格证书 | social worker certificate
social_insurance 社会保险证明 | proof of social insurance
audit_report 审计报告 | audit report
annual_check 年检材料 | annual check
roster 花名册 | staff roster
declaration 声明函 | declaration
other 其他 | other
[declarationKind]
no_major_violation 无重大违法记录 | no major violation
financial_accounting 健全的财务会计制度 | sound financial accounting
technical_capability 履约的设备和专业技术能力 | technical capability
independent_liability 独立承担民事责任 | independent civil liability
tax_and_social_security 依法缴纳税收和社会保障资金 | taxes and social security paid
[check]
professional_agency 专业社工机构 | professional social work agency
registration_authority 登记管理机关 | registration authority
registration_valid 登记有效期 | registration validity
legal_person 法人资格 | legal personality
full_time_staff 专职人员数 | full-time staff
social_workers 持证社工数 | certified social workers
credit_record 信用记录 | credit record
declaration 声明 | declaration
financial_accounting 财务会计制度 | financial accounting
staff 人员要求 | staff requirement
document 材料要求 | required document
figure 数值要求 | required figure
any_of 任一项 | any of several
[listNature]
barring 禁止参加 | barring
warning 预警 | warning
[judgement]
same 同一单位 | same organization
different 不同单位 | different organization
unsure 不能确定 | unsure
[matchRelation]
code 代码相同 | same code
code_unusable 代码不可用 | unusable code
same_name 名称相同 | same name
former_name 曾用名相同 | same former name
near_name 名称相近 | similar name
variant_name 名称异写 | variant of the name
[matchStatus]
hit 命中 | hit
candidate 疑似 | candidate
clear 未命中 | clear
insufficient 信息不足 | insufficient
[exclusion]
not_qualified 资格不合格 | not qualified
price_missing 缺报价 | price missing
over_ceiling 超过最高限价 | over the ceiling price
[invalidGround]
qualification 资格不合格 | not qualified
bond 未交纳保证金 | bid bond missing
signature 未按要求签署盖章 | signature or seal missing
over_ceiling 超过最高限价 | over the ceiling price
conditions 附有不能接受的条件 | unacceptable conditions
other 其他 | other
[decidedBy]
total 总分 | total score
price 报价 | price
technical 技术得分 | technical score
draw 抽签 | draw
tied 并列 | tied
[formula]
lowest_price 低价优先法 | lowest price
fixed 固定价格 | fixed price
most_offered 服务量最高 | most offered
[tieBreak]
price 报价 | price
technical 技术得分 | technical score
lot_draw 抽签 | draw
[scoreCorrection]
arithmetic 分值汇总计算错误 | arithmetic error
out_of_range 分项评分超出范围 | score out of range
objective_disagreement 客观评分不一致 | objective scores disagree
abnormal 评分畸高畸低 | abnormal score
[signature]
agreed 同意 | agreed
dissented 不同意 | dissented
deemed_to_agree 视为同意 | deemed to agree
[seat]
expert 评审专家 | expert
purchaser 采购人代表 | purchaser's representative
[tie]
employed_within_3_years 三年内存在劳动关系 | employed within three years
director_within_3_years 三年内担任董事、监事 | director or supervisor within three years
controlling_shareholder_within_3_years 三年内为控股股东或实际控制人 | controlling shareholder within three years
kin_of_management 与负责人有亲属关系 | kin of the management
other 其他利害关系 | other interest
[awardRule]
independent 各标段独立 | independent
sequential 按标段顺序 | sequential
optimal 整体最优 | optimal
[awardObjective]
total_score 总分最高 | highest total score
total_price 总价最低 | lowest total price
[unassigned]
no_ranked_bidder 无合格候选人 | no ranked bidder
limits_reached 候选人均达中标上限 | limits reached
[priceCorrection]
opening_sheet_prevails 以开标一览表为准 | opening sheet prevails
words_prevail 以大写金额为准 | amount in words prevails
unit_price_decimal_slip 单价小数点明显错位 | decimal point of a unit price
unit_prices_prevail 以单价计算结果为准 | unit prices prevail
[clarificationAbout]
requirement 资格要求 | requirement
low_price 报价偏低 | low price
[clarificationBasis]
in_bid 投标文件已有内容 | in the bid
public_register 公开登记信息 | public register
new 新事实 | new fact
[lateness]
points_off_and_bad_record 扣分并记不良记录 | points deducted and recorded
reduce_or_terminate 减少或终止合同 | reduce or terminate
[proposalState]
open 待处理 | open
accepted 已采纳 | accepted
dismissed 未采纳 | dismissed
[period]
report 评标报告送交 | evaluation report
decision 确定中标人 | award decision
notice 中标公告 | award notice
question 提出质疑 | query
answer 答复质疑 | answer to a query
complaint 提起投诉 | complaint
suspension 暂停采购活动 | suspension
signing 签订合同 | signing
review 人工复核 | manual review
[periodUnit]
working_days 工作日 | working days
days 日 | days
[mover]
officer 经办人 | officer
purchaser 采购人 | purchaser
bidder 投标人 | bidder
custodians 密钥保管人 | custodians
finance 财政部门 | finance department
clock 期限届满 | clock
[role]
officer 经办人 | officer
evaluator 评审专家 | evaluator
bidder 投标人 | bidder
auditor 审计 | auditor
client 接口程序 | API client
admin 管理员 | administrator
[loginStage]
full 已登录 | logged in
password 须修改密码 | password change required
enrol 须启用第二因素 | second factor enrolment required
[noticeKind]
amendment 更正公告 | amendment
award_result 中标结果公告 | award result
lot_failed 废标公告 | failed lot
opening_key 开标公钥公告 | opening key
own_result 评审结果告知 | own result
[warning]
deadline_missing 未设投标截止时间 | bid deadline missing
custodians_unproven 有密钥保管人尚未验证其密钥 | a custodian has not proved its key
opening_key_missing 未设开标密钥，不能接收电子投标 | no opening key: electronic bids cannot be submitted
bidding_period_short 投标准备期不足20日 | bidding period under 20 days
price_weight_below_floor 价格权重低于10% | price weight under 10 %
points_not_hundred 总分不等于100分 | points do not add up to 100
min_bidders_below_three 最少投标人数少于三家 | fewer than three bidders required
lot_ceiling_above_tender 标段最高限价合计超过项目预算 | lot ceilings above the tender's
lot_ceiling_above_value 标段最高限价超过标段预算 | lot ceiling above its value
abnormally_low 报价明显偏低 | abnormally low price
[bidDifference]
document_missing 投标文件载明的文件未上传 | a stated document was not uploaded
document_late 文件在截止时间后上传 | a stated document was uploaded late
dossier_version 资料版本不符 | another dossier version was in force
"""


def _families() -> Mapping[str, Mapping[str, Text]]:
    families: dict[str, dict[str, Text]] = {}
    family: dict[str, Text] = {}
    for line in _WORDS.strip().splitlines():
        if line.startswith("["):
            family = families.setdefault(line.strip("[]"), {})
            continue
        code, _, words = line.partition(" ")
        zh, _, en = words.partition(" | ")
        family[code] = Text(zh, en)
    return families


FAMILIES = {**_families(), "act": {act.value: rule.title for act, rule in RULES.items()}}
