"""Parsing and comparing names of organizations: which parts may justify a match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.credit.names import analysed
from app.core.credit.resemblance import core_keys, dropped, edits, edits_allowed, resemblance
from app.evidence.credit.index.lexicon import lexicon

THRESHOLD = 750


def parts(name):
    found = analysed(lexicon(), name)
    return found.place, found.core, found.trade, found.form


def score(one, other):
    found = resemblance(analysed(lexicon(), one), analysed(lexicon(), other))
    return found.score if found else 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("苏州市姑苏区暖阳社会工作服务中心", ("苏州市姑苏区", "暖阳", "社会工作", "服务中心")),
        ("江苏省苏州市暖阳社工服务社", ("江苏省苏州市", "暖阳", "社工", "服务社")),
        ("蘇州·暖陽社會工作（服務中心）", ("苏州", "暖阳", "社会工作", "服务中心")),
        ("暖阳（苏州）餐饮管理有限公司", ("苏州", "暖阳", "餐饮管理", "有限公司")),
        ("苏州工业园区胜浦暖阳社工事务所", ("苏州工业园区", "胜浦暖阳", "社工", "事务所")),
        ("安康社工服务中心", ("", "安康", "社工", "服务中心")),  # a city and a word
        ("苏州市社会工作协会", ("苏州市", "社会工作", "社会工作", "协会")),  # no core of its own
        ("苏州暖阳餐饮有限公司第一分公司", ("苏州", "暖阳", "餐饮", "分公司")),
        ("", ("", "", "", "")),
    ],
)
def test_a_name_is_taken_apart(name, expected):
    assert parts(name) == expected


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("苏州市暖阳社会工作服务中心", "蘇州市暖陽社會工作服務中心", "traditional"),
        ("苏州市暖阳社会工作服务中心", "苏州市 暖阳（社会工作）服务中心", "brackets and spaces"),
        ("苏州市暖阳社会工作服务中心", "江苏省苏州市暖阳社会工作服务中心", "province before it"),
        ("苏州市暖阳社会工作服务中心", "苏州暖阳社工服务社", "short place, other form"),
        ("苏州市暖阳社会工作服务中心", "苏州市姑苏区暖阳社会工作服务中心", "a district within"),
        ("苏州市暖阳社会工作服务中心", "暖阳社会工作服务中心", "no place"),
        ("吴江市友爱公益服务社", "苏州市吴江区友爱公益服务社", "renamed in 2012"),
        ("苏州市星海晨光社会工作服务中心", "苏州市星海晨曦社会工作服务中心", "one of four"),
        ("苏州市星海晨社会工作服务中心", "苏州市星晨海社会工作服务中心", "swapped"),
        ("苏州市阳光天使家社会工作服务中心", "苏州市阳天使社会工作服务中心", "two of five"),
        ("苏洲市暖阳社会工作服务中心", "苏州市暖阳社会工作服务中心", "a slip in the place"),
    ],
)
def test_these_resemble(one, other, why):
    assert score(one, other) >= THRESHOLD, why
    assert score(one, other) == score(other, one)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("苏州市暖阳社会工作服务中心", "南京市暖阳社会工作服务中心", "another city"),
        ("苏州市姑苏区暖阳社会工作服务中心", "苏州市虎丘区暖阳社会工作服务中心", "another district"),
        ("苏州市暖阳社会工作服务中心", "苏州市晨光社会工作服务中心", "another core"),
        ("苏州市暖阳社会工作服务中心", "苏州市暖云社会工作服务中心", "half of a short core"),
        ("苏州市暖阳社会工作服务中心", "苏州市暖阳贸易有限公司", "another trade"),
        ("苏州市星海晨光社会工作服务中心", "苏州市星海天涯社会工作服务中心", "two of four"),
        ("苏州市第一社会福利院", "苏州市第二社会福利院", "numbered"),
        ("苏州市星海第一社会工作服务中心", "苏州市星海第二社会工作服务中心", "numbered"),
        ("苏州市社会工作协会", "苏州市社会工作服务中心", "place and trade carry nothing"),
        ("苏州市社会工作服务中心", "苏州市暖阳社会工作服务中心", "place and form carry nothing"),
    ],
)
def test_these_do_not(one, other, why):
    assert score(one, other) < THRESHOLD, why


def test_the_first_branch_is_the_first_however_it_is_written():
    assert score("苏州市星海第一社工服务社", "苏州市星海第1社工服务社") >= THRESHOLD
    assert analysed(lexicon(), "苏州市星海第二十三社工服务社").numbers == (23,)


def test_every_feature_is_explained():
    found = resemblance(
        analysed(lexicon(), "苏州市星海晨光社会工作服务中心"), analysed(lexicon(), "苏州星海晨曦社工服务社")
    )
    features = {one.feature: (one.query, one.candidate, one.detail) for one in found.features}
    assert features["core"] == ("星海晨光", "星海晨曦", "core_edits_1")
    assert features["place"] == ("苏州市", "苏州", "place_same")
    assert features["trade"] == ("社会工作", "社工", "trade_same")
    assert features["legal_form"] == ("服务中心", "服务社", "form_related")


WORDS = st.text("甲乙丙丁", max_size=9)


@given(WORDS, WORDS)
def test_edits_are_a_distance(one, other):
    assert edits(one, other, 20) == edits(other, one, 20)
    assert (edits(one, other, 20) == 0) == (one == other)
    assert edits(one, other, 1) == min(edits(one, other, 20), 2)


@given(st.text("甲乙丙丁戊", min_size=1, max_size=11), st.data())
def test_cores_that_may_pass_as_one_share_a_key(core, data):
    other = core
    for _ in range(2):
        place = data.draw(st.integers(0, len(other)))
        kind = data.draw(st.sampled_from(["drop", "add", "change", "swap"]))
        sign = data.draw(st.sampled_from("甲乙丙丁戊"))
        head, tail = other[:place], other[place:]
        other = {
            "drop": head + tail[1:],
            "add": head + sign + tail,
            "change": head + sign + tail[1:] if tail else other,
            "swap": head + tail[1:2] + tail[:1] + tail[2:],
        }[kind]
    if edits(core, other, 2) <= edits_allowed(max(len(core), len(other))):
        assert core_keys(core) & core_keys(other)


def test_what_is_left_when_characters_are_dropped():
    assert dropped("甲乙丙", 1) == {"甲乙丙", "乙丙", "甲丙", "甲乙"}
    assert dropped("甲", 0) == {"甲"}


@given(st.text(max_size=30))
def test_any_text_can_be_taken_apart(text):
    found = analysed(lexicon(), text)
    assert resemblance(found, found) is None or resemblance(found, found).score == 1000
