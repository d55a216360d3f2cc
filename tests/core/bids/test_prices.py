"""Sums as people write them, and which of several statements is the price (财政部令第87号 第五十九条)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.bids.prices import Inconsistency, Line, PriceForm, Said, confirmed, read_price
from app.core.values.money_words import Stated, read_amount, whole_number


@pytest.mark.parametrize(
    "text",
    ["人民币玖拾捌万伍仟元整", "98.5万元", "985,000.00元", "985000", "￥985,000.00", "９８５０００元", "人民币：985000元整",
     "玖拾捌万伍仟圆正", "玖拾捌萬伍仟零佰零拾零元整", "九十八万五千", " 98.5 万 元 ", "RMB985000.000"],
)  # fmt: skip
def test_one_price_however_it_is_written(text):
    assert read_amount(text).amount == Decimal("985000.00")


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("伍元零叁分", "5.03"), ("伍元叁分", "5.03"), ("伍元叁角整", "5.30"), ("叁角", "0.30"), ("拾伍元", "15"),
        ("壹佰零伍元", "105"), ("壹万零伍元整", "10005"), ("壹亿零伍元", "100000005"), ("壹万贰仟亿元", "1200000000000"),
        ("玖拾捌万零伍佰元", "980500"), ("伍佰万零壹", "5000001"), ("伍元肆角叁分", "5.43"), ("两万元", "20000"), ("五", "5"),
        ("1.5亿元", "150000000"), ("壹仟零壹拾", "1010"),
    ],
)  # fmt: skip
def test_words_and_figures(text, yuan):
    assert read_amount(text).amount == Decimal(yuan)


@pytest.mark.parametrize("text", ["0.000000", "", None, "0元", "零元整", "/", "—", "无", "0万元"])
def test_a_zero_is_never_a_price(text):
    assert read_amount(text).status is Stated.NOT_STATED


@pytest.mark.parametrize(
    "text",
    ["一万五", "壹仟伍", "壹仟零零伍元", "壹亿万", "万", "亿", "整", "元", "98万5000元", "12,34元", "1e5", "NaN", "-5元", "+5", "壹仟拾元",
     "壹佰拾伍", "壹万拾伍元", "壹仟零拾伍元", "佰元", "壹佰肆角", "1,000.005元", "9999999999999999元", "零万元", "零亿", "壹亿伍",
     "壹" * 90, "9" * 90, "伍角玖", "985000元或986000元", "٣٤٥", "壹万壹万"],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_not_at_all_is_not_read(text):
    assert read_amount(text).status is Stated.UNREADABLE


def test_a_unit_from_the_head_of_a_table():
    wan = Decimal(10_000)
    assert read_amount("98.5", wan).amount == 985_000
    assert read_amount("985000元", wan).amount == 985_000, "a text with its own unit is read as it says"
    assert read_amount("0.000000", wan).status is Stated.NOT_STATED


DIGITS = "零壹贰叁肆伍陆柒捌玖"


def spoken(number):
    """Write an integer below 10^12 as banks do, independently of the parser."""
    groups, text, gap = [], "", False
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(text)
            continue
        part = ""
        for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
            digit = group // unit % 10
            if digit:
                part += ("零" if gap else "") + DIGITS[digit] + name
                gap = False
            else:
                gap = bool(text or part)
        text += part + ("", "万", "亿")[place]
        gap = gap and bool(groups[:place])
    return text


@given(st.integers(1, 999_999_999_999))
def test_every_number_written_by_the_rules_is_read_back(number):
    assert whole_number(spoken(number)) == number
    assert read_amount(f"人民币{spoken(number)}元整").amount == number


@given(st.integers(1, 10**11), st.integers(0, 9), st.integers(0, 9))
def test_words_and_figures_with_jiao_and_fen_agree(yuan, jiao, fen):
    words = f"{spoken(yuan)}元"
    words += f"{DIGITS[jiao]}角" if jiao else ("零" if fen else "")
    words += f"{DIGITS[fen]}分" if fen else ""
    assert read_amount(words).amount == read_amount(f"{yuan:,}.{jiao}{fen}元").amount


@given(st.text("零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整0123456789.,", max_size=20))
def test_nothing_breaks_it(text):
    found = read_amount(text)
    assert (found.amount is not None) == (found.status is Stated.STATED)
    assert whole_number(text) is None or whole_number(text) >= 0


def test_no_ascii_in_words():
    assert whole_number("1万") is None


SHEET = Said("玖拾捌万元整", "980000.00")


@pytest.mark.parametrize(
    ("form", "price", "rules", "why"),
    [
        (PriceForm(SHEET), "980000", [], "all agree"),
        (PriceForm(SHEET, Said(figures="98万元")), "980000", [], "the bid says the same"),
        (PriceForm(SHEET, Said(figures="970000")), "980000", ["opening_sheet_prevails"], "(1)"),
        (PriceForm(Said("玖拾捌万元整", "890000")), "980000", ["words_prevail"], "(2)"),
        (PriceForm(Said("玖拾捌万元整", "看不清")), "980000", [], "figures that cannot be read contradict nothing"),
        (PriceForm(Said("玖拾捌万元整", "890000"), Said(figures="1")), "980000",
         ["opening_sheet_prevails", "words_prevail"], "(1) before (2)"),
        (PriceForm(bid=Said("玖拾捌万元整", "890000")), "980000", ["words_prevail"], "no opening sheet"),
        (PriceForm(Said(figures="98", unit=Decimal(10_000))), "980000", [], "the table counts in 万元"),
        (PriceForm(SHEET, lines=(Line(Decimal(12), Decimal(50_000)), Line(Decimal(1), Decimal(380_000)))), "980000", [], "sum"),
        (PriceForm(SHEET, lines=(Line(Decimal(12), Decimal(5_000)), Line(Decimal(1), Decimal(380_000)))), "980000",
         ["unit_price_decimal_slip"], "(3)"),
        (PriceForm(SHEET, lines=(Line(Decimal(12), Decimal(50_100)), Line(Decimal(1), Decimal(380_000)))), "981200.00",
         ["unit_prices_prevail"], "(4)"),
        (PriceForm(SHEET, lines=(Line(Decimal(0), Decimal(5)), Line(Decimal(3), Decimal("0.335")))), "1.01",
         ["unit_prices_prevail"], "whole fen, half up"),
    ],
)  # fmt: skip
def test_the_order_of_correction(form, price, rules, why):
    found = read_price(form)
    assert found.price == Decimal(price), why
    assert [one.rule for one in found.corrections] == rules
    assert found.needs_confirmation is bool(rules)
    assert confirmed(found, by_bidder=True) == found.price
    assert confirmed(found, by_bidder=False) == (None if rules else found.price)


def test_a_slip_names_its_line_and_its_unit_price_where_only_one_can_be_meant():
    lines = (Line(Decimal(12), Decimal(5_000)), Line(Decimal(1), Decimal(380_000)))
    slip = read_price(PriceForm(SHEET, lines=lines)).corrections[0]
    assert (slip.line, slip.stated, slip.corrected) == (0, 5_000, 50_000)
    twins = (Line(Decimal(1), Decimal(10)), Line(Decimal(1), Decimal(10)))
    unclear = read_price(PriceForm(Said(figures="110"), lines=twins))
    assert (unclear.price, unclear.corrections[0].rule, unclear.corrections[0].line) == (
        110,
        Inconsistency.DECIMAL_SLIP,
        None,
    )


@pytest.mark.parametrize(
    ("form", "status"),
    [
        (PriceForm(), Stated.NOT_STATED),
        (PriceForm(Said(figures="0.000000")), Stated.NOT_STATED),
        (PriceForm(Said("一万五", "15000")), Stated.UNREADABLE),
        (PriceForm(Said(figures="大概一百万吧")), Stated.UNREADABLE),
        (PriceForm(lines=(Line(Decimal(1), Decimal(5)),)), Stated.UNREADABLE),
        (PriceForm(lines=(Line(Decimal(1), Decimal(0)),)), Stated.NOT_STATED),
    ],
)
def test_what_prevails_and_cannot_be_read_is_never_replaced_by_a_guess(form, status):
    found = read_price(form)
    assert (found.status, found.price) == (status, None)
