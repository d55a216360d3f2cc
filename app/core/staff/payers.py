"""Who pays social insurance: the bidder, another unit, or a name that differs from the bidder's only in form."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from enum import Enum

from app.core.facts.dossier import InsurancePeriod, Organization, RosterLine
from app.core.values.frozen import value
from app.core.values.identity import normalised_name
from app.core.values.spelling import folded, one_edit_apart

_DITTO = frozenset({"同上", "同前", "如上", "上同", "〃", "々", '"', "''", "′′", "″", ",,", "同上行", "同上一行"})
_OWN_WORD = re.compile(
    r"由?[本我](?:单位|公司|机构|中心|社|会|院|所|组织|社团|协会|基金会|处|站)(?:统一|自行)?(?:缴纳|自缴|缴费|参保)?"
    r"|(?:投标人|投标单位|投标机构|供应商|申请人)(?:单位)?"
)
_NONE = frozenset({"", "/", "-", "--", "—", "——", "\\", "无", "暂无", "待补", "N/A", "n/a", "空白"})
_RANK = "特别行政区|自治[区州县旗]|新区|开发区|园区|街道|地区|省|(?<!城)市(?![政民场容])|(?<![社小城])区|县|旗|盟|(?<!城)镇|(?<!城)乡(?!村)"
_PLACE = re.compile(rf"(.{{1,7}}?)(?:{_RANK})")
_BRANCH = re.compile(
    r".{0,12}(?:分公司|分社|分部|分中心|分会|分所|分院|分店|分支机构|办事处|代表处|工作站|服务站|服务点|工作点|总部|本部)"
)
_BRACKETED = re.compile(r"[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]")
_SHORT_PLACE = range(2, 5)  # 江苏, 苏州, 江苏苏州: places named without their administrative suffix
_LEAST_CORE = 4


class Payer(Enum):
    """How a payer relates to the bidder; UNCLEAR differs only in form, UNKNOWN where one of the two names is missing."""

    OWN = "own"
    UNCLEAR = "unclear"
    OTHER = "other"
    UNKNOWN = "unknown"


@value
class Payers:
    """The bidder's own names, former ones included, normalised; `complete` is False where its present name is missing."""

    names: frozenset[str]
    complete: bool
    folding: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, organization: Organization, folding: Mapping[int, str]) -> "Payers":
        """Return the names under which the bidder may have paid."""
        names = map(normalised_name, (organization.name, *organization.former_names))
        return cls(frozenset(filter(None, names)), bool(normalised_name(organization.name)), folding)

    def match(self, payer: str | None) -> Payer:
        """Return how a payer relates to the bidder."""
        name = normalised_name(payer)
        if name in self.names or _OWN_WORD.fullmatch(name):
            return Payer.OWN
        if name in _NONE:
            return Payer.UNKNOWN
        if any(differs_in_form(name, own, self.folding) for own in self.names):
            return Payer.UNCLEAR
        return Payer.OTHER if self.complete else Payer.UNKNOWN


def differs_in_form(one: str, other: str, folding: Mapping[int, str]) -> bool:
    """Whether two normalised names differ only in brackets, place prefix, traditional characters, interpunct, an own
    branch, or one character.
    """
    theirs = set(_forms(other, folding))
    return any(_alike(first, second) for first in _forms(one, folding) for second in theirs)


def _forms(name: str, folding: Mapping[int, str]) -> Iterator[str]:
    """Return the folded name unchanged, with bracketed text moved to the front, and without it."""
    yield folded(name, folding)
    if found := _BRACKETED.search(name):
        rest = name[: found.start()] + name[found.end() :]
        yield folded(found[1] + rest, folding)
        yield folded(rest, folding)


def _alike(one: str, other: str) -> bool:
    return one == other or one_edit_apart(one, other) or _is_branch(one, other) or _same_but_for_place(one, other)


def _is_branch(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return (
        len(shorter) >= _LEAST_CORE
        and longer.startswith(shorter)
        and bool(_BRANCH.fullmatch(longer.removeprefix(shorter)))
    )


def _same_but_for_place(one: str, other: str) -> bool:
    """Whether the names are equal apart from omitted levels of the place; two different places are two organizations."""
    shorter, longer = sorted((one, other), key=len)
    prefix = longer.removesuffix(shorter)
    if prefix != longer and len(shorter) >= _LEAST_CORE and len(prefix) in _SHORT_PLACE:
        return True
    words = [*_ranked_places(one), *_ranked_places(other)]
    (places, core), (others, rest) = _without_places(one, words), _without_places(other, words)
    return core == rest and len(core) >= _LEAST_CORE and (places <= others or others <= places)


def _ranked_places(name: str) -> Iterator[str]:
    """Return the places at the beginning of a name without their suffixes: 苏州, 姑苏 of 苏州市姑苏区."""
    at = 0
    while found := _PLACE.match(name, at):
        yield found[1]
        at = found.end()


def _without_places(name: str, words: Sequence[str]) -> tuple[frozenset[str], str]:
    """Return the places at the beginning of a name, with their suffixes or, of `words`, without; and the rest of the
    name.
    """
    places: set[str] = set()
    at = 0
    while True:
        found = _PLACE.match(name, at)
        word = found[1] if found else next((one for one in words if name.startswith(one, at)), None)
        if word is None:
            return frozenset(places), name[at:]
        places.add(word)
        at = found.end() if found else at + len(word)


def dittos_resolved(roster: Sequence[RosterLine]) -> Sequence[RosterLine]:
    """Replace 同上 and 〃 as payer by the payer of the line above; unread where there is none."""
    if not any(_is_ditto(period.payer) for line in roster for period in line.insurance):
        return roster
    lines, above = [], None
    for line in roster:
        periods = tuple(_resolved(line.insurance, above))
        lines.append(replace(line, insurance=periods))
        above = periods[0].payer if periods else None
    return lines


def _resolved(periods: Iterable[InsurancePeriod], above: str | None) -> Iterator[InsurancePeriod]:
    for period in periods:
        if not _is_ditto(period.payer):
            yield period
        elif above is not None:
            yield replace(period, payer=above)
        else:
            yield replace(period, payer=None, unread=(*period.unread, "payer"))


def _is_ditto(payer: str | None) -> bool:
    return payer is not None and "".join(payer.split()) in _DITTO
