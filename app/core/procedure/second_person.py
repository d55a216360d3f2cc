"""Acts that one person cannot carry out alone 双人办理: who may agree to each, and on what legal basis.

Basis of all of them: the execution of procurement is divided among persons who check one another (政府采购法 第六十一条),
and its key steps are done by two persons or more (财库〔2016〕99号).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.values.text import Text


class Act(StrEnum):
    """The acts; a policy names those of a tender, a setting names further ones."""

    PUBLICATION = "publication"
    CEREMONY = "ceremony"
    OPENING = "opening"
    BID_CHANGE = "bid_change"
    COMMITTEE = "committee"
    SCORE_CHANGE = "score_change"
    AWARD = "award"
    CANCELLATION = "cancellation"
    LOGIN_RESET = "login_reset"
    RESTORE = "restore"


OF_INSTANCE = frozenset({Act.LOGIN_RESET, Act.RESTORE})
OF_TENDER = frozenset(Act) - OF_INSTANCE


@dataclass(frozen=True, slots=True)
class TwoPersons:
    """What an act is called, its article of law, the roles of those who may agree, and what is kept of its request.

    `is_secret`: neither the request nor the changes are stored or shown, since they contain a key or prices that are
    still sealed; the second person submits the same request with the agreement.
    """

    title: Text
    article: str
    agree: frozenset[str]
    is_secret: bool = False


_OFFICERS = frozenset({"officer"})
RULES: Mapping[Act, TwoPersons] = {
    Act.PUBLICATION: TwoPersons(Text("发布招标公告", "publishing a tender"), "政府采购法 第六十一条", _OFFICERS),
    Act.CEREMONY: TwoPersons(Text("设置开标密钥", "setting the opening key"), "政府采购法 第六十一条", _OFFICERS),
    Act.OPENING: TwoPersons(Text("开标", "opening the bids"), "财政部令第87号 第四十一条", _OFFICERS, is_secret=True),
    Act.BID_CHANGE: TwoPersons(
        Text("更正投标或认定投标无效", "correcting or rejecting a bid"), "财政部令第87号 第六十三条", _OFFICERS
    ),
    Act.COMMITTEE: TwoPersons(Text("组建评标委员会", "forming the committee"), "财政部令第87号 第四十七条", _OFFICERS),
    Act.SCORE_CHANGE: TwoPersons(Text("更改评分表", "replacing a score sheet"), "财政部令第87号 第六十四条", _OFFICERS),
    Act.AWARD: TwoPersons(
        Text("定标或撤销中标", "deciding or cancelling an award"), "财政部令第87号 第六十八条", _OFFICERS
    ),
    Act.CANCELLATION: TwoPersons(
        Text("终止招标或废标", "ending a tender without an award"), "财政部令第87号 第二十九条", _OFFICERS
    ),
    Act.LOGIN_RESET: TwoPersons(
        Text("重置密码与第二因素", "resetting a password and second factor"),
        "个人信息保护法 第五十一条",
        frozenset({"admin", "auditor"}),
    ),
    Act.RESTORE: TwoPersons(
        Text("从备份恢复", "restoring a backup"), "政府采购法 第四十二条", frozenset({"admin", "auditor"})
    ),
}


@dataclass(frozen=True, slots=True)
class Party:
    """An account that proposes an act or agrees to one; `is_login`: a person's login, not an API key."""

    account: str
    role: str
    is_login: bool = True


def second_fault(act: Act, proposer: Party, second: Party) -> str | None:
    """Return why an account may not agree to an act: `same_account`, `role`, `not_a_login`; None if it may."""
    if second.account == proposer.account:
        return "same_account"
    if not second.is_login:
        return "not_a_login"  # a program never agrees, and a key is not a person
    return None if second.role in RULES[act].agree else "role"
