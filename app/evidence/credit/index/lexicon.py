"""Build the lexicon of names: words from `lexicon.yaml`, places from the public table of divisions, characters from
OpenCC.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from app.core.credit.names import Lexicon

_SIGNS = "()[]{}<>〈〉《》「」『』【】〔〕·•・‧∙⋅.,、。,;:!?'\"“”‘’-‐‑‒–—―_~/\\|*#&+=^`@$%"
_LEVELS = re.compile(r"(?<=..)(省|市|区|县|旗|盟|地区|林区|特区|自治区|自治州|自治县|自治旗)$")
_REGIONS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
}
_PERIOD = re.compile(r"(?:\[\d*-(?P<last>\d*)\])?(?P<name>.+)")
_GROUPING = re.compile(r"市辖区|[市县]|.*直辖(县级)?行政(单位|区划)")
_LEAST_BRIEF = 2
_LEARNT = "learnt"  # the family of trades learnt from a list
Places = Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon of this version; snapshots refer to it by `importer.VERSION`."""
    words = _words()
    forms = {form: kind for kind, of_kind in words["forms"].items() for form in of_kind}
    trades = {word: (line[0], family) for family, lines in words["trades"].items() for line in lines for word in line}
    compounds, folding = _compounds(trades, forms), _folding()
    openers, followers = (_folded(places, folding) for places in _places(words))
    return Lexicon(
        folding=folding,
        foldable=re.compile(f"[{re.escape(''.join(map(chr, folding)))}]"),
        openers=openers,
        followers=followers,
        trades=trades,
        forms=forms,
        also_words=frozenset(words["alsoWords"]),
        weak=frozenset(words["weak"]),
        compounds=compounds,
        sounds=_sounds(),
        looks={one: group[0] for group in reversed(_slips()["looks"]) for one in group},
        place_lengths=_lengths_by_beginning({*openers, *followers}),
        endings=_by_ending({*trades, *forms, *compounds}),
    )


def with_trades(base: Lexicon, learnt: Collection[str]) -> Lexicon:
    """Return the lexicon with trade words learnt from a list; the same one where there are none."""
    new = [word for word in learnt if word not in base.trades and word not in base.forms]
    if not new:
        return base
    trades = {**base.trades, **{word: (word, _LEARNT) for word in new}}
    endings = _by_ending({*trades, *base.forms, *base.compounds})
    return replace(base, trades=trades, endings=endings)


@lru_cache(maxsize=1)
def _slips() -> dict[str, Any]:
    text = resources.files("app.evidence.credit.index").joinpath("sounds.yaml").read_text("utf-8")
    slips: dict[str, Any] = yaml.safe_load(text)
    return slips


def _sounds() -> dict[str, str]:
    """Return the syllable of each character of GB 2312, level 1."""
    first = {one.partition(":")[2]: one.partition(":")[0] for one in _slips()["syllables"].split()}
    sounds, syllable = {}, ""
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            with suppress(UnicodeDecodeError):
                character = bytes((row, cell)).decode("gb2312")
                syllable = first.get(character, syllable)
                sounds[character] = syllable
    return sounds


def _compounds(trades: Collection[str], forms: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return trades followed by a form that a longer form would cut wrongly: 社会工作 + 站, where 工作站 would leave
    社会.
    """
    found: dict[str, tuple[str, str]] = {}
    for longer in forms:
        for cut in range(1, len(longer)):
            for trade in trades if longer[cut:] in forms else ():
                if trade.endswith(longer[:cut]) and len(trade) > cut and not _is_ending(trade[:-cut], trades):
                    found[trade + longer[cut:]] = trade, longer[cut:]
    return {word: parts for word, parts in found.items() if word not in forms and word not in trades}


def _is_ending(text: str, trades: Collection[str]) -> bool:
    """Whether the rest of a trade before a form is itself a trade: then the longer form applies, as in 社区 + 服务中心."""
    return any(text.endswith(trade) for trade in trades)


def _by_ending(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        found[word[-2:]].append(word)
    return {ending: tuple(of_ending) for ending, of_ending in found.items()}


def _lengths_by_beginning(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = defaultdict(set)
    for word in words:
        found[word[:2]].add(len(word))
    return {beginning: tuple(sorted(lengths, reverse=True)) for beginning, lengths in found.items()}


@lru_cache(maxsize=1)
def simplified_characters() -> dict[int, str]:
    """Map traditional to simplified characters by code point, one for one; OpenCC knows 4,200 traditional ones."""
    from opencc import OpenCC  # noqa: PLC0415 - its dictionaries are needed here alone

    traditional = [chr(point) for start, end in ((0x3400, 0x4DC0), (0x4E00, 0xA000)) for point in range(start, end)]
    simplified = OpenCC("t2s").convert("\n".join(traditional)).split("\n")
    return {
        ord(one): other for one, other in zip(traditional, simplified, strict=True) if one != other and len(other) == 1
    }


def _folding() -> dict[int, str | int | None]:
    """Map each character separately, so that a changed character affects nothing around it."""
    folding: dict[int, str | int | None] = dict(simplified_characters())
    folding.update({ord(sign): None for sign in _SIGNS})
    folding.update({ord(capital): capital.lower() for capital in map(chr, range(ord("A"), ord("Z") + 1))})
    return folding


def _places(words: Mapping[str, Any]) -> tuple[Places, Places]:
    openers: dict[str, set[str]] = defaultdict(set)
    followers: dict[str, set[str]] = defaultdict(set)
    successors = words["successors"]
    named = [(name, successors.get(code, code)) for name, code in _named_divisions()]
    named += [(name, successors[code]) for code, name, _ in _divisions() if code in successors]
    provinces = {_brief(name) for name, code in named if code.endswith("0000")}
    for name, code in named:
        brief = _brief(name)
        openers[name].add(code)
        followers[name].add(code)
        followers[brief].add(code)
        if code.endswith("00") and (code.endswith("0000") or brief not in provinces):
            openers[brief].add(code)  # 姑苏 alone is ambiguous, 苏州 is a place; 海南 is the province
    for zone, codes in _zones(words, openers).items():
        followers[zone] |= codes
    return _sorted(openers), _sorted(followers)


def _folded(places: Places, folding: Mapping[int, str | int | None]) -> Places:
    """Fold places like names: 乾安县 becomes 干安县, and 丹稜县 and 丹棱县 become one."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, codes in places.items():
        found[name.translate(folding)].update(codes)
    return _sorted(found)


def _sorted(places: Mapping[str, set[str]]) -> Places:
    return {name: tuple(sorted(codes)) for name, codes in places.items()}


@lru_cache(maxsize=16384)
def _brief(name: str) -> str:
    if not name.endswith(("自治州", "自治县", "自治旗")):
        return _REGIONS.get(name) or _LEVELS.sub("", name)
    brief = name[:-3]
    while kept := next((brief[: -len(one)] for one in _nationalities() if brief.endswith(one)), ""):
        if len(kept) < _LEAST_BRIEF:
            break
        brief = kept
    return brief


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    text = resources.files("app.evidence.credit.index").joinpath("lexicon.yaml").read_text("utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words


@lru_cache(maxsize=1)
def _nationalities() -> list[str]:
    return sorted(_words()["nationalities"], key=len, reverse=True)


def _named_divisions() -> Iterator[tuple[str, str]]:
    """Yield (name, code); a former division gets the code of today's division of the same short name and rank, if there
    is one.

    吴江市 (until 2012) means 320509, as 吴江区 does; 苏州地区 (until 1983) means 320500; 随州市 was below the province
    before it was a city, and means the city.
    """
    rows = list(_divisions())
    today = {(code[:2], code.endswith("00"), _brief(name)): code for code, name, is_current in rows if is_current}
    cities = {(code[:2], name): code for code, name, is_current in rows if is_current and code.endswith("00")}
    taken = {_brief(name) for _, name, is_current in rows if is_current}
    for code, name, is_current in rows:
        left = today.get((code[:2], code.endswith("00"), _brief(name)))
        if is_current or left or _brief(name) not in taken:  # 重庆市 used to be a city of Sichuan
            yield name, cities.get((code[:2], name)) or (code if is_current else left or code)


def _zones(words: Mapping[str, Any], places: Mapping[str, set[str]]) -> dict[str, set[str]]:
    cities = {code[:4] for codes in places.values() for code in codes if code.endswith("00") and code[2:4] != "00"}
    # the table has no city row for the municipalities
    cities |= {f"{province}01" for province in ("11", "12", "31", "50")}
    called = {(city, zone): code for city, zone, code in words["sameZones"]}
    zones: dict[str, set[str]] = {}
    for number, line in enumerate(words["zones"], 1):
        codes = {f"{city}z{number}" for city in cities} | {
            code for (_, zone), code in called.items() if zone == line[0]
        }
        zones.update(dict.fromkeys(line, codes))
    return zones


def _divisions() -> Iterator[tuple[str, str, bool]]:
    """Yield (code, name, whether it still exists) of every division ever in the table."""
    from stdnum import numdb  # noqa: PLC0415

    for _, province, _, _, rows in numdb.get("cn/loc").prefixes:
        for _, rest, _, fields, _ in rows:
            for part in fields.get("county", "").split(","):
                match = _PERIOD.fullmatch(part)
                if match and not _GROUPING.fullmatch(match["name"]):
                    yield province + rest, match["name"], not match["last"]
