"""Rosters from JSON and files: versions, masked lines, and cells for manual review."""

import io

import pytest
import xlsxwriter
from fastapi import UploadFile

from app.bidders.dossiers.service import dossier_of
from app.bidders.rosters.tables import RosterLine
from app.bidders.rosters.upload import upload_roster
from app.platform.access.roles import Role
from tests.making.invented import resident_id

API = "/api/v1/organizations"
HEADINGS = (
    "姓名",
    "身份证号",
    "用工形式",
    "合同起始日期",
    "社保缴纳单位",
    "社保起始月",
    "社保截止月",
    "证书级别",
    "管理号",
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def organization(client):
    return client.as_(Role.OFFICER).post(API, json={"name": "苏州市某某社会工作服务社"}).json()["id"]


def line(number, **members):
    return {"name": f"员工{number}", "residentId": resident_id(number), "employment": "full_time", **members}


def cells(number, identity=None):
    name = "苏州市某某社会工作服务社"
    return (
        f"员工{number}",
        identity or resident_id(number),
        "全职",
        "2016-01-01",
        name,
        "2016-01",
        "2017-05",
        "助理社会工作师",
        f"2015093205080{number:05d}",
    )


def workbook(rows, sheet="花名册"):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, ["2017年专职人员花名册"])
        page.write_row(1, 0, HEADINGS)
        for number, row in enumerate(rows, 2):
            for column, value in enumerate(row):
                page.write(number, column, value)
    return buffer.getvalue()


def upload(caller, organization, data, name="花名册.xlsx"):
    return caller.post(f"{API}/{organization}/roster", files={"file": (name, data, XLSX)})


def test_lines_given_as_json_are_versions(client, organization):
    officer = client.as_(Role.OFFICER)
    address = f"{API}/{organization}/roster"
    assert officer.get(address).status_code == 404
    assert officer.put(address, json={"lines": [line(1), line(2)]}).json()["number"] == 1
    assert officer.put(address, json={"lines": [line(3)]}).json()["lineCount"] == 1
    latest, first = officer.get(address), officer.get(address, params={"number": 1})
    assert [one["line"]["name"] for one in latest.json()["lines"]] == ["员工3"]
    assert [one["line"]["name"] for one in first.json()["lines"]] == ["员工1", "员工2"]
    assert [one["number"] for one in officer.get(f"{address}/versions").json()["items"]] == [2, 1]
    assert resident_id(1) not in first.text
    assert first.json()["lines"][0]["line"]["residentId"] == f"320508********{resident_id(1)[-4:]}"


def test_two_writers_that_saw_the_same_version_do_not_both_win(client, organization):
    officer = client.as_(Role.OFFICER)
    tag = officer.get(f"{API}/{organization}").headers["etag"]
    address = f"{API}/{organization}/roster"
    assert officer.put(address, json={"lines": []}, headers={"If-Match": tag}).status_code == 200
    assert officer.put(address, json={"lines": []}, headers={"If-Match": tag}).status_code == 412


def test_equal_numbers_are_found_by_their_hash(client, organization):
    officer = client.as_(Role.OFFICER)
    officer.put(f"{API}/{organization}/roster", json={"lines": [line(1), line(2, residentId=None)]})
    with client.platform.work() as work:
        assert work.session.query(RosterLine).filter_by(resident_id_hash=resident_id(1)).count() == 1
        assert work.session.query(RosterLine).filter_by(resident_id_hash=None).count() == 1
        stored = dossier_of(work, organization)["roster"]
    assert stored == [line(1), line(2, residentId=None)]


def test_a_workbook_is_read_into_a_version(client, organization):
    officer = client.as_(Role.OFFICER)
    made = upload(officer, organization, workbook([cells(1), cells(2)]))
    assert made.status_code == 201, made.text
    assert made.json()["document"]["state"] == "extracted"
    assert (made.json()["roster"]["source"], made.json()["roster"]["lineCount"]) == ("file", 2)
    shown = officer.get(made.headers["location"]).json()
    assert shown["documentId"] == made.json()["document"]["id"]
    assert shown["lines"][0]["origin"] == {"sheet": "花名册", "row": 3, "hidden": False}
    with client.platform.work() as work:
        stored = dossier_of(work, organization)["roster"]
    assert [one["residentId"] for one in stored] == [resident_id(1), resident_id(2)]
    assert stored[0]["socialInsurance"] == [{"payer": "苏州市某某社会工作服务社", "from": "2016-01", "to": "2017-05"}]
    assert stored[0]["certificates"][0]["level"] == "assistant"


def test_the_service_uploads_a_roster_without_http(client, organization):
    file = UploadFile(io.BytesIO(workbook([cells(1), cells(2)])), filename="花名册.xlsx")
    with client.platform.work() as work:
        uploaded = upload_roster(work, organization, file)
        assert dossier_of(work, organization)["roster"][1]["residentId"] == resident_id(2)
    assert uploaded.roster is not None
    assert (uploaded.roster.line_count, uploaded.document.state, uploaded.warnings) == (2, "extracted", [])
    assert uploaded.document.organization_id == organization


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_of_any_usual_encoding_is_read(client, organization, encoding):
    text = "\n".join(",".join(row) for row in (HEADINGS, cells(1), cells(2)))
    made = upload(client.as_(Role.OFFICER), organization, text.encode(encoding), "花名册.csv")
    assert made.json()["roster"]["lineCount"] == 2
    assert made.json()["document"]["mediaType"] == "text/csv"


def test_numbers_that_lost_digits_are_named_by_their_cell_and_not_guessed(client, organization):
    officer = client.as_(Role.OFFICER)
    number = float(resident_id(2)[:17] + "0")
    made = upload(officer, organization, workbook([cells(1), cells(2, identity=number)]))
    assert (made.json()["document"]["state"], made.json()["roster"]["lineCount"]) == ("needs_review", 2)
    problem = made.json()["roster"]["problems"][0]
    assert (problem["code"], problem["sheet"], problem["cell"]) == ("id_stored_as_number", "花名册", "B4")
    lines = officer.get(f"{API}/{organization}/roster").json()["lines"]
    assert lines[1]["line"]["residentId"] is None
    assert lines[1]["line"]["name"] == "员工2"
    assert resident_id(2)[:15] not in made.text


@pytest.mark.parametrize(
    ("data", "state", "code"),
    [
        (b"", "rejected", "empty_file"),
        (b"\x00\x01\x02 nothing known", "rejected", "type_not_supported"),
        (b"PK\x03\x04 no archive", None, None),
        (workbook([]), "needs_review", "header_not_found"),
    ],
)
def test_a_file_without_a_roster_is_kept_and_said_so(client, organization, data, state, code):
    officer = client.as_(Role.OFFICER)
    officer.put(f"{API}/{organization}/roster", json={"lines": [line(1)]})
    made = upload(officer, organization, data)
    assert made.status_code == 201
    assert made.json()["roster"] is None
    document = made.json()["document"]
    assert document["state"] in ({state} if state else {"rejected", "needs_review"})
    assert code is None or code in [reason["code"] for reason in document["reasons"]]
    assert officer.get(f"/api/v1/documents/{document['id']}/content").content == data
    assert officer.get(f"{API}/{organization}/roster").json()["number"] == 1


def test_what_no_dossier_can_hold_becomes_a_problem_and_the_line_stays(client, organization):
    officer = client.as_(Role.OFFICER)
    row = ("员" * 500, *cells(1)[1:])
    made = upload(officer, organization, workbook([row]))
    assert "line_not_understood" in [problem["code"] for problem in made.json()["roster"]["problems"]]
    shown = officer.get(f"{API}/{organization}/roster").json()["lines"]
    assert "name" not in shown[0]["line"]
    assert shown[0]["line"]["employment"] == "full_time"


def test_a_resident_id_as_the_name_of_a_sheet_is_masked(client, organization):
    number, officer = resident_id(7), client.as_(Role.OFFICER)
    rows = [("员" * 500, *cells(1)[1:]), cells(2)]
    made = upload(officer, organization, workbook(rows, sheet=number))
    hidden = f"{number[:6]}********{number[-4:]}"
    assert {column["sheet"] for column in made.json()["columns"]} == {hidden}
    unread = [one for one in made.json()["roster"]["problems"] if one["code"] == "line_not_understood"]
    assert [one["sheet"] for one in unread] == [hidden]
    assert number not in made.text + officer.get(f"{API}/{organization}/roster").text


def test_five_thousand_lines(client, organization):
    officer = client.as_(Role.OFFICER)
    lines = [line(number) for number in range(5_000)]
    put = officer.put(f"{API}/{organization}/roster", json={"lines": lines})
    assert (put.status_code, put.json()["lineCount"]) == (200, 5_000)
    shown = officer.get(f"{API}/{organization}/roster").json()
    assert [one["position"] for one in shown["lines"]] == list(range(5_000))
    made = upload(officer, organization, workbook([cells(number) for number in range(5_000)]))
    assert made.json()["roster"]["lineCount"] == 5_000


@pytest.mark.sqlite_only
def test_a_wrong_line_says_where(client, organization):
    officer = client.as_(Role.OFFICER)
    lines = [line(1), line(2, contractTo="2017-02-29"), line(3, salary=1)]
    answer = officer.put(f"{API}/{organization}/roster", json={"lines": lines})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/lines/1/contractTo", "/lines/2/salary"]
    assert resident_id(2) not in answer.text


def test_a_roster_of_nobody(client, organization):
    absent = organization[:-4] + "0000"
    officer = client.as_(Role.OFFICER)
    assert upload(officer, absent, workbook([cells(1)])).status_code == 404
    assert officer.put(f"{API}/{absent}/roster", json={"lines": []}).status_code == 404


def test_an_upload_answers_what_each_column_was_taken_for(client, organization):
    text = f"姓名/Name,身份证号,用工形式,联系电话,驻点系数\n员工1,{resident_id(1)},全职,13800000000,3\n"
    answer = upload(client.as_(Role.OFFICER), organization, text.encode(), "r.csv").json()
    taken = {one["column"]: one["field"] for one in answer["columns"]}
    assert taken == {"A": "name", "B": "residentId", "C": "employment", "D": None, "E": None}
    assert [(one["code"], one["cell"]) for one in answer["warnings"]] == [("heading_not_understood", "E")]


def test_what_was_stated_but_not_read_reaches_the_dossier(client, organization):
    head = "姓名,身份证号,用工形式,合同开始日期,合同结束日期"
    text = f"{head}\n员工1,{resident_id(1)},全职,2016-01-01,2025年12月\n小计,,,,\n,,,,{resident_id(2)}\n"
    upload(client.as_(Role.OFFICER), organization, text.encode(), "r.csv")
    with client.platform.work() as work:
        dossier = dossier_of(work, organization)
    assert dossier["roster"][0]["unread"] == ["contractTo"]
    assert dossier["rosterIncomplete"] == ["row_not_read"]


def test_who_was_added_and_removed_is_counted_in_the_trail(client, organization):
    """Somebody who tries numbers one after the other leaves their count."""
    address, officer = f"{API}/{organization}/roster", client.as_(Role.OFFICER)
    for lines in ([line(1), line(2)], [line(1), line(3), line(4)], [line(1, residentId=None)]):
        assert officer.put(address, json={"lines": lines}).status_code == 200
    events = client.as_(Role.AUDITOR).get("/api/v1/audit", params={"subject": organization}).json()["items"]
    counted = [
        (one["after"]["personsAdded"], one["after"]["personsRemoved"])
        for one in events
        if one["event"] == "client:roster:add"
    ]
    assert sorted(counted) == [(0, 3), (2, 0), (2, 1)]
