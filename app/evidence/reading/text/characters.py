"""Normalise characters for comparison: full width to half, compatibility radicals to ideographs, invisible characters
(zero-width, directional) removed.
"""

import re
import unicodedata
from collections.abc import Callable

# Unicode's EquivalentUnifiedIdeograph for the block CJK Radicals Supplement, which NFKC leaves unchanged. Browsers that
# print a page to PDF write these code points for the ideographs whose glyph they share (⺠ for 民, ⻩ for 黄).
_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭"
    "⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳网⺴网⺵网⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝"
    "⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞飠⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_UNSEEN = dict.fromkeys(
    (0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF), ""
)
_TO_UNIFIED = _UNSEEN | {
    ord(radical): unified for radical, unified in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)
}
UNKNOWN = "\ufffd"  # replaces a character of a text layer whose font does not map it
_BLANKS = re.compile(r"\s+")
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003134f]")
_HAN_WORD = re.compile(_HAN.pattern + "+")


class _Remembered(dict[int, str]):
    """A table for `str.translate` that computes each character on first use."""

    def __init__(self, form: Callable[[str], str]) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, code: int) -> str:
        if len(self) > 50_000:
            self.clear()
        self[code] = form = self._form(chr(code))
        return form


def plain(text: str) -> str:
    """Normalise text for comparison of labels and values: NFKC, and the radicals supplement folded; white space is
    kept.
    """
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_UNIFIED)


def compact(text: str) -> str:
    """Normalise like `plain`, without any white space: printed labels are spread out (`名 称`)."""
    return "".join(plain(text).split())


def han_share(text: str) -> float:
    """Return the share of Han characters among all letters, 0..1 (figures are ignored: lists of payments are full of
    them); a Chinese certificate without any has a broken text layer.
    """
    han = sum(map(len, _HAN_WORD.findall(text)))
    letters = sum(map(str.isalpha, text))
    return han / letters if letters else 0.0


def is_han(char: str) -> bool:
    """Whether the character is an ideograph."""
    return bool(_HAN.match(char))


def tidy(text: str) -> str:
    """Normalise a value for display: radicals folded, full-width letters and digits to half, no white space; Chinese
    punctuation is kept.
    """
    return text.translate(_TIDY)


def _tidy(char: str) -> str:
    folded = char.translate(_TO_UNIFIED)
    normal = unicodedata.normalize("NFKC", folded)
    wide = normal if normal.isalnum() or normal in "-+.#/" else folded
    return _BLANKS.sub("", wide)


def in_place(text: str) -> str:
    """Normalise like `plain` without changing the length: characters with a longer form are kept."""
    return text.translate(_IN_PLACE)


def _in_place(char: str) -> str:
    form = plain(char)
    return form if len(form) == 1 else char


_UNIFIED = _Remembered(lambda char: char.translate(_TO_UNIFIED))
_TIDY, _IN_PLACE = _Remembered(_tidy), _Remembered(_in_place)
