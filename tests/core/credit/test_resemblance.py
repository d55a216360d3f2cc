"""The similarity of two names and its explanation; all names are invented. 750 is the threshold of the presets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.credit.match_messages import DETAILS
from app.core.credit.names import analysed
from app.core.credit.resemblance import (
    ONE,
    Feature,
    Resemblance,
    core_keys,
    dropped,
    edits,
    edits_allowed,
    resemblance,
)
from app.evidence.credit.index.lexicon import lexicon

WORDS = lexicon()
THRESHOLD = 750
NAME = "苏州市暖阳社会工作服务中心"
often = settings(max_examples=200, deadline=None)


def compared(one: str, other: str) -> Resemblance | None:
    return resemblance(analysed(WORDS, one), analysed(WORDS, other))


def found(one: str, other: str) -> Resemblance:
    result = compared(one, other)
    assert result is not None
    return result


def details(result: Resemblance) -> list[str]:
    return [explained.detail for explained in result.features]


@pytest.mark.parametrize(
    ("other", "score", "expected"),
    [
        (NAME, 1000, ["same_name"]),
        ("蘇州市暖陽社會工作服務中心", 1000, ["same_name_folded"]),
        ("苏州市（暖阳）社会工作 服务中心", 1000, ["same_name_folded"]),
        ("苏州暖阳社会工作服务中心", 1000, ["same_core", "place_same", "trade_same", "form_same"]),
        ("江苏省苏州市暖阳社会工作服务中心", 1000, ["same_core", "place_same", "trade_same", "form_same"]),
        ("暖阳（苏州）社会工作服务中心", 1000, ["same_core", "place_same", "trade_same", "form_same"]),
        ("苏州市暖阳社工服务中心", 1000, ["same_core", "place_same", "trade_same", "form_same"]),
        ("苏州市暖阳社会工作服务社", 970, ["same_core", "place_same", "trade_same", "form_related"]),
        ("苏州市暖阳社会工作促进会", 940, ["same_core", "place_same", "trade_same", "form_differs"]),
        ("苏州市暖阳社会工作", 980, ["same_core", "place_same", "trade_same", "form_missing"]),
        ("苏州市暖阳服务中心", 970, ["same_core", "place_same", "trade_missing", "form_same"]),
        ("苏州市暖阳养老服务中心", 930, ["same_core", "place_same", "trade_related", "form_same"]),
        ("暖阳社会工作服务中心", 920, ["same_core", "place_missing", "trade_same", "form_same"]),
        ("苏州市姑苏区暖阳社会工作服务中心", 970, ["same_core", "place_within", "trade_same", "form_same"]),
        ("江苏省暖阳社会工作服务中心", 970, ["same_core", "place_within", "trade_same", "form_same"]),
        ("苏州市暖阳社会工作服务中新", 856, ["near_name", "place_same", "trade_missing", "form_missing"]),
        (
            "苏州市暖阳第一社会工作服务中心",
            850,
            ["same_core", "place_same", "trade_same", "form_same", "numbers_differ"],
        ),
    ],
)
def test_another_way_to_name_the_same_one_is_a_candidate(other: str, score: int, expected: list[str]) -> None:
    result = found(NAME, other)
    assert (result.score, details(result)) == (score, expected)
    assert result.score >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "other", "score", "reason"),
    [
        (NAME, "南京市暖阳社会工作服务中心", 600, "place_differs"),
        (NAME, "江苏省南京市暖阳社会工作服务中心", 600, "place_differs"),
        ("苏州市姑苏区暖阳助残中心", "苏州市吴中区暖阳助残中心", 600, "place_differs"),
        (NAME, "苏州市暖阳教育有限公司", 696, "trade_differs"),
        (NAME, "苏州市暖云社会工作服务中心", 700, "core_edits_1"),  # one of two characters: half the core
        ("苏州市晴禾第一养老院", "苏州市晴禾第二养老院", 700, "numbers_differ"),
        ("苏州市晴禾养老院第一分公司", "苏州市晴禾养老院第十一分公司", 700, "numbers_differ"),
        ("苏州市晴禾第三养老院第一分公司", "苏州市晴禾第三养老院第二分公司", 700, "numbers_differ"),
        ("苏州市晴禾云社工站", "晴禾芸社工站", 720, "place_missing_core_differs"),
    ],
)
def test_a_hard_negative_stays_below_the_threshold(one: str, other: str, score: int, reason: str) -> None:
    result = found(one, other)
    assert result.score == score < THRESHOLD
    assert reason in details(result)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NAME, "苏州市晴禾社会工作服务中心"),  # another core, all else the same
        (NAME, "苏州市"),
        (NAME, "社会工作服务中心"),
        (NAME, "苏州市社会工作服务社"),
        (NAME, ""),
        ("", NAME),
        ("", ""),
        ("有限公司", "服务中心"),
        ("苏州市", "苏州"),
        ("苏州市", "南京市"),
        ("甲", "乙"),
        ("暖", "阳光"),
        ("苏州市社会工作协会", "南京市社会工作协会"),
        ("苏州市社会工作协会", "社会工作协会"),
        ("苏州市社会工作协会", "苏州市社会工作促进会"),
        ("苏州市社会工作协会", "苏州市志愿协会"),
        ("社会工作服务中心", "社工服务中心"),
    ],
)
def test_place_trade_and_form_never_carry_a_match(one: str, other: str) -> None:
    assert compared(one, other) is None


def test_names_without_a_core_agree_in_all_or_not_at_all() -> None:
    result = found("苏州市社会工作协会", "江苏省苏州市社工协会")
    assert (result.score, details(result)[0]) == (ONE, "same_core")
    assert found("苏州市", "苏州市").score == ONE  # the same text; the query is reported as insufficient


@pytest.mark.parametrize(
    ("core", "other", "score"),
    [
        ("晴禾云", "晴禾芸", 900),  # changed
        ("晴禾云", "晴云", 900),  # dropped
        ("晴禾云", "晴禾云天", 925),  # added
        ("晴禾云", "禾晴云", 900),  # swapped
        ("晴禾云", "晴禾禾云", 925),  # doubled
        ("晴禾云帆舟", "晴禾云舟", 940),
        ("晴禾云帆舟", "晴云禾舟帆", 880),  # swapped twice
        ("晴禾云帆舟", "晴和云凡舟", 880),
        ("晴禾云帆舟", "晴禾云", 880),
        ("晴禾云帆", "晴和云凡", None),  # two edits in four characters
        ("晴禾云帆舟", "晴和芸凡舟", None),  # three
        ("晴禾云", "晴和芸", None),
        ("晴禾", "禾晴", 900),
    ],
)
def test_edits_of_the_core(core: str, other: str, score: int | None) -> None:
    result = compared(f"苏州市{core}社会工作服务中心", f"苏州{other}社工服务中心")
    assert (result and result.score) == score


def test_what_met_what_is_told() -> None:
    core, place, trade, form, number = found("苏州暖阳第一社工站", "南京市暖阳第二养老有限公司").features
    assert (core.feature, core.query, core.candidate) == (Feature.CORE, "暖阳", "暖阳")
    assert (place.feature, place.score, place.query, place.candidate) == (Feature.PLACE, 600, "苏州", "南京市")
    assert (trade.feature, trade.detail, trade.query, trade.candidate) == (Feature.TRADE, "trade_missing", "", "养老")
    assert (form.feature, form.query, form.candidate) == (Feature.LEGAL_FORM, "社工站", "有限公司")
    assert (number.feature, number.query, number.candidate) == (Feature.NUMBER, "1", "2")


def test_what_neither_side_has_is_not_spoken_of() -> None:
    assert details(found("晴禾云帆溪", "晴禾云凡溪")) == ["core_edits_1"]


@pytest.mark.parametrize(
    ("one", "other", "carried"),
    [
        ("晴禾云社会工作服务中心", "晴禾云社会工作服务中新", "near_name"),  # the core there is 晴禾云社会工作服务中新
        ("苏州市晴禾云社工站", "苏洲市晴禾云社工站", "near_name"),
        ("苏州市安社", "苏洲市安社", "near_name"),
        ("苏州晴社", "苏洲晴社", None),  # four characters are too few
        ("苏州市甲社会工作服务中心", "苏州市乙社会工作服务中心", None),  # only the cores differ
    ],
)
def test_one_edit_outside_the_core(one: str, other: str, carried: str | None) -> None:
    result = compared(one, other)
    assert (result and details(result)[0]) == carried


@pytest.mark.parametrize(
    ("one", "other", "most", "expected"),
    [
        ("", "", 1, 0),
        ("晴禾", "晴禾", 0, 0),
        ("晴禾", "禾晴", 1, 1),
        ("晴禾云", "晴云", 2, 1),
        ("晴禾云", "云晴禾", 2, 2),
        ("甲乙", "丙丁", 1, 2),
        ("甲乙丙丁", "戊己庚辛", 2, 3),
        ("晴", "晴禾云帆", 2, 3),
    ],
)
def test_edits(one: str, other: str, most: int, expected: int) -> None:
    assert edits(one, other, most) == expected


def test_edits_allowed_by_length() -> None:
    assert [edits_allowed(length) for length in range(7)] == [0, 0, 0, 1, 1, 2, 2]


def test_keys_of_a_core() -> None:
    assert dropped("甲乙", 0) == {"甲乙"}
    assert dropped("甲乙", 1) == {"甲乙", "甲", "乙"}
    assert dropped("甲", 2) == {"甲", ""}
    assert core_keys("晴禾") == {"晴禾"}
    assert core_keys("晴禾云") == {"晴禾云", "晴禾", "晴云", "禾云"}
    assert core_keys("晴禾云帆舟行远山") == dropped("晴禾云帆舟行远", 2)


def test_every_detail_has_its_words() -> None:
    features = [
        *found(NAME, NAME).features,
        *found(NAME, "南京暖阳第一科技有限公司").features,
        *found("苏州晴禾云社", "晴禾芸社会工作站").features,
    ]
    assert {one.detail for one in features} <= set(DETAILS)
    assert all(text.zh and text.en for text in DETAILS.values())


cores = st.text("暖阳晴禾云帆舟第一二", max_size=8)
names = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "苏州", "苏州市", "江苏省苏州市", "南京市", "苏州市姑苏区", "朝阳区", "朝阳"]),
    cores,
    st.sampled_from(["", "社会工作", "社工", "养老", "科技"]),
    st.sampled_from(["", "服务中心", "服务社", "有限公司", "促进会", "第一分公司"]),
)


@often
@given(names, names)
def test_scores_are_within_bounds_and_the_same_both_ways(one: str, other: str) -> None:
    there, back = compared(one, other), compared(other, one)
    assert (there and there.score) == (back and back.score)
    assert there is None or 0 < there.score <= ONE
    assert (there and details(there)) == (back and details(back))


@often
@given(names | st.text(min_size=1, max_size=60))
def test_a_name_resembles_itself_fully(name: str) -> None:
    result = compared(name, name)
    if analysed(WORDS, name).folded:
        assert result is not None
        assert result.score == ONE
    else:
        assert result is None


@often
@given(names, names)
def test_a_full_score_rests_on_a_full_score_of_every_feature(one: str, other: str) -> None:
    result = compared(one, other)
    if result is not None:
        assert result.score <= min(explained.score for explained in result.features)


@often
@given(cores, cores)
def test_edits_are_a_distance(one: str, other: str) -> None:
    distance = edits(one, other, 8)
    assert distance == edits(other, one, 8)
    assert (distance == 0) == (one == other)
    assert abs(len(one) - len(other)) <= distance <= max(len(one), len(other))


@often
@given(cores, st.data())
def test_cores_within_the_edits_allowed_have_a_key_in_common(core: str, data: st.DataObject) -> None:
    other = core
    for _ in range(edits_allowed(len(core))):
        place = data.draw(st.integers(0, len(other)))
        end = data.draw(st.integers(place, min(place + 1, len(other))))
        other = other[:place] + data.draw(st.text("暖阳晴", max_size=1)) + other[end:]
    longer = max(len(core), len(other))
    if edits(core, other, 2) <= min(edits_allowed(len(core)), edits_allowed(len(other)), edits_allowed(longer)):
        assert core_keys(core) & core_keys(other)
