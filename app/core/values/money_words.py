"""Amounts of money in words and figures: 人民币玖拾捌万伍仟元整, 98.5万元 and 985,000.00元 are the same amount.

Strict: an ambiguous text is unreadable, since a price decides a tender.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core.values.money import Money, NumberError

_DIGITS = {
    **dict(zip("零壹贰叁肆伍陆柒捌玖", "0123456789", strict=True)),
    **dict(zip("〇一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("貳貮弍參叄叅陸两兩", "222333622", strict=True)),
}
_UNITS = {"十": "拾", "百": "佰", "千": "仟", "萬": "万", "億": "亿", "圆": "元", "圓": "元", "正": "整"}
_PLAIN = str.maketrans({**_DIGITS, **_UNITS})
_PREFIX = re.compile(r"^(?:人民币|RMB|CNY)?[:：]?[¥]?")
_FIGURES = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,8})?(万|亿)?元?整?")
_WORDS = re.compile(r"(?:([\d拾佰仟万亿]+)元?)??(?:(\d)角)?(?:0?(\d)分)?整?")
_SECTION = re.compile(r"(?:(\d)仟)?(?:0?(\d)佰)?(?:0?(\d)拾|(拾))?(0?)(\d?)")
_SCALE = {None: Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_NO_WORDS = re.compile(r"00|0万|0亿|^0?$")
_LONGEST = 80


class Stated(StrEnum):
    """What a text states about an amount."""

    STATED = "stated"
    NOT_STATED = "not_stated"  # empty, or a zero such as 0.000000, which notices print for "not stated"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class AmountRead:
    """An amount in yuan, or why there is none."""

    status: Stated
    amount: Decimal | None = None


_NOTHING, _UNREADABLE = AmountRead(Stated.NOT_STATED), AmountRead(Stated.UNREADABLE)


def read_amount(text: str | None, unit: Decimal = Decimal(1)) -> AmountRead:
    """Parse the amount in yuan that a text states in figures or words.

    `unit`: yuan per unit of bare figures, 10000 where the column heading says 万元; a text that names 元 or 万 itself
    keeps its own unit.
    """
    flat = _flat(text or "")
    if flat in ("", "/", "-", "—", "无"):
        return _NOTHING
    value = None if len(flat) > _LONGEST else _figures(flat, unit)
    if value is None and len(flat) <= _LONGEST:
        value = _words(flat)
    if value is None:
        return _UNREADABLE
    try:
        amount = Money(value).amount
    except NumberError:  # above the largest sum, or fractions of a fen
        return _UNREADABLE
    return AmountRead(Stated.STATED, amount) if amount else _NOTHING


def _flat(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text)
    return _PREFIX.sub("", "".join(normal.split())).replace("圆", "元").replace("圓", "元").replace("萬", "万")


def _figures(flat: str, unit: Decimal) -> Decimal | None:
    match = _FIGURES.fullmatch(flat)
    if match is None:
        return None
    whole, part, big = match.groups()
    bare = big is None and "元" not in flat
    return Decimal(whole.replace(",", "") + (part or "")) * (unit if bare else _SCALE[big])


def _words(flat: str) -> Decimal | None:
    if any(char.isascii() for char in flat):
        return None
    plain = flat.translate(_PLAIN)
    match = _WORDS.fullmatch(plain)
    if match is None or plain == "整":
        return None
    whole, jiao, fen = match.groups()
    yuan = 0 if whole is None else _whole(whole)
    if yuan is None or (whole is not None and "元" not in plain and (jiao or fen)):
        return None
    return Decimal(yuan) + Decimal(jiao or 0) / 10 + Decimal(fen or 0) / 100


def whole_number(words: str) -> int | None:
    """Parse the integer that Chinese numerals state (玖拾捌万伍仟 is 985000); None where ambiguous or malformed.

    一万五 is 15,000 in speech and 10,005 by its characters: None.
    """
    if any(char.isascii() for char in words):
        return None
    return _whole(words.translate(_PLAIN))


def _whole(plain: str) -> int | None:
    if plain == "0":
        return 0
    if _NO_WORDS.search(plain) or not set(plain) <= set("0123456789拾佰仟万亿"):
        return None
    head, hundred_millions, tail = plain.rpartition("亿")
    if hundred_millions:
        return _joined(_whole(head), 100_000_000, _whole_below(tail))
    return _whole_below(plain, first=True)


def _whole_below(plain: str, *, first: bool = False) -> int | None:
    """Parse a number below 10^8: at most one 万."""
    head, ten_thousands, tail = plain.partition("万")
    if ten_thousands:
        return _joined(_section(head, first=first), 10_000, _section(tail, first=False))
    return _section(plain, first=first)


def _joined(high: int | None, unit: int, low: int | None) -> int | None:
    return None if not high or low is None else high * unit + low


def _section(plain: str, *, first: bool) -> int | None:
    """Parse a number below 10^4. A last digit without unit needs 零 or 拾 before it, unless it is the only one."""
    body = plain if first else plain.removeprefix("0")
    match = _SECTION.fullmatch(body)
    if match is None:
        return None
    thousands, hundreds, tens, ten, zero, ones = match.groups()
    if (ten and (thousands or hundreds or not first)) or (tens == "0" and thousands and not hundreds):
        return None  # 仟零拾: 零 may stand for hundreds or for tens
    before = body[:-1] if ones else ""
    alone = not before and (first or body != plain)
    if ones and not zero and not before.endswith("拾") and not alone:
        return None
    return int(thousands or 0) * 1000 + int(hundreds or 0) * 100 + int(tens or bool(ten)) * 10 + int(ones or 0)
