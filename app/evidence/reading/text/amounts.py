"""Parse sums of money as certificates print them: 人民币伍万元整, 5万元, ￥50,000.00元. Values are exact decimals in
yuan.
"""

import re
from decimal import Decimal

from app.core.values.money_words import whole_number
from app.evidence.reading.text.characters import compact

_BIG = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_WORD = "零壹贰叁肆伍陆柒捌玖〇一二三四五六七八九两貳貮弍參叄叅陸十拾百佰千仟万萬亿億"
_FIGURES = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?)(万|萬|亿|億)?(元|圆)?")
_WORDS = re.compile(rf"([{_WORD}]+)(?:(元|圆|圓)(?:零?([{_WORD}])角)?(?:零?([{_WORD}])分)?|(?=整|$))")
_CENT = Decimal("0.01")


def amounts(text: str) -> list[Decimal]:
    """Return every sum in the text in yuan, figures and words; a sum stated twice appears twice."""
    flat = re.sub(r"\((?:单位:|人民币)?(万?元)\)", r"\1", compact(text))
    return [v for v in (*_by_figures(flat), *_by_words(flat)) if v is not None]


def one_amount(text: str) -> Decimal | None:
    """Return the sum in yuan with two places, when all sums in the text agree; else None (words against figures need
    manual review).
    """
    said = set(amounts(text))
    return said.pop().quantize(_CENT) if len(said) == 1 else None


def chinese_number(words: str) -> int | None:
    """Return the integer that the words state (`壹拾伍万` is 150000), or None when they are malformed or ambiguous."""
    return whole_number(words)


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
