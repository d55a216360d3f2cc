"""One organization against one entry of a credit list: a hit is by code, a name makes a candidate at most (财库〔2016〕125号)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.credit.credit_record import ListEntry, Relation
from app.core.credit.matching import Related, query_of, related, relation_of
from app.core.credit.resemblance import ONE, Feature
from app.core.facts.dossier import Organization
from app.evidence.credit.index.lexicon import lexicon
from tests.making.screening_input import code

WORDS = lexicon()
THRESHOLD = 750
NAME = "苏州市暖阳社会工作服务中心"
FORMER = "苏州市晴禾助残服务社"
OURS, THEIRS = code("52320508", 1), code("52320508", 2)
WRONG = OURS[:-1] + ("1" if OURS[-1] != "1" else "2")  # its check character is wrong


def matched(organization: Organization, entry: ListEntry) -> Related | None:
    return related(WORDS, query_of(WORDS, organization), entry)


def candidate(organization: Organization, entry: ListEntry) -> Related:
    found = matched(organization, entry)
    assert found is not None
    assert found.entry is entry
    assert not found.is_hit
    return found


def screened(organization: Organization, entry: ListEntry, threshold: int = THRESHOLD) -> Relation | None:
    found = matched(organization, entry)
    return relation_of(found) if found and (found.is_hit or found.score >= threshold) else None


def details(found: Related) -> list[str]:
    return [explained.detail for explained in found.features]


def test_a_valid_code_is_a_hit_whatever_the_names() -> None:
    entry = ListEntry("e1", "南京市云帆贸易有限公司", code=f" {OURS.lower()} ")
    found = matched(Organization(NAME, OURS), entry)
    assert found is not None
    assert (found.is_hit, found.score, details(found)) == (True, ONE, ["same_code"])
    explained = found.features[0]
    assert (explained.feature, explained.query, explained.candidate) == (Feature.USCC, OURS, OURS)


def test_a_code_that_fails_its_check_is_a_candidate() -> None:
    found = candidate(Organization(NAME, WRONG), ListEntry("e1", "南京市云帆贸易有限公司", code=WRONG))
    assert (found.score, details(found)) == (ONE, ["code_unusable"])


@pytest.mark.parametrize("text", ["12345", "无", None])
def test_a_text_that_is_no_code_connects_nobody(text: str | None) -> None:
    assert matched(Organization(NAME, text), ListEntry("e1", "南京市云帆贸易有限公司", code=text)) is None


@pytest.mark.parametrize(
    ("entry_name", "score", "expected"),
    [
        (NAME, 1000, ["same_name"]),
        ("蘇州市暖陽社會工作服務中心", 1000, ["same_name_folded"]),
        ("苏州暖阳社工服务社", 970, ["same_core", "place_same", "trade_same", "form_related"]),
        ("南京市暖阳社会工作服务中心", 600, ["same_core", "place_differs", "trade_same", "form_same"]),
    ],
)
def test_a_name_is_never_a_hit(entry_name: str, score: int, expected: list[str]) -> None:
    found = candidate(Organization(NAME, OURS), ListEntry("e1", entry_name))
    assert (found.score, details(found)) == (score, expected)


@pytest.mark.parametrize(
    "entry_name", ["苏州市晴禾社会工作服务中心", "苏州市", "社会工作服务中心", "有限公司", "", " "]
)
def test_nothing_in_common_is_no_candidate(entry_name: str) -> None:
    assert matched(Organization(NAME, None), ListEntry("e1", entry_name)) is None


@pytest.mark.parametrize(
    ("organization", "entry"),
    [
        (Organization(NAME, None, (FORMER,)), ListEntry("e1", FORMER)),
        (Organization(FORMER, None), ListEntry("e1", NAME, former_names=("苏州云帆养老院", FORMER))),
        (Organization(None, None, ("苏州云帆养老院", FORMER)), ListEntry("e1", FORMER, former_names=(NAME,))),
        (Organization("", None, ("", FORMER)), ListEntry("e1", FORMER)),
    ],
)
def test_a_former_name_makes_a_candidate(organization: Organization, entry: ListEntry) -> None:
    found = candidate(organization, entry)
    assert (found.score, details(found)) == (950, ["same_name", "former_name"])
    assert found.features[-1].feature is Feature.FORMER_NAME
    assert (found.features[-1].query, found.features[-1].candidate) == (FORMER, FORMER)


def test_the_name_of_today_goes_before_a_former_one() -> None:
    found = candidate(Organization(NAME, None, (NAME,)), ListEntry("e1", NAME, former_names=(NAME,)))
    assert details(found) == ["same_name"]


def test_two_valid_codes_are_two_organizations_unless_their_names_are_the_same() -> None:
    ours = Organization(NAME, OURS)
    found = candidate(ours, ListEntry("e1", NAME, code=THEIRS))
    assert (found.score, details(found)) == (900, ["same_name", "codes_differ"])
    assert (found.features[-1].query, found.features[-1].candidate) == (OURS, THEIRS)
    assert matched(ours, ListEntry("e1", "苏州暖阳社工服务社", code=THEIRS)) is None  # the core alone
    assert matched(ours, ListEntry("e1", "苏州市暖阳社会工作服务中新", code=THEIRS)) is None  # near, not the same
    assert matched(ours, ListEntry("e1", "苏州暖阳社工服务社", code=WRONG)) is not None  # no usable code there


def test_codes_that_differ_and_a_former_name_lower_the_score_twice() -> None:
    found = candidate(Organization(NAME, OURS, (FORMER,)), ListEntry("e1", FORMER, code=THEIRS))
    assert (found.score, details(found)) == (855, ["same_name", "former_name", "codes_differ"])


@pytest.mark.parametrize(
    ("organization", "is_insufficient"),
    [
        (Organization("苏州市"), True),
        (Organization("苏州市姑苏区"), True),
        (Organization("姑苏"), True),
        (Organization("昆山"), True),
        (Organization("平江街道"), True),
        (Organization("苏州市吴江区盛泽镇"), True),
        (Organization("苏州市吴江区盛泽镇社会工作站"), False),
        (Organization("民办非企业单位"), True),
        (Organization("社会工作服务中心"), True),
        (Organization("有限公司", "无"), True),
        (Organization("暖"), True),
        (Organization(""), True),
        (Organization(None), True),
        (Organization("（）·"), True),
        (Organization("有限公司", WRONG), True),
        (Organization("有限公司", OURS), False),
        (Organization(None, OURS), False),
        (Organization("暖阳"), False),
        (Organization(NAME), False),
    ],
)
def test_too_little_to_match_on(organization: Organization, is_insufficient: bool) -> None:
    assert query_of(WORDS, organization).is_insufficient is is_insufficient


@pytest.mark.parametrize(
    ("organization", "entry", "relation"),
    [
        (Organization("晴禾云", OURS), ListEntry("e1", NAME, code=OURS), Relation.CODE),
        (Organization(NAME), ListEntry("e1", NAME), Relation.SAME_NAME),
        (Organization(NAME), ListEntry("e1", "苏州市暖阳社会工做服务中心"), Relation.NEAR_NAME),
        (Organization(NAME), ListEntry("e1", "蘇州市暖陽社會工作服務中心"), Relation.VARIANT_NAME),
        (Organization(NAME, OURS), ListEntry("e1", "江苏省苏州市暖阳社工服务社"), Relation.VARIANT_NAME),
        (Organization(NAME), ListEntry("e1", "江苏省苏州市暖阳社工服务社", code=THEIRS), Relation.VARIANT_NAME),
        (Organization(NAME, OURS), ListEntry("e1", "江苏省苏州市暖阳社工服务社", code=THEIRS), None),
        (Organization(NAME), ListEntry("e1", "南京市暖阳社工服务社"), None),  # below the threshold
        (Organization(NAME), ListEntry("e1", "苏州暖洋社会工作服务中心"), Relation.NEAR_NAME),  # the same sound
        (Organization(NAME), ListEntry("e1", "苏州暖云社会工作服务中心"), None),  # another core
        (Organization(NAME), ListEntry("e1", "苏州市晴禾社会工作服务中心"), None),
        (Organization("暖阳中心"), ListEntry("e1", "暖洋中心"), None),  # four characters: too short
        (Organization(NAME), ListEntry("e1", "暖阳"), None),
        (Organization(None), ListEntry("e1", NAME), None),
    ],
)
def test_how_an_entry_relates_to_a_bidder(
    organization: Organization, entry: ListEntry, relation: Relation | None
) -> None:
    assert screened(organization, entry) is relation


def test_a_screening_goes_by_the_threshold_of_its_policy() -> None:
    organization, entry = Organization(NAME), ListEntry("e1", "苏州暖阳社工服务社")
    assert screened(organization, entry, 970) is Relation.VARIANT_NAME
    assert screened(organization, entry, 971) is None


names = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "苏州", "苏州市", "南京市"]),
    st.sampled_from(["", "暖阳", "暖陽", "晴禾云帆", "晴禾云凡", "云"]),
    st.sampled_from(["", "社会工作服务中心", "社工服务社", "科技有限公司"]),
)
codes = st.sampled_from([None, "无", OURS, THEIRS, WRONG])


@settings(max_examples=200, deadline=None)
@given(names, codes, st.lists(names, max_size=2).map(tuple), names, codes, st.lists(names, max_size=2).map(tuple))
def test_only_a_valid_code_is_a_hit(
    name: str, ours: str | None, former: tuple[str, ...], other: str, theirs: str | None, formerly: tuple[str, ...]
) -> None:
    found = matched(Organization(name, ours, former), ListEntry("e1", other, theirs, formerly))
    is_same_code = ours == theirs and ours in (OURS, THEIRS)
    assert (found is not None and found.is_hit) is is_same_code
    assert found is None or 0 < found.score <= ONE


@settings(max_examples=100, deadline=None)
@given(names, names, st.sampled_from(["reason", "document", "kind"]))
def test_an_entry_with_more_fields_is_not_favoured(name: str, other: str, filled: str) -> None:
    bare = matched(Organization(name), ListEntry("e1", other))
    full = matched(Organization(name), ListEntry("e1", other, **{filled: "暖阳"}))
    assert (bare and (bare.score, bare.features)) == (full and (full.score, full.features))
