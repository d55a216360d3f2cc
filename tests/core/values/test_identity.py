"""Codes, IDs and names (GB 32100-2015, GB 11643-1999)."""

from datetime import date

import pytest

from app.core.values.identity import (
    UnifiedSocialCreditCode,
    age_on,
    birth_date,
    masked_id,
    masked_text,
    normalised_code,
    normalised_name,
    parse_uscc,
)
from tests.making.screening_input import code, resident_id


def test_the_parts_of_a_code() -> None:
    parsed = UnifiedSocialCreditCode(code("52320508"))
    assert (parsed.department, parsed.kind, parsed.division) == ("5", "52", "320508")


@pytest.mark.parametrize("text", ["", "52320508MJ00000003", "52320508MJ0000000", "0" * 18, "5232050AMJ00000002", "无"])
def test_no_code(text: str) -> None:
    assert parse_uscc(text) is None
    with pytest.raises(ValueError, match="18 characters"):
        UnifiedSocialCreditCode(text)


@pytest.mark.parametrize(
    ("text", "name", "as_code"),
    [
        (None, "", ""),
        ("", "", ""),
        (" 苏州（晨光）　社 ", "苏州(晨光)社", ""),
        ("ａ１", "a1", "A1"),
        ("待补", "待补", ""),
        ("N/A", "N/A", ""),
        ("3205 08x", "320508x", "320508X"),
    ],
)
def test_how_names_and_codes_are_compared(text: str | None, name: str, as_code: str) -> None:
    assert normalised_name(text) == name
    assert normalised_code(text) == as_code


@pytest.mark.parametrize(
    ("text", "born"),
    [
        (resident_id("1985-03-05"), date(1985, 3, 5)),
        (resident_id("1985-02-30"), None),
        (resident_id("1985-03-05")[:-1], None),
        ("", None),
        ("32050819850305001A", None),
        ("E20508198503050018", None),
    ],
)
def test_birth_date(text: str, born: date | None) -> None:
    assert birth_date(text) == born


@pytest.mark.parametrize(
    ("day", "age"), [("2001-03-04", 15), ("2001-03-05", 16), ("2045-03-04", 59), ("2045-03-05", 60), ("1985-03-04", -1)]
)
def test_a_birthday_counts_from_its_own_day(day: str, age: int) -> None:
    assert age_on(date(1985, 3, 5), date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, None),
        ("", ""),
        ("320508198503050018", "320508********0018"),
        ("320508850305001", "320508*****5001"),
        ("E12345678", "*********"),
    ],
)
def test_masked_id(text: str | None, shown: str | None) -> None:
    assert masked_id(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("张三 320508198503050018 2016-01", "张三 320508********0018 2016-01"),
        ("320508 19850305 001X", "320508********001X"),
        ("３２０５０８１９８５０３０５００１８", "320508********0018"),
        ("320508850305001。", "320508*****5001。"),
        ("2016-01 至 2017-05", "2016-01 至 2017-05"),
        ("52320508MJ00000002", "52320508MJ00000002"),
        ("13812345678", "13812345678"),
    ],
)
def test_masked_text(text: str, shown: str) -> None:
    assert masked_text(text) == shown
