"""Rows in the forms that authorities write: a row with a readable name or code is kept, and its unreadable columns are
named.
"""

from datetime import date

import pytest

from app.evidence.credit.index.importer import Library
from app.evidence.credit.lists.codes import codes_of
from app.evidence.credit.lists.dates import day_of, period_of
from app.evidence.credit.lists.entries import COLUMNS, BadRow, ListUnreadable, entries
from app.evidence.credit.lists.mapping import STANDARD, read_mapping
from app.evidence.credit.lists.sources import examine, read_rows
from tests.making.dossiers import uscc
from tests.making.screening_input import resident_id

ONE, TWO = uscc(1), uscc(2)
HEADER = ",".join(COLUMNS)


def read(directory, text, mapping=STANDARD):
    file = directory / "list"
    file.write_text(text, "utf-8")
    return list(entries(read_rows(file, examine(file), mapping)))


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01", "2026/3/1", "2026/03/01", "2026.3.1", "20260301", "2026年3月1日", "2026年03月01日", "46082", "46082.5",
        "2026-03-01 00:00:00", "2026/3/1 8:05", "2026-03-01T00:00:00Z", "２０２６－０３－０１", "二〇二六年三月一日", "2026年 3月 1日",
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written(text):
    assert day_of(text) == date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    ["03/04/2026", "2026-13-01", "2026-02-30", "2026年3月", "二〇二六年初", "26-3-1", "2026", "x", "20261301", "3.1"],
)
def test_a_day_that_needs_a_guess_is_not_read(text):
    with pytest.raises(ValueError, match=r"date|day|month"):
        day_of(text)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-01-05", "长期", (date(2024, 1, 5), None, ())),
        ("2024-01-05", "9999-12-31", (date(2024, 1, 5), None, ())),
        ("2024-01-05", "/", (date(2024, 1, 5), None, ())),
        ("/", "", (None, None, ())),
        ("2024年1月5日至2027年1月4日", "", (date(2024, 1, 5), date(2027, 1, 4), ())),
        ("2024.1.5-2027.1.4", "", (date(2024, 1, 5), date(2027, 1, 4), ())),
        ("", "2024-01-05—2027-01-04", (date(2024, 1, 5), date(2027, 1, 4), ())),
        ("自2024-01-05起至今", "", (date(2024, 1, 5), None, ())),
        ("不详", "2027-01-04", (None, date(2027, 1, 4), ("from",))),
        ("2024-01-05", "三年后", (date(2024, 1, 5), None, ("to",))),
        ("2026-05-25", "2024-01-01", (None, None, ("from", "to"))),
    ],
)
def test_the_period_of_an_entry(first, last, expected):
    assert tuple(period_of(first, last)) == expected


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        (ONE, (ONE,)), (ONE.lower(), (ONE,)), (f"统一社会信用代码：{ONE}", (ONE,)), (f"{ONE[:4]} {ONE[4:9]} {ONE[9:]}", (ONE,)),
        (f"{ONE};{TWO}", (ONE, TWO)), (f"{ONE}、{TWO}", (ONE, TWO)), (f"{ONE}\n{TWO}", (ONE, TWO)), (f"{ONE}{TWO}", (ONE, TWO)),
        (f"{ONE} / {TWO}", (ONE, TWO)), ("".join(chr(ord(one) + 0xFEE0) for one in ONE), (ONE,)), ("无", ()), ("12345678-9", ()),
    ],
)  # fmt: skip
def test_the_codes_of_a_cell(cell, codes):
    found = codes_of(cell)
    assert (found.codes, found.is_unread) == (codes, False)


def test_a_cell_that_holds_no_code_is_named_and_no_person_is_kept_in_clear():
    assert codes_of("待核实").is_unread
    number = resident_id("1980-01-02")
    for text in (number, f"身份证号：{number}", number.lower()):
        found = codes_of(text, "张三")
        assert (found.codes, number in found.other) == ((), False)


@pytest.mark.parametrize(
    "cell", [f"'{ONE}", f'="{ONE}"', f"{ONE}\u200b", f"\u202d{ONE}\u202c", f"\ufeff{ONE}", f"\u00a0{ONE}\u3000"]
)
def test_what_nobody_sees_changes_no_code(tmp_path, cell):
    quoted = cell.replace('"', '""')
    (entry,) = read(tmp_path, f'{HEADER}\n甲社工服务社,"{quoted}",,,,,,\n')
    assert (entry.code, entry.unread) == (ONE, ())


def test_two_codes_are_two_entries_of_one_line(tmp_path):
    found = read(tmp_path, f"{HEADER}\n甲社工服务社,{ONE};{TWO},,,,,,\n")
    assert [(one.id, one.code) for one in found] == [("L2", ONE), ("L2-2", TWO)]


@pytest.mark.parametrize("separator", [";", "；", "、", "，", "/", "|", "\n"])
def test_former_names_are_separated_as_people_do(tmp_path, separator):
    (entry,) = read(tmp_path, f'{HEADER}\n甲社工服务社,,"乙社工服务社{separator}丙社工服务社",,,,,\n')
    assert entry.former_names == ("乙社工服务社", "丙社工服务社")


@pytest.mark.parametrize("cell", ["{}（曾用名：{}）", "{}(原名:{})", "{}（原{}）", "{}【曾用名 {}】", "{}，曾用名：{}"])
def test_a_former_name_in_the_name_cell_is_a_second_name(tmp_path, cell):
    (entry,) = read(tmp_path, f"{HEADER}\n{cell.format('苏州甲社工服务社', '苏州乙社工服务社')},,,,,,,\n")
    assert (entry.name, entry.former_names) == ("苏州甲社工服务社", ("苏州乙社工服务社",))


@pytest.mark.parametrize(
    ("row", "unread"),
    [
        (f"甲社工服务社,{ONE},,barring,二〇二四年初,,x,d", ("from",)),
        (f"甲社工服务社,{ONE},,barring,2024-01-05", ("to",)),
        (f"甲社工服务社,{ONE},,barring,失信,拒不履行,2024-01-05,,x,d", ("from", "to")),
        (f"甲社工服务社,{ONE},,barring,2025-01-05,2024-01-05,x,d", ("from", "to")),
        (f"{'甲' * 201},{ONE},,,,,,", ("name",)),
    ],
)
def test_a_row_whose_code_can_be_read_stays(tmp_path, row, unread):
    entry, bad = read(tmp_path, f"{HEADER}\n{row}\n")
    assert (entry.code, entry.unread) == (ONE, unread)
    assert bad == BadRow(2, f"not readable: {', '.join(unread)}", is_kept=True)


@pytest.mark.parametrize(
    "header",
    [
        "序号,企业名称,统一社会信用代码（或组织机构代码）,企业地址,严重违法失信行为的具体情形,处罚（记录）日期,公布截止日期",
        "序号,被执行人姓名/名称,身份证号码/组织机构代码,执行法院,失信被执行人行为具体情形,发布时间,屏蔽时间",
        "序号,纳税人名称,纳税人识别号,注册地址,主要违法事实,公布日期,截止日期",
        "序号,社会组织名称,统一社会信用代码,登记管理机关,列入事由,列入时间,移出时间",
        "序号,主体名称,统一社会信用代码,所属地区,列入事由,列入日期,移出日期",
    ],
)
def test_the_exports_of_public_registers_are_known_by_their_header(tmp_path, header):
    title = "信息公示表,,,,,,\n导出日期：2026-05-19,,,,,,\n\n"
    rows = f"1,甲社工服务社,{ONE},苏州,失信,2024/1/5,长期\n共1条,,,,,,\n"
    (entry,) = read(tmp_path, title + header + "\n" + rows)
    assert (entry.name, entry.code, entry.first, entry.last, entry.reason) == (
        "甲社工服务社", ONE, date(2024, 1, 5), None, "失信",
    )  # fmt: skip


def test_other_separators_and_wide_headings_are_read(tmp_path):
    found = read(tmp_path, f"企业\u3000名称\t统一社会信用代码\n甲社工服务社\t{ONE}\n")
    assert [(one.name, one.code) for one in found] == [("甲社工服务社", ONE)]


def test_a_mapping_names_only_columns_that_the_file_has(tmp_path):
    mapping = read_mapping("columns: {name: 企业名称, uscc: 信用代码, to: 截止日}")
    with pytest.raises(ListUnreadable, match=r"to \(截止日\); the header is: 企业名称, 信用代码, 期限"):
        read(tmp_path, "企业名称,信用代码,期限\n甲,,\n", mapping)


def test_a_mapped_column_that_no_row_fills_is_refused_unless_it_may_be_empty(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("企业名称,信用代码\n甲社工服务社,\n", "utf-8")
    with pytest.raises(ListUnreadable, match=r"no row fills .*uscc \(信用代码\)"):
        Library(tmp_path / "a").take(file, read_mapping("columns: {name: 企业名称, uscc: 信用代码}"))
    allowed = read_mapping("columns: {name: 企业名称, uscc: 信用代码}\nmayBeEmpty: [uscc]")
    assert Library(tmp_path / "b").take(file, allowed).manifest.rows == 1


def test_an_empty_list_is_refused_unless_it_is_said_to_be_empty(tmp_path):
    (tmp_path / "list.csv").write_text(f"{HEADER}\n", "utf-8")
    with pytest.raises(ListUnreadable, match="no entry"):
        Library(tmp_path / "library").take(tmp_path / "list.csv")
    assert Library(tmp_path / "library").take(tmp_path / "list.csv", allow_empty=True).manifest.rows == 0
