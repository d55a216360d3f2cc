"""Parsing names of organizations: place, core, trade, legal form 行政区划、字号、行业、组织形式. All names are
invented.
"""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.credit.names import analysed, cut, folded_name, lies_within, place_at
from app.evidence.credit.index.lexicon import lexicon

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
import credit_names as source

WORDS = lexicon()
often = settings(max_examples=150, deadline=None)


@pytest.mark.parametrize(
    ("given_name", "place", "core", "trade", "form"),
    [
        ("苏州市暖阳社会工作服务中心", "苏州市", "暖阳", "社会工作", "服务中心"),
        ("苏州暖阳社工服务社", "苏州", "暖阳", "社工", "服务社"),
        ("江苏省苏州市暖阳社会工作服务中心", "江苏省苏州市", "暖阳", "社会工作", "服务中心"),
        ("苏州市吴中区晴禾助残服务中心", "苏州市吴中区", "晴禾", "助残", "服务中心"),
        ("吴中区晴禾助残服务中心", "吴中区", "晴禾", "助残", "服务中心"),
        ("苏州工业园区晴禾科技有限公司", "苏州工业园区", "晴禾", "科技", "有限公司"),
        ("苏州市晴禾社会工作促进会", "苏州市", "晴禾", "社会工作", "促进会"),
        ("苏州晴禾云帆文化传播有限责任公司", "苏州", "晴禾云帆", "文化传播", "有限责任公司"),
        ("苏州晴禾养老服务有限公司分公司", "苏州", "晴禾", "养老", "分公司"),  # 服务有限公司 below it is a form
        ("四季社促进会", "", "四季社", "", "促进会"),  # no form precedes a form
        ("金华（东营市）养老中心", "东营市", "金华", "养老", "中心"),  # a place as a core, before the place
        ("金华东营市养老中心", "东营市", "金华", "养老", "中心"),
        ("晴禾云帆", "", "晴禾云帆", "", ""),
        ("A", "", "a", "", ""),
        ("", "", "", "", ""),
    ],
)
def test_a_name_is_cut_at_its_joints(given_name: str, place: str, core: str, trade: str, form: str) -> None:
    name = analysed(WORDS, given_name)
    assert (name.given, name.place, name.core, name.trade, name.form) == (given_name, place, core, trade, form)
    assert not name.is_weak or not given_name


@pytest.mark.parametrize(
    ("written", "place", "core"),
    [
        ("晴禾苏州有限公司", "苏州", "晴禾"),
        ("暖阳（苏州）社会工作服务中心", "苏州", "暖阳"),
        ("晴禾云帆江苏省有限公司", "江苏省", "晴禾云帆"),
        ("晴禾内蒙古自有限公司", "", "晴禾内蒙古自"),
        ("晴禾苏有限公司", "", "晴禾苏"),  # too short to contain a core and a place
        ("晴禾朝阳有限公司", "", "晴禾朝阳"),  # 朝阳 is a core as often as a place
        ("晴禾云帆有限公司", "", "晴禾云帆"),
    ],
)
def test_a_place_may_stand_behind_the_core(written: str, place: str, core: str) -> None:
    name = analysed(WORDS, written)
    assert (name.place, name.core) == (place, core)


@pytest.mark.parametrize(
    ("written", "codes", "region"),
    [
        ("江苏省晴禾基金会", ("320000",), 3200),
        ("苏州市晴禾基金会", ("320500",), 3205),
        ("苏州晴禾基金会", ("320500",), 3205),
        ("江苏苏州晴禾基金会", ("320500",), 3205),
        ("苏州市姑苏区晴禾基金会", ("320508",), 3205),
        ("苏州地区晴禾基金会", ("320500",), 3205),  # until 1983
        ("吴江市晴禾基金会", ("320509",), 3205),  # until 2012
        ("朝阳区晴禾基金会", ("110105", "220104"), 0),  # of Beijing or of Changchun
        ("北京市朝阳区晴禾基金会", ("110105",), 1101),
        ("苏州高新区晴禾基金会", ("320505", "3205z1"), 3205),  # 虎丘区, and the zone itself: one city
        ("晴禾基金会", (), 0),
    ],
)
def test_which_divisions_a_place_means(written: str, codes: tuple[str, ...], region: int) -> None:
    name = analysed(WORDS, written)
    assert (name.codes, name.region, name.core) == (codes, region, "晴禾")


def test_a_place_ends_where_the_next_word_does_not_lie_within_it() -> None:
    assert place_at(WORDS, "江苏省苏州市姑苏区晴禾")[0] == 9
    assert place_at(WORDS, "南京市姑苏区晴禾") == (3, ("320100",))
    assert place_at(WORDS, "苏州市南京市晴禾") == (3, ("320500",))
    assert place_at(WORDS, "姑苏晴禾") == (0, ())  # alone it may be a core
    assert place_at(WORDS, "") == (0, ())
    assert analysed(WORDS, "南京市姑苏区晴禾中心").core == "姑苏区晴禾"


@pytest.mark.parametrize(
    ("code", "outer", "expected"),
    [
        ("320508", "320500", True),
        ("320508", "320000", True),
        ("320500", "320000", True),
        ("3205z1", "320500", True),
        ("320500", "320500", False),
        ("320500", "320508", False),
        ("320106", "320500", False),
        ("320506", "320508", False),
    ],
)
def test_a_division_lies_within_another(code: str, outer: str, expected: bool) -> None:
    assert lies_within(code, outer) is expected


@pytest.mark.parametrize(
    ("written", "place", "core", "codes"),
    [
        ("安康有限公司", "", "安康", ()),
        ("朝阳社会工作服务中心", "", "朝阳", ()),
        ("安康市有限公司", "安康市", "", ("610900",)),
        ("安康晴禾有限公司", "安康", "晴禾", ("610900",)),
    ],
)
def test_a_short_place_with_no_core_behind_it_is_the_core(
    written: str, place: str, core: str, codes: tuple[str, ...]
) -> None:
    name = analysed(WORDS, written)
    assert (name.place, name.core, name.codes) == (place, core, codes)


@pytest.mark.parametrize(
    "written",
    [
        "苏州市晴禾社会工作服务中心",
        "蘇州市晴禾社會工作服務中心",
        "苏州市（晴禾）社会工作服务中心",
        "苏州市(晴禾)社会工作服务中心",
        "【苏州市】晴禾·社会工作 服务中心",
        "苏州市\u3000晴禾\t社会工作—服务中心\n",
    ],
)
def test_ways_of_writing_one_name(written: str) -> None:
    assert folded_name(WORDS, written) == "苏州市晴禾社会工作服务中心"


@pytest.mark.parametrize(
    ("written", "folded"),
    [(None, ""), ("", ""), (" ·（）", ""), ("ＡＢc１２３", "abc123"), ("A&B", "ab"), ("暖陽", "暖阳")],
)
def test_width_capitals_and_signs(written: str | None, folded: str) -> None:
    assert folded_name(WORDS, written) == folded


@pytest.mark.parametrize(
    ("written", "numbers", "core"),
    [
        ("苏州市晴禾第一养老服务中心", (1,), "晴禾"),
        ("苏州市晴禾第二养老服务中心", (2,), "晴禾"),
        ("苏州市晴禾第两养老服务中心", (2,), "晴禾"),
        ("苏州市晴禾第2养老服务中心", (2,), "晴禾"),
        ("苏州市晴禾第十养老院", (10,), "晴禾"),
        ("苏州市晴禾第十一养老院", (11,), "晴禾"),
        ("苏州市晴禾第二十三养老院", (23,), "晴禾"),
        ("苏州市晴禾第一百零二养老院", (102,), "晴禾"),
        ("苏州市晴禾第一〇二养老院", (102,), "晴禾"),
        ("苏州市晴禾第三养老院第一分公司", (3, 1), "晴禾"),
        ("苏州市第一晴禾养老院", (1,), "第1晴禾"),
        ("苏州市晴禾58科技有限公司", (58,), "晴禾58"),
        ("苏州市晴禾第养老院", (), "晴禾第"),
        ("苏州市晴禾养老院", (), "晴禾"),
    ],
)
def test_ordinals(written: str, numbers: tuple[int, ...], core: str) -> None:
    name = analysed(WORDS, written)
    assert (name.numbers, name.core) == (numbers, core)


@pytest.mark.parametrize(
    ("written", "is_weak"),
    [
        ("", True),
        ("苏州市", True),
        ("江苏省苏州市姑苏区", True),
        ("有限公司", True),
        ("社", True),
        ("社会工作服务中心", True),
        ("苏州市社工服务社", True),
        ("苏州市第一社会工作服务中心", True),
        ("苏州市禁毒协会", True),  # a trade is no core
        ("苏州市暖阳社", False),
        ("暖阳", False),
        ("安康", False),
    ],
)
def test_place_trade_and_form_alone_tell_nobody_apart(written: str, is_weak: bool) -> None:
    assert analysed(WORDS, written).is_weak is is_weak


def test_a_trade_stands_in_for_a_core_that_is_missing() -> None:
    assert cut(WORDS, "苏州市禁毒协会").key == "禁毒"
    assert cut(WORDS, "苏州市禁毒协会").core == ""
    assert cut(WORDS, "苏州市晴禾禁毒协会").key == "晴禾"


def test_trades_are_counted_by_their_canonical_word() -> None:
    one, other = analysed(WORDS, "晴禾云社工服务社"), analysed(WORDS, "晴禾云社会工作专业服务中心")
    assert one.trades == other.trades == {"社会工作"}
    assert one.families == {"social"}
    assert one.form_class == other.form_class == "service"


parts_of_names = st.sampled_from(
    ["苏州市", "苏州", "暖阳", "晴禾", "第一", "第", "社会工作", "科技", "服务中心", "公司", "·", "陽", "Ａ", "9"]
)
written_names = st.lists(parts_of_names, max_size=8).map("".join)


@often
@given(written_names)
def test_a_folded_name_stays_as_it_is(text: str) -> None:
    folded = folded_name(WORDS, text)
    assert folded_name(WORDS, folded) == folded
    assert len(analysed(WORDS, text).place) <= len(folded)


@often
@given(written_names)
def test_a_folded_name_is_taken_apart_like_the_given_one(text: str) -> None:
    one, other = analysed(WORDS, text), analysed(WORDS, folded_name(WORDS, text))
    assert (one.place, one.core, one.trade, one.form, one.numbers) == (
        other.place,
        other.core,
        other.trade,
        other.form,
        other.numbers,
    )


@pytest.mark.parametrize(
    ("written", "plainly"),
    [
        ("广元聚伟（鄂州市）文化传播有限公司", "鄂州市广元聚伟文化传播有限公司"),
        ("山东（泰州市）社工服务社", "泰州市山东社工服务社"),
        ("暖阳第一（三明市）社工服务社", "三明市暖阳第一社工服务社"),
        ("福建闻（厦门市）社工服务社", "厦门市福建闻社工服务社"),  # a word without its suffix belongs to the core
        ("江苏省暖阳（苏州市）社工服务社", "江苏省苏州市暖阳社工服务社"),
        ("苏州市（姑苏区）暖阳社工服务社", "苏州市姑苏区暖阳社工服务社"),
        ("暖阳（苏州姑苏区）社工服务社", "苏州姑苏区暖阳社工服务社"),
        ("暖阳社工服务社（苏州市）", "苏州市暖阳社工服务社"),
        ("暖阳（社工）（苏州）服务社", "苏州暖阳社工服务社"),
        ("晴禾餐饮有限公司（苏州）分公司", "晴禾餐饮有限公司苏州分公司"),
        ("暖阳（姑苏）社工服务社", "暖阳姑苏社工服务社"),  # a county without its suffix is an ordinary word
        ("暖阳（）社工服务社", "暖阳社工服务社"),
        ("暖阳（苏州社工服务社", "暖阳苏州社工服务社"),
    ],
)
def test_a_place_in_brackets_is_the_place(written: str, plainly: str) -> None:
    one, other = analysed(WORDS, written), analysed(WORDS, plainly)
    assert one._replace(given="", folded="") == other._replace(given="", folded="")
    assert one.folded == folded_name(WORDS, written.translate({ord("（"): None, ord("）"): None}))


BRACKETS = ["（）", "()", "[]", "［］", "【】", "〔〕", "{}", "<>", "〈〉", "《》", "「」", "『』"]


@often
@given(st.integers(0, 10**6), st.sampled_from(BRACKETS), st.sampled_from(["", " ", "\u3000"]))
def test_brackets_of_any_kind_say_the_same_place(seed: int, pair: str, space: str) -> None:
    made = source.Names(seed).made()
    inside = f"{made.core}{space}{pair[0]}{made.city}{pair[1]}{space}{made.trade}{made.form}"
    name, plain = analysed(WORDS, inside), analysed(WORDS, f"{made.city}{made.core}{made.trade}{made.form}")
    assert name._replace(given="", folded="") == plain._replace(given="", folded="")
    bare = inside.replace(pair[0], "").replace(pair[1], "").replace(space, "")
    assert name.folded == folded_name(WORDS, bare)
