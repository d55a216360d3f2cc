"""Chinese titles of problems, by code; the English ones stand with each problem."""

ZH = {
    "malformed_request": "请求格式错误",
    "problem": "请求未能完成",
    "too_deep": "JSON嵌套过深",
    "numbers_not_located": "本页身份证号未全部定位",
    "too_many_names": "JSON成员名称过多",
    "login_failed": "用户名或密码错误",
    "second_factor_needed": "需要第二因素验证码",
    "unauthenticated": "需要身份验证",
    "cross_site": "已拒绝跨站请求",
    "csrf_token_needed": "X-CSRF-Token缺失或错误",
    "forbidden": "该角色无权执行此操作",
    "password_change_needed": "须先修改密码",
    "scope_missing": "API密钥缺少所需权限范围",
    "second_factor_obligatory": "须先启用第二因素",
    "file_missing": "存储的文件缺失",
    "no_picture": "该页没有图像",
    "not_found": "资源不存在",
    "not_published": "招标项目尚未发布",
    "method_not_allowed": "该资源不支持此方法",
    "request_timeout": "请求正文接收超时",
    "answer_first": "答复期限尚未届满",
    "award_exists": "该标段已有中标决定",
    "award_limit_exceeded": "供应商中标标段数将超过公布的上限",
    "award_rule_not_published": "只能依据已公布规则的方案定标",
    "award_step": "中标决定的当前状态不允许此操作",
    "award_tied": "候选人并列，须先在方案中确定名次",
    "awards_open": "尚有标段未定标，或结果已公告",
    "bid_exists": "该单位对该标段的投标已登记",
    "bidding_closed": "已停止接收投标",
    "bidding_open": "投标截止时间未到",
    "bids_sealed": "本项目投标已密封，由开标登记",
    "clarification_closed": "澄清已答复或期限已过",
    "clarification_not_alike": "同标段其他投标人有相同疑点而未被要求澄清",
    "committee_frozen": "评分表提交后不得变更评标委员会",
    "committee_missing": "尚未组建评标委员会",
    "conflict": "与已登记的状态冲突",
    "consortium_member_fails": "联合体有成员不符合须各自具备的条件",
    "contract_change_refused": "采购方案不允许这一合同变更",
    "contract_stands": "该中标决定已有合同，须先终止合同",
    "contract_step": "合同的当前状态不允许此操作",
    "deadline_missing": "项目尚未设定投标截止时间，无法确定审查基准日",
    "did_not_score": "该成员在排名中没有评分表",
    "evidence_changed": "线索的证据在阅读后已有变化",
    "flag_undecided": "线索尚未处理，暂不能作出资格决定",
    "identity_fixed": "名称和代码由采购代理机构变更",
    "last_admin": "至少须保留一个管理员账户",
    "list_first": "须先截止投标并公布密封投标清单，再行开标",
    "lot_not_ranked": "须先完成所有标段的排名",
    "low_price_unexplained": "报价明显偏低尚未说明",
    "member_bids_twice": "联合体成员在同一标段另有投标",
    "no_plan_rules": "本项目政策对服务方案没有要求",
    "not_on_committee": "该成员不在本项目评标委员会中",
    "not_read_yet": "材料尚未识别",
    "opening_first": "密封投标尚未开标",
    "organization_exists": "该统一社会信用代码的单位已登记",
    "period_running": "该事项的这一期限已在计算中",
    "policy_frozen": "项目公告后条款不得变更",
    "prices_unconfirmed": "修正后的报价待投标人确认",
    "proposal_decided": "该建议的当前状态不允许此操作",
    "qualification_decided": "已作出的资格决定只能撤销",
    "qualification_exists": "该投标已有有效的资格决定，须先撤销",
    "qualification_open": "排名前须对该标段的每份投标作出资格决定",
    "ranking_outdated": "该标段已重新排名，应签署最新排名",
    "remedy_late": "已超过期限",
    "remedy_step": "质疑或投诉的当前状态不允许此操作",
    "retention_runs": "保存期限尚未届满",
    "review_open": "该审查已有待处理的人工复核",
    "review_step": "复核的当前状态不允许此操作",
    "scenario_outdated": "排名或投标已有变化，须重新计算方案",
    "score_sheet_exists": "该成员对该标段的评分表已登记",
    "scores_closed": "已提交的评分表须写明法定情形和理由方可修改",
    "screening_outdated": "该单位在本项目中有更新的审查",
    "second_factor_exists": "已启用第二因素",
    "second_factor_missing": "未启用第二因素",
    "secret_shown_once": "请求已执行，应答中的密钥只显示一次",
    "sheets_missing": "评标委员会成员尚未全部提交评分表",
    "signed_already": "该成员已签署或已提出不同意见",
    "signing_held": "质疑或暂停通知期间不得签订合同",
    "state_forbids": "项目或标段的状态不允许此操作",
    "step_refused": "程序不允许此步骤",
    "still_sealed": "截止时间前不显示密封投标的任何信息",
    "user_exists": "用户名已被使用",
    "wrong_phase": "项目不在允许此操作的阶段",
    "facts_erased": "数据已在保存期满后销毁",
    "precondition_failed": "资源在读取后已被修改",
    "file_too_large": "文件过大",
    "too_large": "请求正文过大",
    "unsupported_media_type": "不支持的媒体类型",
    "committee_refused": "评标委员会的组成不符合法律规定",
    "credit_snapshot_not_ready": "信用名单快照尚未导入完成",
    "credit_list_unknown": "该信用名单从未导入",
    "credit_list_unreadable": "文件无法识别为信用名单",
    "cure_out_of_scope": "截止时间时尚不存在的事实不予采纳",
    "envelope_refused": "不是密封的投标文件",
    "idempotency_key_reused": "该Idempotency-Key已用于其他请求",
    "invalid_input": "输入无效",
    "no_resident_id": "不是有效的居民身份证号",
    "password_wrong": "当前密码错误",
    "ranking_refused": "该标段目前不能排名",
    "tender_key_refused": "不是本项目的开标密钥",
    "precondition_required": "须提供If-Match",
    "too_many_attempts": "尝试次数过多",
    "credit_snapshot_damaged": "信用名单快照文件损坏",
    "internal": "内部错误",
    "busy": "服务繁忙，未作任何更改",
    "overloaded": "并发请求过多，未作任何更改",
    "timed_out": "请求超时，未作任何更改",
    "storage_full": "存储空间已满，未作任何更改",
}


def prefers_chinese(accept_language: str) -> bool:
    """Whether Chinese comes before English in an `Accept-Language` header (RFC 9110, 12.5.4)."""
    weights = {"zh": 0.0, "en": 0.0}
    for place, one in enumerate(accept_language.lower().split(",")[:20]):
        tag, _, parameter = one.strip().partition(";")
        language = tag.strip().partition("-")[0]
        if language in weights:
            weight = _weight(parameter) - place / 1000
            weights[language] = max(weights[language], weight)
    return weights["zh"] > weights["en"]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
