"""The name of an organization taken apart: place, core, trade, legal form 行政区划、字号、行业、组织形式.

The core 字号 is what tells organizations apart. Place and legal form are shared by thousands and never carry a match.
Which words are places, trades and forms is data (`Lexicon`); nothing here knows a single name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from app.core.values.identity import normalised_name

_NUMERAL = "(?:[〇零一二三四五六七八九十两]|百(?![货姓年花]))"  # 第一百货 is the first 百货
_ORDINAL = re.compile(f"第({_NUMERAL}{{1,5}})")
_NUMERIC = re.compile("[0-9〇零一二三四五六七八九十百两]")
_NUMERALS = re.compile(f"{_NUMERAL}{{2,}}")  # one alone is a word as often as a number: 一心
_LAST_ORDINAL = re.compile(r"第[0-9]+$")
_NUMBER = re.compile(r"[0-9]+")
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}
_BRANCHES, _COMPANY = frozenset(["分公司", "办事处", "代表处", "联络处"]), "公司"
_TAIL = re.compile(  # behind a name, and no part of it
    r"(?:[(\[【〔](?:本部|总部|机关|盖章|公章|印章|章|普通合伙|有限合伙|特殊普通合伙|存续|在业|开业|注销|吊销|已注销|已吊销)[)\]】〕])+$"
)
SHORT_CORE = 2  # characters: half of such a core may be a slip of the keyboard or the eye
_TOWN = re.compile(r"[^0-9]{1,4}(?:街道|镇|乡|村)")
_LOCALITY = re.compile(r"(?:[^0-9]{1,4}?街道|[^0-9]{2,3}?[镇乡])(?=..)")  # 水乡 is none
_BRACKETED = re.compile(r"[(\[{<〈《「『【〔]([^()\[\]{}<>〈〉《》「」『』【】〔〕]+)[)\]}>〉》」』】〕]")
_RANKS = ("省", "市", "区", "县", "旗", "盟", "自治州")
LONGEST_NAME = 200
_LONGEST_INNER = 7


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The words of names, as data.

    `folding` maps code points for `str.translate`: traditional to simplified, capitals to small, None for characters that mean
    nothing (brackets, dots, dashes). `openers` are the words a name may begin with as its place, `followers` those that may
    stand below another place, both with the division codes they may mean. `trades` maps a word to its (canonical word, family),
    `forms` to its class. `also_words` are short place names that are just as well a core (安康, 朝阳). `weak` are canonical trades
    that alone distinguish no organization (社会工作).
    """

    folding: Mapping[int, str | int | None]
    foldable: re.Pattern[str]  # a character of `folding`; to look for one is cheaper than to translate
    openers: Mapping[str, tuple[str, ...]]
    followers: Mapping[str, tuple[str, ...]]
    trades: Mapping[str, tuple[str, str]]
    forms: Mapping[str, str]
    also_words: frozenset[str]
    weak: frozenset[str]
    compounds: Mapping[str, tuple[str, str]]  # endings that a longer form would cut wrongly: 社会工作站 is 社会工作, 站
    place_lengths: Mapping[str, tuple[int, ...]]  # by the first two characters, the longest first
    endings: Mapping[
        str, tuple[str, ...]
    ]  # trades and forms by their last two characters (or the one), the longest first
    sounds: Mapping[str, str]  # characters to their syllable without tone
    looks: Mapping[str, str]  # characters to the one that stands for all that look like it


class Name(NamedTuple):
    """A name taken apart. `codes` are the divisions its place may mean (empty: none given); `trades` are canonical words.

    `figured` is the core with numerals in figures, 一二三 as 123. `locality` is a street or town 街道、镇、乡 behind the place, or
    where a branch is; `is_place` says that there is nothing else (姑苏, 平江街道). `ordinals` number branches, `numbers` are these
    and the figures written in the core.
    """

    given: str
    folded: str
    place: str
    codes: tuple[str, ...]
    region: int
    core: str
    figured: str
    trade: str
    trades: frozenset[str]
    families: frozenset[str]
    form: str
    form_class: str
    ordinals: tuple[int, ...]
    numbers: tuple[int, ...]
    is_weak: bool
    is_place: bool
    locality: str = ""
    short: tuple[str, ...] = ()  # `short_keys` of the core


def trimmed(name: str) -> str:
    """A normalised name without marks behind it: （本部）, （盖章）, （普通合伙）."""
    return _TAIL.sub("", name) if name[-1:] in ")]】〕" else name


def short_keys(lexicon: Lexicon, core: str) -> tuple[str, ...]:
    """What a core of two characters is also looked up by: its sound, its looks, its characters in any order."""
    if len(core) != SHORT_CORE:
        return ()
    one, other = core[0], core[1]
    sound = f"{lexicon.sounds.get(one, one)} {lexicon.sounds.get(other, other)}"
    looks = lexicon.looks.get(one, one) + lexicon.looks.get(other, other)
    return f"s{sound}", f"l{looks}", f"o{min(core)}{max(core)}"


def folded_name(lexicon: Lexicon, text: str | None) -> str:
    """A name without differences of writing: NFKC, no white space, simplified characters, no brackets or dots, small letters.

    Each character is folded for itself, so that one edit of a name is at most one edit of its folded form.
    """
    return folded(lexicon, trimmed(normalised_name(text)))


def folded(lexicon: Lexicon, name: str) -> str:
    """A name that is normalised already (`normalised_name`), without the other differences of writing."""
    return name.translate(lexicon.folding) if lexicon.foldable.search(name) else name


def in_order(lexicon: Lexicon, name: str, whole: str) -> str:
    """A normalised name, and the same folded: with a place in brackets behind the core put before it, 暖阳（苏州）社工 as 苏州暖阳社工.

    Without its brackets 广元聚伟（鄂州市）商会 would be 聚伟鄂州市 in 广元, and 第一（三明市）the thirteenth. Left where it is: what stands
    behind its own province or city already, and the place of a branch, 晴禾有限公司（苏州）分公司.
    """
    if name.isalnum():
        return whole
    for found in _BRACKETED.finditer(name):
        place = folded(lexicon, found[1])
        end, codes = place_at(lexicon, place)
        if codes and end == len(place):
            before, after = folded(lexicon, name[: found.start()]), folded(lexicon, name[found.end() :])
            start = _place_begins(lexicon, before, place, codes)
            is_branch = after and ending(lexicon, before)[2]
            return whole if is_branch else before[:start] + place + before[start:] + after
    return whole


def _place_begins(lexicon: Lexicon, before: str, place: str, codes: tuple[str, ...]) -> int:
    """Where a place in brackets belongs: behind the province or city that the name begins with, else at the beginning.

    A word without its rank that begins a name with a place behind it is of the core: 福建闻（厦门市）.
    """
    end, outer = place_at(lexicon, before)
    if end == len(before):
        return end if place_at(lexicon, before + place)[0] > end else 0
    return end if _within(codes, outer) and before[:end].endswith(_RANKS) else 0


class Parts(NamedTuple):
    """A folded name cut at its joints; `trades` in their order, `number` the ordinals between core and form.

    `key` is what the name is looked up by: its core, or its canonical trades where it has none; `figured` is the same with
    numerals in figures. `figures` stand in the core.
    """

    place: str
    codes: tuple[str, ...]
    locality: str
    core: str
    trades: tuple[str, ...]
    form: str
    number: str
    key: str
    figured: str
    figures: tuple[str, ...]


@lru_cache(maxsize=65536)
def region_of(codes: tuple[str, ...]) -> int:
    """Province and city of the divisions as a number, 3205 (3200: somewhere in the province); 0 where it is not certain."""
    if len(codes) == 1:
        return int(codes[0][:4])
    regions = {code[:4] for code in codes}
    return int(regions.pop()) if len(regions) == 1 else 0


def analysed(lexicon: Lexicon, given: str) -> Name:
    """Take a name apart; what is no place at the beginning and no trade or form at the end is its core."""
    name = trimmed(normalised_name(given))
    whole = folded(lexicon, name)
    parts = cut(lexicon, in_order(lexicon, name, whole))
    trades, families = canonical_trades(lexicon, parts.trades)
    ordinals = tuple(map(int, _NUMBER.findall(parts.number))) if parts.number else ()
    return Name(
        given=given,
        folded=whole,
        place=parts.place,
        codes=parts.codes,
        region=region_of(parts.codes),
        core=parts.key,
        figured=parts.figured,
        trade="".join(parts.trades),
        trades=trades,
        families=families,
        form=parts.form,
        form_class=lexicon.forms.get(parts.form, ""),
        ordinals=ordinals,
        numbers=(*map(int, parts.figures), *ordinals) if parts.figures else ordinals,
        is_weak=not parts.core,
        is_place=not trades and not parts.form and _is_place(lexicon, parts.core),
        locality=parts.locality,
        short=short_keys(lexicon, parts.core),
    )


@lru_cache(maxsize=4096)
def canonical_trades(lexicon: Lexicon, trades: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The canonical words and the families of trades."""
    words = [lexicon.trades[word] for word in trades]
    return frozenset(word for word, _ in words), frozenset(family for _, family in words)


def _is_place(lexicon: Lexicon, core: str) -> bool:
    return not core or core in lexicon.followers or _TOWN.fullmatch(core) is not None


def cut(lexicon: Lexicon, name: str) -> Parts:
    """The parts of a name `in_order`; ordinals are written in figures, 第一 as 第1."""
    text = _ORDINAL.sub(_ordinal, name) if "第" in name else name
    end, codes = place_at(lexicon, text)
    core, trades, form, number = ending(lexicon, text[end:])
    place, locality = text[:end], ""
    if not core and place in lexicon.also_words:
        core, place, codes = place, "", ()
    elif place in lexicon.also_words and core in lexicon.openers:  # 金华（东营市）养老中心 is not of 金华
        core, place, codes = place, core, lexicon.openers[core]
    elif len(core) > 3:
        rest = core
        if not place:
            rest, place, codes = _inner_place(lexicon, core)
        if rest == core:
            rest, locality = _locality(core, form, is_placed=bool(place))
            place += locality
        if rest != core:
            core, inner, _, ordinals = ending(lexicon, rest)
            trades, number = (*inner, *trades), ordinals + number
    figures: tuple[str, ...] = ()
    key = figured = core or "".join([lexicon.trades[word][0] for word in trades])
    if _NUMERIC.search(core):
        figures = tuple(_NUMBER.findall(core))
        figured = _NUMERALS.sub(_figures, core)
    return Parts(place, codes, locality, core, trades, form, number, key, figured, figures)


def place_at(lexicon: Lexicon, text: str) -> tuple[int, tuple[str, ...]]:
    """Where the place at the beginning ends, and what it may mean; each further word must lie within the one before."""
    end = 0
    codes: tuple[str, ...] = ()
    words = lexicon.openers
    while lengths := lexicon.place_lengths.get(text[end : end + 2]):
        for length in lengths:
            word = text[end : end + length]
            meant = words.get(word)
            if meant and codes:
                meant = _within(meant, codes)
            if meant:
                end, codes, words = end + len(word), meant, lexicon.followers
                break
        else:
            break
    return end, codes


@lru_cache(maxsize=65536)
def _within(codes: tuple[str, ...], outer: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in codes if any(lies_within(code, one) for one in outer))


def lies_within(code: str, outer: str) -> bool:
    """Whether a division is part of another one and not the same (320508 within 320500 within 320000)."""
    return code != outer and code.startswith(outer[: _significant(outer)])


def _significant(code: str) -> int:
    return 2 if code.endswith("0000") else 4 if code.endswith("00") else 6


def ending(lexicon: Lexicon, text: str) -> tuple[str, tuple[str, ...], str, str]:
    """(core, trade words, legal form, ordinals) of a name without its place, taken from the end."""
    trade: tuple[str, ...] = ()
    form = number = ""
    forms, endings = lexicon.forms, lexicon.endings
    while text:
        for word in endings.get(text[-2:], ()):  # the longest trade or form that it ends with
            if text.endswith(word):
                break
        else:
            word = text[-1] if text[-1] in endings else ""
        if len(word) == 1 and (form or trade):  # 四季社促进会: not a form below a form
            word = ""
        if word in forms:
            form = form or word
        elif word in lexicon.compounds:
            compound = lexicon.compounds[word]
            trade, form = (compound[0], *trade), form or compound[1]
        elif word:
            trade = (word, *trade)
        elif "第" in text and (ordinal := _LAST_ORDINAL.search(text)):
            word = ordinal[0]
            number = word + number
        else:
            break
        text = text[: -len(word)]
    return text, trade, form, number


def _inner_place(lexicon: Lexicon, core: str) -> tuple[str, str, tuple[str, ...]]:
    """华为（苏州）有限公司: the place behind the core."""
    for length in range(min(_LONGEST_INNER, len(core) - 2), 1, -1):
        word = core[-length:]
        if word in lexicon.openers and word not in lexicon.also_words:
            return core[:-length], word, lexicon.openers[word]
    return core, "", ()


def _locality(core: str, form: str, *, is_placed: bool) -> tuple[str, str]:
    """What is left of a core, and the street or town at its beginning, or where the branch of a company is."""
    if form in _BRANCHES and (end := core.rfind(_COMPANY) + len(_COMPANY)) > len(_COMPANY):
        return core[:end], core[end:]
    found = _LOCALITY.match(core) if is_placed else None
    return (core[found.end() :], found[0]) if found else (core, "")


def _ordinal(found: re.Match[str]) -> str:
    return f"第{_value(found[1])}"


def _figures(found: re.Match[str]) -> str:
    return str(_value(found[0]))


def _value(text: str) -> int:
    total = digit = 0
    for character in text:
        if unit := _UNITS.get(character):
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = digit * 10 + _DIGITS[character]
    return total + digit
