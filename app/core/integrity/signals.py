"""All signals: the case of the law, the message, and innocent explanations.

The six cases of collusion 视为投标人串通投标 are listed in 财政部令第87号 第三十七条 since 2017-10-01, before that (and
still) in 招标投标法实施条例 第四十条, in the same order. The exclusion ground is 政府采购法实施条例 第十八条.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.core.values.text import Text

_ORDER_87 = date(2017, 10, 1)
_CASES = "零一二三四五六"
EXCLUSION = "政府采购法实施条例 第十八条"


@dataclass(frozen=True, slots=True)
class Signal:
    """A kind of lead. `case`: which of the six cases, 0 for the exclusion ground of art 18."""

    case: int
    message: Text
    innocent: Text


def article_of(signal: Signal, day: date) -> str:
    """Return the article in force on a day."""
    if signal.case == 0:
        return EXCLUSION
    law = "财政部令第87号 第三十七条" if day >= _ORDER_87 else "招标投标法实施条例 第四十条"
    return f"{law}第（{_CASES[signal.case]}）项"


def _signal(case: int, zh: str, en: str, innocent_zh: str, innocent_en: str) -> Signal:
    return Signal(case, Text(zh, en), Text(innocent_zh, innocent_en))


_MOVED = (
    "人员刚换工作，原单位的花名册未更新；或对方未经本人同意抄用了名册",
    "the person changed jobs and the former employer's roster is out of date; or a rival copied the line",
)
_TEMPLATE = (
    "使用了同一公开范本、同一制作单位的通用模板或同一打印店",
    "both filled in the same public template, or used the same print shop",
)
_BUILDING = (
    "同在一个社会组织孵化园或办公楼，共用总机、地址或网络出口",
    "both are located in the same incubator or building and share its switchboard, address or network",
)
_MARKET = (
    "报价取整、成本结构相近或预算公开，使报价自然接近",
    "round figures, the same costs and a published budget bring prices together",
)
_SAME_NAME = ("重名：不同的人同名", "two different people of the same name")

SIGNALS: Mapping[str, Signal] = {
    "same_person_two_bidders": _signal(
        3,
        "同一人（{shown}）列入{count}家投标人的人员名单，且任职时间重叠",
        "one person ({shown}) is on the rosters of {count} bidders, for overlapping months",
        *_MOVED,
    ),
    "person_moved_between_bidders": _signal(
        3,
        "同一人（{shown}）先后列入{count}家投标人的人员名单，任职时间不重叠",
        "one person ({shown}) is on the rosters of {count} bidders, for months that do not overlap",
        *_MOVED,
    ),
    "probable_same_person": _signal(
        3,
        "{count}家投标人名单上的{shown}姓名、出生日期相同，身份证号缺失或有误，疑为同一人",
        "{shown} is on the rosters of {count} bidders with the same birth date; an ID is missing or mistyped",
        *_SAME_NAME,
    ),
    "certificate_number_shared": _signal(
        3,
        "证书管理号{shown}被{count}家投标人的不同人员使用",
        "certificate number {shown} is used for different persons of {count} bidders",
        "证书号录入错误，或填入了批次号",
        "the number was mistyped, or a batch number was entered",
    ),
    "representative_on_other_roster": _signal(
        2,
        "一家投标人的法定代表人（{shown}）列入另一家投标人的人员名单",
        "the legal representative of one bidder ({shown}) is on another's roster",
        "兼任顾问或志愿岗位，名册填报有误",
        "an honorary or advisory post was entered in the roster by mistake",
    ),
    "same_agent": _signal(
        2,
        "同一人（{shown}）办理{count}家投标人的投标事宜",
        "one person ({shown}) handled the bids of {count} bidders",
        "同一代理或快递代为递交，未参与编制",
        "a courier or a service submitted the bids and had no part in them",
    ),
    "same_contact_person": _signal(
        3,
        "{count}家投标人的联系人为同一人（{shown}）",
        "{count} bidders name the same contact person ({shown})",
        "联系人换工作后未更新资料",
        "the contact changed jobs and the former employer did not update its data",
    ),
    "same_phone": _signal(
        3,
        "{count}家投标人留有同一电话（{shown}）",
        "{count} bidders give the same telephone number ({shown})",
        *_BUILDING,
    ),
    "same_email": _signal(
        3,
        "{count}家投标人留有同一邮箱（{shown}）",
        "{count} bidders give the same mailbox ({shown})",
        "使用了同一服务平台的公共邮箱",
        "both gave the public mailbox of the same service",
    ),
    "same_address": _signal(
        3, "{count}家投标人地址相同（{shown}）", "{count} bidders have the same address ({shown})", *_BUILDING
    ),
    "same_bond_account": _signal(
        6,
        "{count}家投标人的保证金从同一账户（{shown}）转出",
        "the bonds of {count} bidders were paid from one account ({shown})",
        "由同一担保机构、银行保函或平台代缴",
        "a guarantor or a platform paid for its customers",
    ),
    "same_network_address": _signal(
        2,
        "{count}家投标人从同一网络地址（{shown}）递交投标文件",
        "{count} bidders submitted their bids from one network address ({shown})",
        *_BUILDING,
    ),
    "same_file": _signal(
        1, "{count}家投标人递交了完全相同的文件", "{count} bidders submitted the identical file", *_TEMPLATE
    ),
    "same_page_image": _signal(
        1,
        "{count}家投标人的文件含有同一扫描图像",
        "documents of {count} bidders contain the same scanned picture",
        *_TEMPLATE,
    ),
    "same_document_id": _signal(
        1,
        "{count}家投标人的文件源自同一电子文档（内部标识相同）",
        "documents of {count} bidders derive from one file (its internal id is the same)",
        *_TEMPLATE,
    ),
    "same_author": _signal(
        1,
        "{count}家投标人的文件作者同为{shown}",
        "documents of {count} bidders name the same author, {shown}",
        *_SAME_NAME,
    ),
    "same_creation_time": _signal(
        1,
        "{count}家投标人的文件创建时间完全相同（{shown}）",
        "documents of {count} bidders were created at the same second ({shown})",
        *_TEMPLATE,
    ),
    "same_producer": _signal(
        1,
        "{count}家投标人的文件由同一软件生成（{shown}）",
        "documents of {count} bidders were made by the same software ({shown})",
        "常用办公软件",
        "the software is in common use",
    ),
    "same_fonts": _signal(
        1,
        "{count}家投标人的文件嵌入了完全相同的字体子集",
        "documents of {count} bidders embed exactly the same font subsets",
        *_TEMPLATE,
    ),
    "files_mixed_up": _signal(
        5,
        "一家投标人的文件中出现另一家投标人的名称或代码（{shown}）",
        "a document of one bidder contains another's name or code ({shown})",
        "两家机构有公开的合作项目，文中正常提及",
        "the two have worked together and the text mentions it",
    ),
    "text_near_identical": _signal(
        4,
        "两家投标人的文件除公共内容外雷同（相似度{percent}%）",
        "apart from common text, documents of two bidders are similar ({percent} %)",
        "引用了同一政策文件或公开服务方案",
        "both quote the same public regulation or service plan",
    ),
    "same_rare_error": _signal(
        4,
        "{count}家投标人的文件有{errors}处相同的罕见异文，如「{shown}」（通常作「{usual}」）",
        "documents of {count} bidders share {errors} rare deviations, such as “{shown}” (usually “{usual}”)",
        "照抄了同一份有错的公开资料",
        "both copied a public text that has the error",
    ),
    "prices_in_arithmetic_steps": _signal(
        4,
        "报价呈等差排列（公差约{step}元）",
        "prices form an arithmetic progression (step about {step} yuan)",
        *_MARKET,
    ),
    "prices_in_geometric_steps": _signal(
        4, "报价呈等比排列（公比约{step}）", "prices form a geometric progression (ratio about {step})", *_MARKET
    ),
    "prices_in_fixed_ratio": _signal(
        4,
        "两家投标人在{lots}个采购单元的报价之比固定（{step}）",
        "prices of two bidders have the same ratio ({step}) in {lots} lots",
        "两家各自按预算的固定比例报价",
        "each bids a fixed share of the budget",
    ),
    "prices_nearly_equal": _signal(
        4,
        "{count}家投标人报价几乎相等（相差{step}元）",
        "prices of {count} bidders are nearly equal ({step} yuan apart)",
        *_MARKET,
    ),
    "prices_same_cents": _signal(
        4,
        "{count}家投标人报价尾数相同（{step}）",
        "prices of {count} bidders end in the same digits ({step})",
        *_MARKET,
    ),
    "same_person_in_charge": _signal(
        0,
        "{count}家投标人的单位负责人为同一人（{shown}）",
        "{count} bidders have the same person in charge ({shown})",
        "法定代表人已变更而登记资料未更新",
        "the representative has changed and the record is out of date",
    ),
    "direct_holding": _signal(
        0,
        "投标人之间存在直接控股关系（{shown}）",
        "one bidder holds another directly ({shown})",
        "股权已转让而资料未更新，或持股不足以控股",
        "the share was sold, or is too small to control",
    ),
    "direct_management": _signal(
        0,
        "投标人之间存在直接管理关系",
        "one bidder manages another directly",
        "仅为业务指导或行业协会会员关系",
        "it is professional guidance or membership of an association only",
    ),
    "indirect_control": _signal(
        0,
        "投标人经由同一第三方（{shown}）存在控股或管理关联",
        "bidders are linked by holding or management through a third party ({shown})",
        "间接关联不属于禁止情形，须看是否影响独立投标",
        "an indirect link is no exclusion ground by itself",
    ),
}
