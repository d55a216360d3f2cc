"""Chinese details of problems and faults, by the English text; `{}` stands for a value, which is kept.

The English text stands where the problem is raised. A text that is missing here is shown in English.
"""

import re
from functools import lru_cache

ZH = {
    # key ceremonies
    "Every wrap contains the same key": "各密钥封装件须包含同一密钥",
    "The hash of each layer is expected": "应列明每一层的哈希值",
    # accounts and keys
    "An admin exists already; admins create further accounts": "管理员已存在；其他账号由管理员创建",
    "The new password must differ from the current one": "新密码须与当前密码不同",
    "Wrong current password": "当前密码错误",
    "Use a current code that has not been used before": "请使用当前有效且未用过的验证码",
    "User name must have 1 to 64 characters": "用户名须为1至64个字符",
    "Must be in the future": "须为将来的时间",
    "Allowed for the role evaluator only": "仅适用于评审角色",
    "Required for the role client, and only for it": "程序角色必填，其他角色不填",
    "Scopes expected: {}": "权限范围应为：{}",
    "Unknown organization": "机构不存在",
    "Unknown lot": "采购单元不存在",
    "it has no data key": "没有对应的数据密钥",
    "Only the account that proposed the act withdraws it": "只有提出该事项的账号可以撤回",
    "The request that was proposed is expected": "应为所提出的请求",
    "The request of this act is not kept; submit it again": "该事项的请求不予保存，请重新提交",
    "The request is kept": "请求已保存，不必提交",
    "The act is refused now: {}": "该事项现不能办理：{}",
    # jobs, quotas, files
    "{}: the quota is {}, this would use {}": "{}：配额为{}，本次将用到{}",
    "no handler for this kind of job": "没有处理此类任务的程序",
    "the job's workers stopped responding too often": "执行该任务的进程多次失去响应",
    "the job failed; search the log for its id": "任务失败，请按任务编号查看日志",
    "a file may have up to {} bytes": "单个文件最大{}字节",
    "1 to {} files are expected": "应提交1至{}个文件",
    # the request
    "application/json is expected": "正文类型应为application/json",
    "multipart/form-data is expected": "正文类型应为multipart/form-data",
    "Use 1 to 64 printable ASCII characters without a resident ID": "应为1至64个可见ASCII字符，且不含身份证号",
    "HTTP/1.1 is required": "须使用HTTP/1.1",
    "the limit of query and headers is {} bytes": "查询参数与请求头最长{}字节",
    "the limit is {} header fields": "请求头最多{}项",
    "Content-Length and Transfer-Encoding exclude each other": "Content-Length与Transfer-Encoding不能并用",
    "the service is not known under the name in the Host header; the setting BIDSCREEN_TRUSTED_HOSTS lists the names "
    "under which it may be called": "请求头Host所列名称不在许可范围内；许可的名称由设置BIDSCREEN_TRUSTED_HOSTS列明",
    "the limit is {} bytes": "最大{}字节",
    "the HTTP request is malformed or ambiguous": "HTTP请求格式错误或有歧义",
    "Use a key that has not been used before": "请使用未用过的键",
    "Use the nextCursor of a previous page of this list": "请使用本列表前一页的nextCursor",
    "the limit is {} levels": "最多{}层",
    "the limit is {} values": "最多{}个值",
    "the limit is {} names": "最多{}个名称",
    "the form cannot be parsed; the limits are {}": "表单无法解析；限制为{}",
    "the connection ended before the end of the body": "正文尚未传完，连接已中断",
    "Unknown member": "未知成员",
    "Unknown member; use {}": "未知成员，请用{}",
    "Unknown member; did you mean {}?": "未知成员，是否为{}？",
    "Unknown query parameter": "未知查询参数",
    "Unknown query parameter; use {}": "未知查询参数，请用{}",
    "Unknown query parameter; did you mean {}?": "未知查询参数，是否为{}？",
    "Required": "必填",
    "Field required": "必填",
    "Invalid value": "值无效",
    "Expected a JSON object": "应为JSON对象",
    "Text must be valid Unicode without lone surrogates": "文本须为有效的Unicode",
    "Text must not contain control characters or lone surrogates": "文本不得含控制字符或不成对的代理码",
    "Invalid JSON at character {}": "第{}个字符处JSON无效",
    "Use a time with UTC offset, such as 2017-05-31T09:30:00+08:00": "应为带时区的时间，如2017-05-31T09:30:00+08:00",
    "Use a date YYYY-MM-DD between the years 1900 and 2199": "应为1900年至2199年之间的日期YYYY-MM-DD",
    "A string is expected: {}": "应为文本：{}",
    "Text in UTF-8 is expected": "应为UTF-8文本",
    "JSON with fewer levels is expected": "JSON层数过多",
    "JSON is expected; reading stopped at {}": "应为JSON；在{}处无法解析",
    "Only these keys are expected: {}": "只应有这些成员：{}",
    "Each key is expected once in an object": "对象中每个成员只应出现一次",
    "One of these is expected: {}": "应为其中之一：{}",
    "An integer from {} to {} is expected": "应为{}至{}的整数",
    "Text of 1 to {} characters is expected": "应为1至{}个字符的文本",
    "Text without control characters or half characters is expected": "文本不得含控制字符或残缺字符",
    "A list of at most {} is expected": "列表最多{}项",
    "Here {} is required": "此处必填：{}",
    "Here {} is expected": "此处应为：{}",
    # validation by type
    "Input should be a valid string": "应为文本",
    "Input should be a valid integer": "应为整数",
    "Input should be a valid integer, unable to parse string as an integer": "应为整数",
    "Input should be a valid number": "应为数字",
    "Input should be a valid boolean": "应为true或false",
    "Input should be a valid list": "应为列表",
    "Input should be a valid dictionary": "应为对象",
    "Input should be a valid decimal": "应为十进制数",
    "Input should be {}": "应为{}",
    "Input should be greater than {}": "应大于{}",
    "Input should be greater than or equal to {}": "应不小于{}",
    "Input should be less than {}": "应小于{}",
    "Input should be less than or equal to {}": "应不大于{}",
    "String should have at least {} character": "至少{}个字符",
    "String should have at least {} characters": "至少{}个字符",
    "String should have at most {} characters": "最多{}个字符",
    "String should match pattern '{}'": "格式应符合{}",
    "List should have at least {} item after validation, not {}": "至少{}项，现为{}项",
    "List should have at least {} items after validation, not {}": "至少{}项，现为{}项",
    "List should have at most {} items after validation, not {}": "最多{}项，现为{}项",
    # tenders
    "A bid deadline in the future is expected": "投标截止时间须为将来的时间",
    "The id of a preset or a policy document is expected": "应为预设规则的编号或规则文本",
    "An amount above 0 is expected": "金额应大于0",
    "Keys of the tender's lots are expected": "应为本项目采购单元的键",
    "Each lot is expected once": "每个采购单元只应出现一次",
    "One of {} is expected": "应为{}之一",
    "A policy of at most 1 MiB is expected": "规则最大1 MiB",
    "Each factor is expected once": "每个评审因素只应出现一次",
    "The lot is {}; this is done while it is active": "采购单元状态为{}；此操作须在进行中办理",
    "The last day was {}": "最后一日为{}",
    "Suspended by order {}": "已依{}号决定暂停",
    "A lot of this tender is expected": "应为本项目的采购单元",
    "A day that has come is expected": "应为已到的日期",
    "State where the trace comes from": "请说明该记录的来源",
    "A recorded organization is expected": "应为已登记的机构",
    "The bid deadline has passed": "投标截止时间已过",
    "Only the bidder may read an envelope that was not opened": "未开启的投标文件只有投标人可读取",
    "Bidding is already closed": "投标已截止",
    "The bids are already open": "已经开标",
    "The tender's phase does not allow an opening": "项目当前阶段不能开标",
    "This envelope has no corrected price that awaits an answer": "该投标没有待确认的修正报价",
    "One wrap for each subset of the threshold's size is expected": "每个达到门限人数的组合应各有一份封装",
    "An age public key is expected": "应为age公钥",
    "A deadline no earlier than the published one is expected": "截止时间不得早于已公布的时间",
    "The period is already met, or had not begun on that day": "期限已履行，或当日尚未起算",
    "A ground is expected with `invalid`, and only there; `qualification` comes from one": (
        "仅在`invalid`时填写理由；`qualification`由资格审查结论产生"
    ),
    "`state` or `price` is expected": "应填`state`或`price`",
    # examination
    "Organizations are expected: none has been screened in this tender": "应列明机构：本项目尚无已审查的机构",
    "Either `tender` with `organization`, or `dossier` with `asOf`, is expected": (
        "应填`tenderId`与`organizationId`，或填`dossier`与`asOf`"
    ),
    "Either `tender`, or `dossiers` with `asOf`, is expected": "应填`tenderId`，或填`dossiers`与`asOf`",
    "A path that exists in the dossier, and a step that can be applied to it, are expected": (
        "路径应在资料中存在，且该步骤应能适用"
    ),
    "A bidder's document is not the tender's own": "投标人的文件不是采购文件",
    "An uploaded document is expected": "应为已上传的文件",
    "{} undecided: {}": "{}条线索未处理：{}",
    "A requirement of the screening is expected": "应为该次审查的资格条件",
    "Bidders are disclosed only after the opening": "开标后方可公开投标人",
    "Each other member once is expected": "其他成员各应出现一次",
    "A bid of this tender is expected": "应为本项目的投标",
    "A bid of this lot that has not been declared invalid is expected": "应为本采购单元未被认定无效的投标",
    "A text, a truth value, a year or a list of annual checks is expected": "应为文本、真假值、年份或年检列表",
    "The number of a row is expected": "应为行号",
    "a day up to today": "应为不晚于今天的日期",
    "A name or a code is expected": "应填名称或统一社会信用代码",
    "an imported list": "应为已导入的名单",
    "the line of a row that was lost": "应为未能读出的行的行号",
    # evaluation, awards, contracts
    "Reasons are expected with a dissent, and only there": "有不同意见时须书面说明理由，无不同意见时不填",
    "The member whose sheet this is": "应为该评分表的评审委员",
    "An evaluator acts in its own name": "评审专家只能以本人名义评审",
    "A unique name for each member is expected": "评审委员姓名不得重复",
    "A current award with a price is expected": "应为有成交金额的有效中标决定",
    "A contract in force and an open milestone are expected": "合同须在履行中，且节点尚未完成",
    "A term that ends after it begins is expected": "期限的止日应晚于起日",
    "A scenario of this tender is expected": "应为本项目的定标方案",
    "An opened bid of this lot is expected": "应为本采购单元已开启的投标",
    "Only the factors of the scheme are expected": "只应有评分办法所列的因素",
    "At least one member's scores are expected": "至少应有一名评审委员的评分",
    "A score of every member for every factor of every remaining bid is expected": "每名评审委员应对每份有效投标的每项因素评分",
    "The same points from all members are expected for an objective factor": "客观因素各评审委员的评分应一致",
    "A quantity above 0 is expected under most_offered": "按提供数量评分时，数量应大于0",
    "A score from 0 to {} is expected": "评分应为0至{}",
    "A share of 0 or more and under 1 is expected": "比例应不小于0且小于1",
    "Every lot is expected in the order": "顺序中应列出全部采购单元",
    "One of the tied bids of this lot is expected": "应为本采购单元并列的投标之一",
    "A ceiling above 0 is expected; null where there is none": "最高限价应大于0；没有则为null",
    "A price above 0 is expected; null where none is known": "报价应大于0；没有则为null",
    "A total of 0 or more is expected": "总分应不小于0",
    "A value of 0 or more is expected": "金额应不小于0",
    "Points of 0 or more are expected": "分值应不小于0",
    "The lowest sum of prices needs every price": "按报价合计最低定标须有全部报价",
    "At least one factor is expected": "至少应有一项评审因素",
    "At most {} rows of rankings are expected": "排名最多{}行",
    "Settled ties are accepted only for stored rankings": "只有已存的排名可以确定并列名次",
    "One of the lots is expected": "应为所列采购单元之一",
    # transitions
    "{} does not lead to {}": "{}不能转为{}",
    "{} is a final state": "{}为最终状态",
    "This step is taken by {}": "此步骤由{}办理",
}


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("(.+)".join(map(re.escape, text.split("{}"))), re.DOTALL)


# A longer text is tried before a shorter one, which may be its beginning.
_PATTERNS = [(_pattern(text), zh) for text, zh in sorted(ZH.items(), key=lambda one: -len(one[0])) if "{}" in text]


@lru_cache(maxsize=1024)
def chinese(text: str) -> str:
    """Return a detail in Chinese with its values kept; the text itself where there is no translation."""
    if text in ZH:
        return ZH[text]
    for pattern, zh in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return zh.format(*found.groups())
    return text
