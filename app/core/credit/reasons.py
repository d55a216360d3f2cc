"""Messages of reason codes about reading a credit list, and what would change the outcome."""

from collections.abc import Mapping

from app.core.values.text import Text

REASONS: Mapping[str, Text] = {
    "list_too_old": Text(
        "{list}的查询日{retrieved}早于信用查询截止日{day}超过{days}天",
        "the snapshot of {list} was retrieved on {retrieved}, more than {days} days before the credit cut-off day {day}",
    ),
    "list_after_cut_off": Text(
        "{list}的查询日{retrieved}晚于信用查询截止日{day}，不能作为该日的查询结果",
        "the snapshot of {list} was retrieved on {retrieved}, after the credit cut-off day {day}",
    ),
    "list_incomplete": Text(
        "{list}中有{rows}行的名称和代码均无法识别，不能排除该投标人在其中，须人工核对并确认这些行",
        "{list} has {rows} rows of which neither name nor code can be read; an officer must check and accept them",
    ),
    "candidate_near_name": Text(
        "{list}中有名称相近的记录（{entry}），须人工认定是否为同一主体",
        "entry {entry} of {list} has a similar name; manual review decides whether it is the bidder",
    ),
    "entry_period_unread": Text(
        "在{list}中有记录（{entry}），但起止日期无法识别，须人工核对是否在有效期内",
        "entry {entry} of {list} concerns the bidder, but its period cannot be read; manual review decides whether it is in force",
    ),
}
FLIPS: Mapping[str, Text] = {
    "list_too_old": Text(
        "载入截止日{day}前{days}天内查询的{list}", "a snapshot of {list} retrieved within {days} days before {day}"
    ),
    "list_after_cut_off": Text(
        "载入{day}或之前查询的{list}，或在招标文件规定的信用查询截止日晚于该日时按规定设置",
        "a snapshot of {list} retrieved on or before {day}, or a later credit cut-off day if the tender documents set one",
    ),
    "list_incomplete": Text(
        "逐行核对并确认{list}中无法识别的行，或载入可完整识别的文件",
        "the unreadable rows of {list} accepted by number, or a file that can be read completely",
    ),
    "entry_period_unread": Text(
        "核实{list}中记录{entry}的起止日期", "the period of entry {entry} of {list} established from its source"
    ),
}
