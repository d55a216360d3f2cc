"""Reports contain every bidder, reason and lot of the results, and nothing that a cell could execute."""

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from rich.console import Console

from app.awarding.reports.award_reasons import award_lines
from app.awarding.reports.results import Report
from app.awarding.reports.terminal_tables import print_report
from app.awarding.reports.workbook import report_workbook
from tests.making.invented import resident_id


def reason(code: str, zh: str, en: str) -> dict[str, Any]:
    return {"code": code, "message": {"zh": zh, "en": en}, "pointer": "/roster"}


def answer(requirement: str, outcome: str, observed: int | None = None, *reasons: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": requirement,
        "outcome": outcome,
        "required": None if observed is None else 8,
        "observed": observed,
        "doubtful": None if observed is None else 1,
        "margin": None,
        "reasons": list(reasons),
        "evidence": [],
        "legalBasis": ["方案 第四部分"],
    }


def ranked(bid: str, rank: int, total: str, decided: str = "total") -> dict[str, Any]:
    return {"bid": bid, "rank": rank, "total": total, "priceScore": "9.50", "decidedBy": decided}


SCREENINGS = [
    {
        "dossier": "a",
        "organization": {"name": "=HYPERLINK(甲)", "identifier": {"id": "52320508MJ5041185L"}},
        "verdict": "eligible",
        "score": "100.0",
        "requirements": [answer("full_time_staff", "met", 9), answer("credit_record", "met")],
        "staff": [
            {"pointer": "/roster/0", "fullTime": "countable", "socialWorker": "excluded", "codes": ["no_certificate"]}
        ],
    },
    {
        "dossier": "b",
        "organization": {"name": "乙社工服务中心"},
        "verdict": "ineligible",
        "score": "85.0",
        "requirements": [
            answer("full_time_staff", "not_met", 7, reason("count_short", "专职人员不足", "too few full-time staff")),
            answer("credit_record", "undetermined", None, reason("list_missing", "缺名单", "a list is missing")),
        ],
        "staff": [],
    },
    {"dossier": "c", "error": {"code": "unknown_key", "message": "no such key", "pointer": "/x"}},
]
RANKINGS = [
    {
        "lot": "l1",
        "status": "ranked",
        "reason": None,
        "rows": [ranked("l1-a", 1, "95.00"), ranked("l1-b", 2, "92.00", "price"), ranked("l1-d", 2, "92.00", "tied")],
        "excluded": [{"bid": "l1-c", "code": "over_ceiling"}],
        "warnings": [{"code": "abnormally_low", "bid": "l1-b"}],
    },
    {
        "lot": "l2",
        "status": "failed",
        "reason": "too_few_bidders",
        "rows": [],
        "excluded": [{"bid": "l2-b", "code": "not_qualified"}],
        "warnings": [],
    },
]
AWARDS = {
    "rule": "sequential",
    "assignment": [{"lot": "l1", "bidder": "b", "bid": "l1-b"}],
    "unassigned": [{"lot": "l2", "reason": "no_ranked_bidder", "limits": []}],
    "totalScore": "92.00",
    "totalPrice": "950000.00",
}


@pytest.fixture
def report() -> Report:
    return Report(
        screenings=SCREENINGS,
        rankings=RANKINGS,
        awards=AWARDS,
        lot_names={"l1": "苏锦街道", "l2": "东渚镇"},
        bidders={f"l{lot}-{bidder}": bidder for lot in (1, 2) for bidder in "abcd"},
        bidder_names={"a": "=HYPERLINK(甲)", "b": "乙社工服务中心", "c": "丙", "d": "丁"},
        requirement_titles={"full_time_staff": "专职人员", "credit_record": "信用记录"},
        rosters={"a": [{"name": "@苏砚秋", "residentId": "320105198802102540"}]},
        prices={"l1-a": "960000.00", "l1-b": "950000.00", "l1-d": "950000.00"},
    )


def printed(report: Report, language: Any = "zh", width: int = 240) -> str:
    console = Console(width=width, file=io.StringIO(), force_terminal=False)
    print_report(console, report, language)
    return console.file.getvalue()


def sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_matrix_marks_each_outcome_and_shows_counts(report: Report) -> None:
    lines = {line.split()[0]: line for line in reversed(printed(report).splitlines()) if line.strip()}
    assert "✔ 9/8" in lines["=HYPERLINK(甲)"]
    assert "✘ 7/8" in lines["乙社工服务中心"]
    assert " ? " in lines["乙社工服务中心"]
    assert "无法读取" in lines["c"]
    assert "1.专职人员  2.信用记录" in printed(report)


def test_nothing_is_cut_on_a_narrow_terminal(report: Report) -> None:
    narrow = "".join(printed(report, width=60).split())
    assert "…" not in narrow
    assert "✘7/8" in narrow


def test_reasons_of_what_is_not_met_are_printed_in_both_languages(report: Report) -> None:
    assert "专职人员不足" in printed(report)
    assert "too few full-time staff" in printed(report, "en")
    assert "no such key" in printed(report)


def test_rankings_name_lots_exclusions_and_warnings(report: Report) -> None:
    text = printed(report)
    assert "苏锦街道" in text
    assert "丙：报价超过最高限价" in text
    assert "乙社工服务中心：报价明显偏低" in text
    assert "该单元废标" in text


def test_the_award_list_says_why(report: Report) -> None:
    won, failed = award_lines(report, "zh")
    assert (won.lot, won.winner, won.total, won.price) == ("苏锦街道", "乙社工服务中心", "92.00", "950000.00")
    assert won.reason.startswith("第2名；总分相同")
    assert won.reason.endswith("=HYPERLINK(甲)名次在前，已达中标数量上限")
    assert failed.winner is None
    assert "不足三家" in failed.reason
    assert "fewer than three" in award_lines(report, "en")[1].reason


def test_a_lot_that_limits_leave_open_names_who_is_at_the_limit(report: Report) -> None:
    awards = {**AWARDS, "assignment": [], "unassigned": [{"lot": "l1", "reason": "limits_reached", "limits": ["a"]}]}
    line = award_lines(Report(rankings=RANKINGS[:1], awards=awards, bidder_names={"a": "甲"}), "zh")[0]
    assert line.reason == "候选人均已达中标上限（甲）"


def test_under_the_optimal_rule_nobody_is_said_to_be_at_a_limit(report: Report) -> None:
    optimal = Report(rankings=RANKINGS, awards={**AWARDS, "rule": "optimal"}, bidders=report.bidders)
    assert "上限" not in award_lines(optimal, "zh")[0].reason
    assert "best overall assignment" in award_lines(optimal, "en")[0].reason


def test_without_awards_there_is_no_list(report: Report) -> None:
    assert award_lines(Report(rankings=RANKINGS), "zh") == []


def test_markup_in_a_name_is_printed_as_it_stands() -> None:
    name = "[bold]甲[/bold]"
    screening = {**SCREENINGS[0], "organization": {"name": name}}
    assert name in printed(Report(screenings=[screening]))


def test_the_workbook_has_a_sheet_for_each_part(report: Report) -> None:
    book = sheets(report_workbook(report))
    assert list(book) == ["资格筛查", "理由", "人员", "排名", "中标建议"]
    assert [row[:2] for row in book["资格筛查"]][1:] == [("a", "=HYPERLINK(甲)"), ("b", "乙社工服务中心"), ("c", "c")]
    assert book["资格筛查"][2][4] == "✘ 7/8"
    assert book["理由"][1][4:6] == ("count_short", "专职人员不足")
    assert ("苏锦街道", 2, "乙社工服务中心", 950000, 9.5, 92, "总分相同，报价低者在前") in book["排名"]
    assert book["中标建议"][2][:2] == ("东渚镇", "无")


def test_the_workbook_of_a_screening_alone_has_no_rankings() -> None:
    assert list(sheets(report_workbook(Report(screenings=SCREENINGS[1:]), "en"))) == ["Screening", "Reasons"]


def test_no_cell_is_a_formula(report: Report) -> None:
    archive = zipfile.ZipFile(io.BytesIO(report_workbook(report)))
    parts = [archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name]
    assert len(parts) == 5
    assert not any(re.search(r"<f[ >]", part) for part in parts)


def test_resident_ids_are_masked(report: Report) -> None:
    data = report_workbook(report)
    row = sheets(data)["人员"][1]
    assert row[3:5] == ("@苏砚秋", "320105********2540")
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert not any(b"19880210" in archive.read(name) for name in archive.namelist())


def test_a_resident_id_in_a_name_is_masked_unless_shown_on_request(report: Report) -> None:
    number = resident_id(7)
    named = replace(report, rosters={"a": [{"name": f"苏砚秋{number[:6]} {number[6:]}", "residentId": None}]})
    assert sheets(report_workbook(named))["人员"][1][3] == f"苏砚秋{number[:6]} ********{number[-4:]}"
    shown = sheets(report_workbook(replace(named, unmask=True)))["人员"][1][3]
    assert shown == f"苏砚秋{number[:6]} {number[6:]}"


def test_the_same_results_give_the_same_bytes(report: Report) -> None:
    assert report_workbook(report) == report_workbook(report)


def test_a_text_longer_than_a_cell_is_cut_not_lost() -> None:
    long = {"dossier": "x", "error": {"code": "c", "message": "长" * 40_000, "pointer": ""}}
    assert len(sheets(report_workbook(Report(screenings=[long])))["理由"][1][5]) == 32_767


def test_result_lines_alone_make_a_workbook() -> None:
    book = report_workbook(Report(screenings=SCREENINGS, requirement_titles={"full_time_staff": "专职人员"}))
    assert sheets(book)["资格筛查"][0] == ("档案", "投标人", "结论", "得分", "专职人员", "credit_record")


def test_resident_ids_are_shown_whole_on_request(report: Report) -> None:
    assert sheets(report_workbook(replace(report, unmask=True)))["人员"][1][4] == "320105198802102540"
