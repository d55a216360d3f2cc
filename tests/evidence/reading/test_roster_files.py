"""Rosters as bidders submit them: titles, merged and two-level headings, hidden rows, lost digits, encodings, spans,
DOCX, PDF.
"""

import datetime as dt
import io
from typing import Any

import docx
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from app.bidders.rosters.template import roster_template
from app.evidence.reading.extraction import extract
from app.evidence.reading.rosters.headers import Role, classify
from app.evidence.reading.rosters.importer import read_roster, roster_incomplete, roster_lines
from tests.making.corpus.drawing import Paper, as_pdf
from tests.making.corpus.invented import Inventor
from tests.making.corpus.papers import _table

BY = Inventor(31)
IDS = [BY.resident_id() for _ in range(6)]


def _xlsx(
    rows: list[list[Any]],
    merges: tuple[str, ...] = (),
    hidden: tuple[int, ...] = (),
    more: dict[str, list[list[Any]]] | None = None,
) -> bytes:
    book = Workbook()
    for number, (title, lines) in enumerate([("花名册", rows), *(more or {}).items()]):
        sheet = book.active if number == 0 else book.create_sheet(title)
        sheet.title = title
        for row in lines:
            sheet.append(row)
        if number == 0:
            for place in merges:
                sheet.merge_cells(place)
            for row in hidden:
                sheet.row_dimensions[row].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("*姓名", Role.NAME),
        ("身份证号码（18位）", Role.RESIDENT_ID),
        ("证件类型", None),
        ("是否为专职", Role.IS_FULL_TIME),
        ("专/兼职", Role.EMPLOYMENT),
        ("入职日期", Role.CONTRACT_FROM),
        ("合同期限起", Role.CONTRACT_FROM),
        ("劳动合同期限", Role.CONTRACT_SPAN),
        ("合同到期时间", Role.CONTRACT_TO),
        ("参保截止年月", Role.INSURED_TO),
        ("社保起止", Role.INSURED_SPAN),
        ("社会保险缴纳单位", Role.PAYER),
        ("是否缴纳社保", Role.IS_INSURED),
        ("职称", Role.LEVEL),
        ("社工证管理号", Role.NUMBER),
        ("取得时间", Role.APPROVED_ON),
        ("证书有效期", None),
        ("联系人姓名", None),
        ("联系电话", None),
    ],
)
def test_headings_in_many_wordings(heading: str, role: Role | None) -> None:
    assert classify(heading) is role


def test_two_level_headings_merged_cells_titles_and_totals() -> None:
    rows = [
        ["某某中心花名册", *[None] * 9],
        ["序号", "部门", "姓名", "身份证号", "聘用方式", "劳动合同", None, "社会保险", None, None],
        [None, None, None, None, None, "起始日期", "终止日期", "缴纳单位", "起始年月", "截止年月"],
        [1, "一部", "甲某", IDS[0], "专职", dt.date(2016, 2, 1), "无固定期限", "某某中心", "2016年12月", "2017.05"],
        [2, None, "乙某", IDS[1], "退休返聘", "2016/3/1", "2019年2月28日", "某某中心", 201612, "2017-05"],
        ["合计：2人", *[None] * 9],
        ["填表人：　　审核人：", *[None] * 9],
    ]
    merges = ("A1:J1", "F2:G2", "H2:J2", "A2:A3", "C2:C3", "B4:B5")
    roster = read_roster(_xlsx(rows, merges), "r.xlsx")
    assert roster.problems == () and [r["row"] for r in roster.rows] == [4, 5]
    first, second = roster.lines
    assert first == {
        "name": "甲某", "residentId": IDS[0], "employment": "full_time", "contractFrom": "2016-02-01", "contractTo": None,
        "socialInsurance": {"payer": "某某中心", "from": "2016-12", "to": "2017-05"}, "columns": {"部门": "一部"},
    }  # fmt: skip
    assert (second["employment"], second["contractTo"], second["socialInsurance"]["from"]) == (
        "rehired",
        "2019-02-28",
        "2016-12",
    )
    assert roster.rows[1]["extra"] == {"部门": "一部"}


def test_a_number_that_lost_digits_is_null_and_its_cell_named() -> None:
    rows = [
        ["姓名", "身份证号", "岗位", "管理号", "职称"],
        ["甲某", float(IDS[0][:15] + "000"), "社工", 201612345678901248.0, "社会工作师"],
        ["乙某", IDS[1], "社工", "2016", ""],
    ]
    roster = read_roster(_xlsx(rows), "r.xlsx")
    assert [(p.code, p.cell) for p in roster.problems] == [
        ("id_stored_as_number", "B2"),
        ("number_stored_as_number", "D2"),
    ]
    assert roster.rows[0]["residentId"] is None and roster.rows[0]["certificates"][0]["number"] is None
    assert IDS[0][:6] not in str(roster.problems)
    saved = read_roster("姓名,身份证号,岗位\n甲某,3.20508E+17,社工\n".encode(), "r.csv")
    assert [p.code for p in saved.problems] == ["id_stored_as_number"]


def test_hidden_rows_and_further_sheets_are_kept_and_marked() -> None:
    head = ["姓名", "证件号码", "用工形式"]
    data = _xlsx(
        [head, ["甲某", IDS[0], "全职"], ["乙某", IDS[1], "实习"]],
        hidden=(3,),
        more={"说明": [["请如实填写"]], "二部": [head, ["丙某", IDS[2], "劳务派遣"]]},
    )
    roster = read_roster(data, "r.xlsx")
    assert [(r["name"], r.get("hidden", False), r["sheet"]) for r in roster.rows] == [
        ("甲某", False, "花名册"),
        ("乙某", True, "花名册"),
        ("丙某", False, "二部"),
    ]
    assert [s["lines"] for s in roster.sheets] == [2, 0, 1]
    assert set(roster_lines(roster.rows)[1]) == {"name", "residentId", "employment"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_csv(encoding: str) -> None:
    head = "人员名单,,,\n姓名,身份证号码,是否全职,合同起止\n"
    text = f"{head}田䶮,{IDS[0]},否,2015.08.01-2018.07.31\n王某,{IDS[1].lower()},是,2016-01-01至无固定期限\n"
    roster = read_roster(text.encode(encoding), "r.csv")
    assert [(r["name"], r["employment"], r["contractFrom"], r["contractTo"]) for r in roster.rows] == [
        ("田䶮", "part_time", "2015-08-01", "2018-07-31"),
        ("王某", "full_time", "2016-01-01", None),
    ]
    assert roster.rows[1]["residentId"] == IDS[1]


def test_what_cannot_be_understood_is_named_not_guessed() -> None:
    rows = [
        ["姓名", "身份证号", "用工形式", "入职日期", "社工证", "社保起止"],
        ["甲某", IDS[0], "神秘", "2016年3月", "很高", "2016"],
    ]
    roster = read_roster(_xlsx(rows), "r.xlsx")
    assert {p.code for p in roster.problems} == {
        "employment_unknown",
        "date_without_day",
        "level_unknown",
        "span_not_understood",
    }
    assert roster.rows[0]["employment"] is None and roster.rows[0]["contractFrom"] is None


def test_other_professions_are_no_social_worker_certificate() -> None:
    rows = [
        ["姓名", "身份证号", "职称", "证书编号"],
        ["甲某", IDS[0], "中级会计师", "KJ1"],
        ["乙某", IDS[1], "助理社会工作师", "2016123456789"],
        ["丙某", IDS[2], "无", ""],
    ]
    lines = read_roster(_xlsx(rows), "r.xlsx").lines
    assert [[c["level"] for c in line["certificates"]] for line in lines] == [[], ["assistant"], []]


def test_the_template_reads_back() -> None:
    book = load_workbook(io.BytesIO(roster_template()))
    staff = [1, "甲某", IDS[0], "社工", "全职"]
    insured = ["2016-01-01", "2019-12-31", "某某中心", "2016-12", "2017-05"]
    book.active.append([*staff, *insured, "社会工作师", "2015123456789", "2015-06-01", ""])
    buffer = io.BytesIO()
    book.save(buffer)
    roster = read_roster(buffer.getvalue(), "t.xlsx")
    assert roster.problems == () and roster.lines[0]["certificates"][0]["approvedOn"] == "2015-06-01"


def test_a_table_in_a_word_document_is_a_roster() -> None:
    document = docx.Document()
    document.add_paragraph("员工名单")
    table = document.add_table(rows=2, cols=3)
    for place, text in zip(
        (*table.rows[0].cells, *table.rows[1].cells),
        ("姓名", "身份证号", "用工形式", "甲某", IDS[0], "兼职"),
        strict=True,
    ):
        place.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    record = extract(buffer.getvalue(), "list.docx").as_json()
    assert (record["kind"], record["status"]) == ("roster", "extracted")
    assert roster_lines(record["rows"]) == ({"name": "甲某", "residentId": IDS[0], "employment": "part_time"},)


def test_a_printed_roster_is_read_from_its_table() -> None:
    paper = Paper(842, 595)
    paper.centred(40, 18, "某某中心员工花名册")
    head = ("序号", "姓名", "身份证号码", "岗位", "用工形式", "入职日期", "社工证", "管理号")
    body = [
        (str(n + 1), BY.person(), number, "社工", "全职", "2016-03-01", "社会工作师", BY.number(2015))
        for n, number in enumerate(IDS)
    ]
    _table(paper, (40, 75, 135, 260, 320, 380, 450, 540, 680), 90, [head, *body], ruled=True)
    record = extract(as_pdf([paper]), "r.pdf").as_json()
    assert (record["kind"], record["status"], len(record["rows"])) == ("roster", "extracted", 6)
    assert [r["residentId"] for r in record["rows"]] == IDS and all(
        r["certificates"][0]["level"] == "intermediate" for r in record["rows"]
    )


def test_five_thousand_lines_are_all_there() -> None:
    text = "姓名,身份证号,用工形式\n" + "".join(f"甲{n},{IDS[n % 6]},全职\n" for n in range(5000))
    assert len(read_roster(text.encode(), "big.csv").rows) == 5000


def test_the_record_of_a_sheet_has_every_part_of_a_record() -> None:
    record = extract("姓名,身份证号,用工形式\n张三,,全职\n".encode(), "roster.csv").as_json()
    assert record["groups"] == [{"group": 0, "kind": "roster", "page": 1}]
    assert record["provenance"] == {"producer": None, "author": None, "createdAt": None, "signature": None, "qr": []}


HEAD = ["姓名", "身份证号", "用工形式", "合同开始日期", "合同结束日期", "社保缴纳单位", "社保起始月", "社保截止月"]


def _person(number: int, **changed: Any) -> list[Any]:
    values = dict(
        zip(
            HEAD,
            [f"员工{number}", IDS[number], "全职", "2023-01-01", "2027-12-31", "某某中心", "2023-01", "2026-05"],
            strict=True,
        )
    )
    return [
        *(values | {k: v for k, v in changed.items() if k in HEAD}).values(),
        *(v for k, v in changed.items() if k not in HEAD),
    ]


@pytest.mark.parametrize(
    "end",
    [
        "2025年12月",
        "已到期",
        "2025-02-30",
        "25.12.31",
        "2025年底",
        "见合同",
        "2025-12-31前",
        "#REF!",
        "=B2",
        "合同在办",
    ],
)
def test_an_end_that_is_written_and_not_read_is_never_an_open_contract(end: str) -> None:
    roster = read_roster(_xlsx([HEAD, _person(0, 合同结束日期=end), _person(1)]), "r.xlsx")
    assert roster.rows[0]["contractTo"] is None and roster.rows[0]["unread"] == ["contractTo"]
    assert [p.cell for p in roster.problems] == ["E2"] and "unread" not in roster.rows[1]


@pytest.mark.parametrize("end", ["无固定期限", "长期", "无固定期限劳动合同", "至法定退休年龄", None, ""])
def test_open_ends_are_read(end: str | None) -> None:
    roster = read_roster(_xlsx([HEAD, _person(0, 合同结束日期=end)]), "r.xlsx")
    assert roster.rows[0]["contractTo"] is None and "unread" not in roster.rows[0] and roster.problems == ()


@pytest.mark.parametrize(
    ("heading", "said", "unread", "employment"),
    [
        ("在职状态", "已离职", ["contractTo"], "full_time"),
        ("是否在职", "否", ["contractTo"], "full_time"),
        ("是否离职", "是", ["contractTo"], "full_time"),
        ("人员状态", "在职", None, "full_time"),
        ("是否劳务派遣", "是", ["employment"], None),
        ("是否劳务派遣", "否", None, "full_time"),
        ("人员类别", "兼职", ["employment"], None),
        ("人员类别", "管理人员", None, "full_time"),
        ("是否专职", "否", ["employment"], None),
        ("社保状态", "停保", ["socialInsurance"], "full_time"),
        ("是否参保", "是", None, "full_time"),
        ("备注", "2026年3月已离职", ["employment"], "full_time"),
        ("备注", "优秀员工", None, "full_time"),
    ],
)
def test_what_further_columns_say_is_not_dropped(heading: str, said: str, unread: Any, employment: Any) -> None:
    roster = read_roster(_xlsx([[*HEAD, heading], _person(0, more=said)]), "r.xlsx")
    assert (roster.rows[0].get("unread"), roster.rows[0]["employment"]) == (unread, employment)


def test_a_day_of_leaving_ends_the_contract() -> None:
    roster = read_roster(_xlsx([[*HEAD, "离职日期"], _person(0, more="2026-03-31"), _person(1, more="")]), "r.xlsx")
    assert [r["contractTo"] for r in roster.rows] == ["2026-03-31", "2027-12-31"] and roster.problems == ()
    sheets = read_roster(_xlsx([HEAD, _person(0)], more={"离职人员": [HEAD, _person(1)]}), "r.xlsx")
    assert [r.get("unread") for r in sheets.rows] == [None, ["contractTo"]]


def test_lists_side_by_side_and_sheets_without_headings_are_read_or_named() -> None:
    two_up = read_roster(
        _xlsx([["序号", *HEAD, "序号", *HEAD], [1, *_person(0), 3, *_person(2)], [2, *_person(1), None]]), "r.xlsx"
    )
    assert [r["name"] for r in two_up.rows] == ["员工0", "员工2", "员工1"] and two_up.problems == ()
    further = read_roster(_xlsx([HEAD, _person(0)], more={"二": [_person(1), _person(2)]}), "r.xlsx")
    assert [r["name"] for r in further.rows] == ["员工0", "员工1", "员工2"] and further.problems == ()
    other = read_roster(_xlsx([HEAD, _person(0)], more={"二": [["甲", "乙", IDS[1]]]}), "r.xlsx")
    assert [p.code for p in other.problems] == ["sheet_without_header"]
    assert roster_incomplete([{"code": p.code} for p in other.problems]) == ["sheet_without_header"]


def test_ditto_marks_quotes_and_unseen_characters() -> None:
    rows = [
        HEAD,
        _person(0),
        _person(1, 社保缴纳单位="同上"),
        _person(2, 社保缴纳单位="〃", 身份证号=f"'{IDS[2]}"),
        _person(3, 社保缴纳单位="某某\u200b中心\ufeff"),
    ]
    roster = read_roster(_xlsx(rows), "r.xlsx")
    assert {r["socialInsurance"]["payer"] for r in roster.rows} == {"某某中心"} and roster.problems == ()
    quoted = read_roster(f'姓名,身份证号,岗位\n甲某,"=""{IDS[0]}""",社工\n'.encode(), "r.csv")
    assert quoted.rows[0]["residentId"] == IDS[0]
    first = read_roster(_xlsx([HEAD, _person(0, 社保缴纳单位="同上")]), "r.xlsx")
    assert first.rows[0]["unread"] == ["socialInsurance"]


def test_a_stray_cell_far_out_does_not_cost_the_sheet() -> None:
    book = Workbook()
    for row in (HEAD, _person(0)):
        book.active.append(row)
    book.active["B1048576"], book.active["XFD2"] = "x", "y"
    buffer = io.BytesIO()
    book.save(buffer)
    roster = read_roster(buffer.getvalue(), "r.xlsx")
    assert [r["name"] for r in roster.rows] == ["员工0"] and [p.code for p in roster.problems] == ["cells_not_read"]


def test_day_numbers_count_from_the_epoch_of_the_workbook() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (HEAD, _person(0, 合同开始日期=43465, 合同结束日期=45290)):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    line = read_roster(buffer.getvalue(), "r.xlsx").rows[0]
    assert (line["contractFrom"], line["contractTo"]) == ("2023-01-01", "2027-12-31")


def test_one_broken_byte_costs_one_cell_and_is_named() -> None:
    rows = "\n".join(",".join(map(str, _person(n))) for n in range(6))
    data = f"{','.join(HEAD)}\n{rows}\n".encode()
    at = data.index("员工3".encode())
    roster = read_roster(data[:at] + b"\xff" + data[at + 1 :], "r.csv")
    assert len(roster.rows) == 6 and [p.code for p in roster.problems] == ["character_lost"]
    assert roster.rows[3]["unread"] == ["name"] and roster.rows[3]["name"] is None
    assert [p.code for p in read_roster(b"\xff\xfe" + data, "r.csv").problems] == ["encoding"]


def test_an_identity_number_typed_as_text_is_what_it_says() -> None:
    roster = read_roster(
        _xlsx([["姓名", "身份证号", "岗位"], ["甲某", IDS[0][:15] + "000", "社工"], ["沈𠮷夏", IDS[1], "社工"]]),
        "r.xlsx",
    )
    assert roster.rows[0]["residentId"] == IDS[0][:15] + "000" and roster.rows[1]["name"] == "沈𠮷夏"


def test_a_level_only_applied_for_is_none() -> None:
    rows = [["姓名", "身份证号", "职业水平"], ["甲某", IDS[0], "已报考助理社会工作师"], ["乙某", IDS[1], "社会工作师"]]
    roster = read_roster(_xlsx(rows), "r.xlsx")
    assert [r["certificates"] for r in roster.rows] == [
        [],
        [{"kind": "social_worker", "level": "intermediate", "number": None}],
    ]
