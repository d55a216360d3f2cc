"""Dates, sums, numbers and characters as Chinese documents print them."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evidence.reading.text import values
from app.evidence.reading.text.amounts import amounts, chinese_number, one_amount
from app.evidence.reading.text.characters import compact, plain, tidy
from app.evidence.reading.text.dates import find_dates, one_date
from tests.making.corpus.invented import Inventor, date_styles, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("自2014年02月01日至2018年01月31日", ["2014-02-01", "2018-01-31"]),
        ("二〇一六年五月八日", ["2016-05-08"]),
        ("二○二〇年十月三十一日", ["2020-10-31"]),
        ("二 〇 一 七 年 五 月 廿 日", ["2017-05-20"]),
        ("2016.12.12-2020.12.11", ["2016-12-12", "2020-12-11"]),
        ("201612 至 201705", ["2016-12", "2017-05"]),
        ("2016-06至2017-04", ["2016-06", "2017-04"]),
        ("２０１６年１２月", ["2016-12"]),
        ("20160101-20180228", ["2016-01-01", "2018-02-28"]),
        ("2016年2月30日", [None]),
        ("2016-2017", []),
        ("32050819900101", []),
    ],
)
def test_dates_in_every_printing(text: str, expected: list[str | None]) -> None:
    assert [f.value for f in find_dates(text)] == expected


@given(st.dates(dt.date(1990, 1, 1), dt.date(2049, 12, 31)), st.integers(0, 5))
def test_a_date_reads_back_in_each_style(day: dt.date, style: int) -> None:
    assert one_date(date_styles(day)[style]) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人民币捌万陆仟元整", "86000.00"),
        ("￥50,000.00元", "50000.00"),
        ("3.5万元人民币", "35000.00"),
        ("拾万元", "100000.00"),
        ("贰佰万元", "2000000.00"),
        ("人民币伍万元整（¥50,000.00）", "50000.00"),
        ("伍元零叁分", "5.03"),
        ("人民币壹佰零伍万叁仟元零伍角整", "1053000.50"),
        ("玖拾捌万伍仟元整", "985000.00"),
        ("1,992,000.00元", "1992000.00"),
        ("68.79万元", "687900.00"),
    ],
)
def test_sums_in_figures_and_words(text: str, expected: str) -> None:
    assert one_amount(text) == Decimal(expected)


def test_words_against_figures_are_a_persons_decision() -> None:
    assert amounts("伍万元整（60,000元）") == [Decimal(60000), Decimal(50000)]
    assert one_amount("伍万元整（60,000元）") is None
    assert values.money("伍万元整（60,000元）") == values.Read(None, False)


@given(st.integers(1, 999).map(lambda n: n * 10_000) | st.integers(1, 99).map(lambda n: n * 1000))
def test_money_words_read_back(amount: int) -> None:
    assert one_amount(words(amount)) == amount


@pytest.mark.parametrize("broken", ["伍伍", "仟万佰", "万", "拾佰", "壹万贰亿"])
def test_ill_formed_words_are_no_number(broken: str) -> None:
    assert chinese_number(broken) is None


def test_radicals_that_printing_makes_fold_back() -> None:
    assert compact("⺠办⾮企业单位 ⻩河 ⽉") == "民办非企业单位黄河月"
    assert plain("（ＡＢ）１２") == "(AB)12"
    assert tidy("苏州市（ＡＢ１２）  中心；") == "苏州市（AB12）中心；"


def test_codes_and_identity_numbers_are_proved_by_their_check_digit() -> None:
    by = Inventor(7)
    code, number = by.code(by.place()), by.resident_id()
    assert values.code(f" {code[:8]} {code[8:]} ") == values.Read(code, True)
    assert values.code(code[:-1] + ("0" if code[-1] != "0" else "1")) == values.Read(None, False)
    assert values.resident_id(number) == values.Read(number, True)
    assert values.resident_id(number[:6] + "********" + number[14:]) == values.Read(None, None)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert values.resident_id(wrong) == values.Read(None, False)
    assert values.resident_id("H1234567890").value == "H1234567890"


def test_a_character_that_runs_into_a_date_makes_it_doubtful() -> None:
    assert values.date("2014-01-2折") == values.Read(None, False)
    assert values.date("2014年1月2日（盖章）") == values.Read("2014-01-02", None)
