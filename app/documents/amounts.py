"""Sums of money as certificates print them: 人民币伍万元整, 5万元, ￥50,000.00元. Values are exact decimals in yuan."""

import re
from decimal import Decimal

from app.documents.characters import compact

_DIGITS = (
    {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
    | {c: i for i, c in enumerate("〇一二三四五六七八九")}
    | {"两": 2, "貳": 2, "貮": 2, "弍": 2, "參": 3, "叄": 3, "叅": 3, "陸": 6}
)
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_WORD = "零壹贰叁肆伍陆柒捌玖〇一二三四五六七八九两貳貮弍參叄叅陸十拾百佰千仟万萬亿億"
_FIGURES = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?)(万|萬|亿|億)?(元|圆)?")
_WORDS = re.compile(rf"([{_WORD}]+)(?:(元|圆|圓)(?:零?([{_WORD}])角)?(?:零?([{_WORD}])分)?|(?=整|$))")
_CENT = Decimal("0.01")


def amounts(text: str) -> list[Decimal]:
    """Every sum in the text in yuan, figures and words; the same sum said twice comes twice."""
    flat = compact(text)
    return [v for v in (*_by_figures(flat), *_by_words(flat)) if v is not None]


def one_amount(text: str) -> Decimal | None:
    """The sum in yuan with two places, when all sums in the text agree; else None (words against figures: a person decides)."""
    said = set(amounts(text))
    return said.pop().quantize(_CENT) if len(said) == 1 else None


def chinese_number(words: str) -> int | None:
    """The whole number that the words say (`壹拾伍万` is 150000), or None when they are not well formed."""
    total = section = digit = 0
    pending = False
    last_unit, last_big = 10_000, 10**12
    for char in words:
        if char in _DIGITS:
            if pending and digit:
                return None
            digit, pending = _DIGITS[char], True
        elif char in _UNITS:
            unit = _UNITS[char]
            bare = not (pending and digit)  # 拾万, 百万: a unit alone counts one, at the beginning only
            if (
                unit >= last_unit
                or (bare and unit != 10 and total + section > 0)
                or (pending and not digit and unit != 10)
            ):
                return None
            section += (digit if pending and digit else 1) * unit
            digit, pending, last_unit = 0, False, unit
        else:
            big = _BIG[char]
            if big >= last_big or section + digit == 0:
                return None
            total += (section + digit) * big
            section, digit, pending, last_unit, last_big = 0, 0, False, 10_000, big
    return total + section + digit


def _by_figures(flat: str) -> list[Decimal | None]:
    found: list[Decimal | None] = []
    for number, big, yuan in _FIGURES.findall(flat):
        if big or yuan or re.search(r"[¥￥$]", flat) or re.fullmatch(r"[\d,.]+", flat):
            found.append(Decimal(number.replace(",", "")) * (_BIG[big] if big else 1))
    return found


def _by_words(flat: str) -> list[Decimal | None]:
    found: list[Decimal | None] = []
    for match in _WORDS.finditer(flat):
        words, _, jiao, fen = match.groups()
        if match.start() and flat[match.start() - 1].isdigit():
            continue
        whole = chinese_number(words)
        if whole is None or (len(words) == 1 and words in _BIG):
            continue
        parts = [chinese_number(p) if p else 0 for p in (jiao, fen)]
        if None not in parts:
            found.append(Decimal(whole) + Decimal(parts[0] or 0) / 10 + Decimal(parts[1] or 0) / 100)
    return found
