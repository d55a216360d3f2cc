"""Parse the name of an organization into place, core, trade and legal form 行政区划、字号、行业、组织形式.

The core 字号 distinguishes organizations. Thousands share a place or a legal form, so these never justify a match. The
words for places, trades and forms are data (`Lexicon`); this module contains no names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from app.core.values.identity import normalised_name

# 第一百货: 第一 numbers 百货, 百 is not part of the number
_NUMERAL = "(?:[〇零一二三四五六七八九十两]|百(?![货姓年花]))"
_ORDINAL = re.compile(f"第({_NUMERAL}{{1,5}})")
_NUMERIC = re.compile("[0-9〇零一二三四五六七八九十百两]")
_NUMERALS = re.compile(f"{_NUMERAL}{{2,}}")  # such a numeral alone is a word as often as a number: 一心
_LAST_ORDINAL = re.compile(r"第[0-9]+$")
_NUMBER = re.compile(r"[0-9]+")
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}
_BRANCHES, _COMPANY = frozenset(["分公司", "办事处", "代表处", "联络处"]), "公司"
_TAIL = re.compile(  # notes after a name that are not part of it
    r"(?:[(\[【〔](?:本部|总部|机关|盖章|公章|印章|章|普通合伙|有限合伙|特殊普通合伙|存续|在业|开业|注销|吊销|已注销|已吊销)[)\]】〕])+$"
)
SHORT_CORE = 2  # characters; half of a shorter core may be a typing or recognition error
_TOWN = re.compile(r"[^0-9]{1,4}(?:街道|镇|乡|村)")
_LOCALITY = re.compile(r"(?:[^0-9]{1,4}?街道|[^0-9]{2,3}?[镇乡])(?=..)")  # 水乡 is not one
_BRACKETED = re.compile(r"[(\[{<〈《「『【〔]([^()\[\]{}<>〈〉《》「」『』【】〔〕]+)[)\]}>〉》」』】〕]")
_RANKS = ("省", "市", "区", "县", "旗", "盟", "自治州")
LONGEST_NAME = 200
_LONGEST_INNER = 7


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The words of names, as data.

    `folding` maps code points for `str.translate`: traditional to simplified, upper to lower case, None for characters
    without meaning (brackets, dots, dashes). `openers` are place words that may begin a name, `followers` those that
    may stand below another place, both with the division codes they may mean. `trades` maps a word to its (canonical
    word, family), `forms` to its class. `also_words` are short place names that are just as often a core (安康, 朝阳).
    `weak` are canonical trades that alone distinguish no organization (社会工作).
    """

    folding: Mapping[int, str | int | None]
    foldable: re.Pattern[str]  # matches a character of `folding`: searching is cheaper than translating
    openers: Mapping[str, tuple[str, ...]]
    followers: Mapping[str, tuple[str, ...]]
    trades: Mapping[str, tuple[str, str]]
    forms: Mapping[str, str]
    also_words: frozenset[str]
    weak: frozenset[str]
    compounds: Mapping[
        str, tuple[str, str]
    ]  # endings at which a longer form must not be cut: 社会工作站 is 社会工作 + 站
    place_lengths: Mapping[str, tuple[int, ...]]  # keyed by the first two characters, longest first
    endings: Mapping[
        str, tuple[str, ...]
    ]  # trades and forms keyed by their last two characters (or the only one), longest first
    sounds: Mapping[str, str]  # character → its syllable without tone
    looks: Mapping[str, str]  # character → the representative of all that look alike


class Name(NamedTuple):
    """A parsed name. `codes` are the divisions its place may mean (empty: none given); `trades` are canonical words.

    `figured` is the core with numerals as digits, 一二三 as 123. `locality` is a street or town 街道、镇、乡 after the place, or
    where a branch is located; `is_place`: the name consists of a place only (姑苏, 平江街道). `ordinals` number branches;
    `numbers` are these and the digits in the core.
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
    """Remove notes at the end of a normalised name: （本部）, （盖章）, （普通合伙）."""
    return _TAIL.sub("", name) if name[-1:] in ")]】〕" else name


def short_keys(lexicon: Lexicon, core: str) -> tuple[str, ...]:
    """Return further index keys of a two-character core: its sound, its look-alike, its characters in either order."""
    if len(core) != SHORT_CORE:
        return ()
    one, other = core[0], core[1]
    sound = f"{lexicon.sounds.get(one, one)} {lexicon.sounds.get(other, other)}"
    looks = lexicon.looks.get(one, one) + lexicon.looks.get(other, other)
    return f"s{sound}", f"l{looks}", f"o{min(core)}{max(core)}"


def folded_name(lexicon: Lexicon, text: str | None) -> str:
    """Normalise a name for comparison: NFKC, no white space, simplified characters, no brackets or dots, lower case.

    Each character is folded separately, so one edit of a name is at most one edit of its folded form.
    """
    return folded(lexicon, trimmed(normalised_name(text)))


def folded(lexicon: Lexicon, name: str) -> str:
    """Fold a name that is already normalised (`normalised_name`)."""
    return name.translate(lexicon.folding) if lexicon.foldable.search(name) else name


def in_order(lexicon: Lexicon, name: str, whole: str) -> str:
    """Return a normalised name and its folded form with a bracketed place moved to the front: 暖阳（苏州）社工 → 苏州暖阳社工.

    Without this, removing the brackets from 广元聚伟（鄂州市）商会 would give 聚伟鄂州市 in 广元, and
    第一（三明市） the thirteenth. A place stays where it is if it already follows its own province or city,
    or if it is the place of a branch: 晴禾有限公司（苏州）分公司.
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
    """Return where a bracketed place belongs: after the province or city at the beginning of the name, else at position
    0.

    A first word without its administrative suffix that precedes a place belongs to the core: 福建闻（厦门市）.
    """
    end, outer = place_at(lexicon, before)
    if end == len(before):
        return end if place_at(lexicon, before + place)[0] > end else 0
    return end if _within(codes, outer) and before[:end].endswith(_RANKS) else 0


class Parts(NamedTuple):
    """A folded name split into its parts; `trades` in order, `number` the ordinals between core and form.

    `key` is the index key: the core, or the canonical trades where there is no core; `figured` is the same with
    numerals as digits. `figures` are the digits in the core.
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
    """Return province and city of the divisions as a number, 3205 (3200: somewhere in the province); 0 where uncertain."""
    if len(codes) == 1:
        return int(codes[0][:4])
    regions = {code[:4] for code in codes}
    return int(regions.pop()) if len(regions) == 1 else 0


def analysed(lexicon: Lexicon, given: str) -> Name:
    """Parse a name; what is neither a place at the beginning nor a trade or form at the end is its core."""
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
    """Return the canonical words and the families of trades."""
    words = [lexicon.trades[word] for word in trades]
    return frozenset(word for word, _ in words), frozenset(family for _, family in words)


def _is_place(lexicon: Lexicon, core: str) -> bool:
    return not core or core in lexicon.followers or _TOWN.fullmatch(core) is not None


def cut(lexicon: Lexicon, name: str) -> Parts:
    """Split a name prepared by `in_order`; ordinals are written as digits, 第一 as 第1."""
    text = _ORDINAL.sub(_ordinal, name) if "第" in name else name
    end, codes = place_at(lexicon, text)
    core, trades, form, number = ending(lexicon, text[end:])
    place, locality = text[:end], ""
    if not core and place in lexicon.also_words:
        core, place, codes = place, "", ()
    elif place in lexicon.also_words and core in lexicon.openers:  # 金华（东营市）养老中心 is not located in 金华
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
    """Return where the place at the beginning ends, and its possible codes; each further word must lie within the one
    before.
    """
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
    """Return (core, trade words, legal form, ordinals) of a name without its place, parsed from the end."""
    trade: tuple[str, ...] = ()
    form = number = ""
    forms, endings = lexicon.forms, lexicon.endings
    while text:
        for word in endings.get(text[-2:], ()):  # the longest trade or form at the end
            if text.endswith(word):
                break
        else:
            word = text[-1] if text[-1] in endings else ""
        if len(word) == 1 and (form or trade):  # 四季社促进会: no form precedes a form
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
    """Find the place after the core: 华为（苏州）有限公司."""
    for length in range(min(_LONGEST_INNER, len(core) - 2), 1, -1):
        word = core[-length:]
        if word in lexicon.openers and word not in lexicon.also_words:
            return core[:-length], word, lexicon.openers[word]
    return core, "", ()


def _locality(core: str, form: str, *, is_placed: bool) -> tuple[str, str]:
    """Return the rest of a core, and the street or town at its beginning, or the place of a company's branch."""
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
