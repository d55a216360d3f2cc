"""Similarity of two organization names: a score in thousandths with one explanation per feature.

The core decides; trade and legal form can only lower the score, a different place lowers it below any sensible
threshold. A field that one side lacks neither raises nor lowers it, so entries with more fields filled get no
advantage.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from app.core.credit.names import Name, lies_within

ONE = 1000
TWO_EDITS_FROM = 5  # cores of at least this length may differ by two edits, shorter ones by one
TRADE_DIFFERS = 740  # factor for trades that have nothing in common
_LEAST_CORE = 3  # in a core of two characters, one difference is half the core: another name
_NEAR_NAME = 5
CORE_PREFIX = 7
_SLIPS = ("core_sounds_alike", "core_looks_alike", "core_swapped")
_KINDS_OF_TOWNS = ("街道", "镇", "乡")
_LONGEST_TOWN = 3


class Feature(StrEnum):
    """Which part of the query matched which part of the entry."""

    USCC = "uscc"
    NAME = "name"
    FORMER_NAME = "former_name"
    CORE = "core"
    PLACE = "place"
    TRADE = "trade"
    LEGAL_FORM = "legal_form"
    NUMBER = "number"


class Explained(NamedTuple):
    """One feature: its score in thousandths, the two values, and how they relate (`detail` is a message key)."""

    feature: Feature
    score: int
    query: str
    candidate: str
    detail: str


class Resemblance(NamedTuple):
    """The score of a pair of names in thousandths and its explanation."""

    score: int
    features: tuple[Explained, ...]


def edits(one: str, other: str, most: int) -> int:
    """Count deletions, insertions, substitutions and transpositions (Damerau-Levenshtein); return most + 1 if there are
    more.

    A transposition counts as one even where a character was deleted or inserted between the two.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if len(one) < 2 and len(other) < 2:
        return min(max(len(one), len(other)), most + 1)
    beyond = len(one) + len(other)
    last_row: dict[str, int] = {}
    table = [[beyond] * (len(other) + 2), [beyond, *range(len(other) + 1)]]
    for i, left in enumerate(one, 1):
        row, last_column = [beyond, i], 0
        for j, right in enumerate(other, 1):
            i_match, j_match = last_row.get(right, 0), last_column
            cost = int(left != right)
            if not cost:
                last_column = j
            swap = table[i_match][j_match] + (i - i_match - 1) + 1 + (j - j_match - 1)
            row.append(min(table[i][j] + cost, row[j] + 1, table[i][j + 1] + 1, swap))
        table.append(row)
        last_row[left] = i
    return int(min(table[-1][-1], most + 1))


def edits_allowed(length: int) -> int:
    """Return the number of edits allowed between two cores, by the length of the longer one."""
    return 2 if length >= TWO_EDITS_FROM else 1 if length >= _LEAST_CORE else 0


def dropped(text: str, most: int) -> set[str]:
    """Return the text and every variant with up to `most` (0, 1 or 2) characters deleted.

    Two texts within that many edits of each other have a variant in common.
    """
    found = {text}
    layer = found
    for _ in range(most):
        layer = {one[:place] + one[place + 1 :] for one in layer for place in range(len(one))}
        found = found | layer
    return found


def core_keys(core: str) -> set[str]:
    """Return the index keys of a core: two cores within `edits_allowed` of each other share a key.

    Only the first `CORE_PREFIX` characters are used: two edits shift the beginning by two characters at most.
    """
    allowed = edits_allowed(len(core))
    return dropped(core[:CORE_PREFIX] if allowed == 2 else core, allowed)


def resemblance(query: Name, entry: Name, least: int = 0) -> Resemblance | None:
    """Compare two names; None where the cores are unrelated, or alone keep the score below `least`."""
    if not query.folded or not entry.folded:
        return None
    if query.folded == entry.folded:
        detail = "same_name" if query.given == entry.given else "same_name_folded"
        return Resemblance(ONE, (Explained(Feature.NAME, ONE, query.given, entry.given, detail),))
    if min(len(query.folded), len(entry.folded)) < _NEAR_NAME:
        return None
    core = _core(query, entry) or _whole(query, entry)
    if core is None or core.score < least:
        return None
    features = (core, *_rest(query, entry, core))
    score = ONE
    for one in features:
        score = (score * one.score + ONE // 2) // ONE
    return Resemblance(score, features)


def _core(query: Name, entry: Name) -> Explained | None:
    """Score the cores: 1000 if equal; less 300 × edits / length."""
    if query.is_weak or entry.is_weak:
        return _weak(query, entry)
    if query.figured == entry.figured:
        return Explained(Feature.CORE, ONE, query.core, entry.core, "same_core")
    ours, theirs = _without_kind(query.core, entry.core)
    longer = max(len(ours), len(theirs))
    if slip := _slip(query, entry):
        return slip
    allowed = edits_allowed(longer)
    distance = edits(ours, theirs, max(allowed, 1))
    if distance > allowed and not (distance == 1 and longer == _LEAST_CORE - 1):
        return None
    score = ONE - 300 * distance // longer if distance <= allowed else 700
    return Explained(Feature.CORE, score, query.core, entry.core, f"core_edits_{distance}")


def _slip(query: Name, entry: Name) -> Explained | None:
    """Whether a two-character core sounds or looks the same, or has its characters swapped: a typing error, not another
    core.
    """
    if not (query.short and entry.short):
        return None
    for detail, ours, theirs in zip(_SLIPS, query.short, entry.short, strict=True):
        if ours == theirs:
            return Explained(Feature.CORE, 900, query.core, entry.core, detail)
    return None


def _without_kind(one: str, other: str) -> tuple[str, str]:
    """Remove the suffix of a town: 盛泽镇 and 震泽镇 differ in one of two characters, not of three."""
    for kind in _KINDS_OF_TOWNS:
        if one.endswith(kind) and other.endswith(kind) and max(len(one), len(other)) <= _LONGEST_TOWN + len(kind):
            return one[: -len(kind)], other[: -len(kind)]
    return one, other


def _weak(query: Name, entry: Name) -> Explained | None:
    """Compare names without a core (苏州市社会工作协会): only place and form distinguish them, so all parts must agree."""
    same_form = query.form == entry.form or not (query.form and entry.form)
    agree = query.trades == entry.trades and same_form and set(query.codes) & set(entry.codes)
    tells = query.core or (query.ordinals and entry.ordinals)  # 苏州市第一福利院 is distinguished by its number alone
    if query.is_weak and entry.is_weak and tells and agree:
        return Explained(Feature.CORE, ONE, query.core, entry.core, "same_core")
    return None


def _whole(query: Name, entry: Name) -> Explained | None:
    """Compare whole names that differ by one edit inside the place, trade or form."""
    if min(len(query.folded), len(entry.folded)) < _NEAR_NAME or edits(query.folded, entry.folded, 1) > 1:
        return None
    if query.place == entry.place and query.form == entry.form and query.trade == entry.trade:
        return None  # only the cores differ, and those were compared above
    return Explained(Feature.NAME, 900, query.folded, entry.folded, "near_name")


def _rest(query: Name, entry: Name, core: Explained) -> Iterator[Explained]:
    place, detail = _place(query, entry)
    if detail == "place_missing" and core.score < ONE and core.feature is Feature.CORE:
        place, detail = 800, "place_missing_core_differs"
    if query.place or entry.place:
        yield Explained(Feature.PLACE, place, query.place, entry.place, detail)
    if query.trade or entry.trade:
        yield Explained(Feature.TRADE, *_trade(query, entry))
    if query.form or entry.form:
        yield Explained(Feature.LEGAL_FORM, *_form(query, entry))
    ours, theirs = query.numbers, entry.numbers
    if query.figured == entry.figured:  # equal cores contain equal figures, in whichever notation
        ours, theirs = query.ordinals, entry.ordinals
    if ours != theirs:
        score = 700 if ours and theirs else 850
        yield Explained(Feature.NUMBER, score, _spaced(ours), _spaced(theirs), "numbers_differ")


def _place(query: Name, entry: Name) -> tuple[int, str]:
    if not query.codes or not entry.codes:
        return 920, "place_missing"
    if set(query.codes) & set(entry.codes):
        if query.locality == entry.locality:
            return ONE, "place_same"
        return (600, "place_differs") if query.locality and entry.locality else (970, "place_within")
    for one in query.codes:
        for other in entry.codes:
            if lies_within(one, other) or lies_within(other, one):
                return 970, "place_within"
    return 600, "place_differs"


def _trade(query: Name, entry: Name) -> tuple[int, str, str, str]:
    if query.trades == entry.trades:
        score, detail = ONE, "trade_same"
    elif not query.trades or not entry.trades:
        score, detail = 970, "trade_missing"
    elif query.trades & entry.trades or query.families & entry.families:
        score, detail = 930, "trade_related"
    else:
        score, detail = TRADE_DIFFERS, "trade_differs"
    return score, query.trade, entry.trade, detail


def _form(query: Name, entry: Name) -> tuple[int, str, str, str]:
    if query.form == entry.form:
        score, detail = ONE, "form_same"
    elif not query.form or not entry.form:
        score, detail = 980, "form_missing"
    elif query.form_class == entry.form_class:
        score, detail = 970, "form_related"
    else:
        score, detail = 940, "form_differs"
    return score, query.form, entry.form, detail


def _spaced(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers))
