"""Credit lists over HTTP: snapshots, matches, judgements, and their effect on a screening."""

import gzip
import json
import shutil

import openpyxl
import pytest

from app.evidence.credit.holding import library
from app.evidence.credit.tables import CreditSnapshot
from app.platform.access.roles import Role
from tests.making.dossiers import uscc

HEADER = "name,uscc,former_names,kind,from,to,reason,document\n"
BARRED = uscc(1)
LIST = (
    HEADER
    + f"苏州市星海晨光社会工作服务社,{BARRED},,barring,2016-01-01,,失信,（2016）苏0508执1号\n"
    + "苏州市彩虹桥畔社工事务所,,苏州市虹桥社工事务所,barring,2016-01-01,2017-03-01,失信,（2016）苏0508执2号\n"
    + "泰州宏图伟业中心,,,barring,,,失信,（2016）苏0508执3号\n"
)
MATCH = "/api/v1/credit/match"


def put(client, content, name="court-dishonest", **fields):
    data = {"retrievedAt": "2017-05-20", **fields}
    content = content.encode() if isinstance(content, str) else content
    address = f"/api/v1/credit-lists/{name}/snapshots"
    return client.as_(Role.CLIENT).post(address, files={"file": ("list.csv", content)}, data=data)


def ask(client, as_of="2017-05-31", **queries):
    answer = client.as_(Role.CLIENT).post(MATCH, json={"asOf": as_of, "queries": queries})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def test_a_snapshot_tells_where_it_came_from_and_what_it_holds(client):
    made = put(client, LIST + "坏行,x\n,,,,2016-01-01,,失信,\n", source="执行信息公开网", coverage="全国")
    assert made.status_code == 201
    shown = made.json()
    assert (shown["rows"], shown["badRows"], shown["unreadRows"], shown["complete"]) == (4, 1, 1, False)
    assert (shown["source"], shown["coverage"], shown["retrievedAt"]) == ("执行信息公开网", "全国", "2017-05-20")
    assert client.as_(Role.AUDITOR).get(made.headers["location"]).json() == shown
    report = client.as_(Role.AUDITOR).get(f"/api/v1/credit-snapshots/{shown['id']}/bad-rows").json()
    assert [(one["line"], one["kept"], one["accepted"]) for one in report] == [(5, True, False), (6, False, False)]


def test_the_same_list_twice_is_one_snapshot_and_a_new_one_leaves_the_old(client):
    first, again = put(client, LIST).json(), put(client, LIST).json()
    assert first["id"] == again["id"]
    put(client, LIST + "无锡某某中心,,,barring,,,,\n", retrievedAt="2017-05-25")
    listed = client.as_(Role.AUDITOR).get("/api/v1/credit-lists/court-dishonest/snapshots").json()["items"]
    assert [one["rows"] for one in listed] == [4, 3]
    lists = client.as_(Role.AUDITOR).get("/api/v1/credit-lists").json()
    assert [(one["name"], one["newest"]["rows"]) for one in lists] == [("court-dishonest", 4)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"title\nx\n",
        b"\xff\xfe\x00",
        HEADER.encode() + b'"open,,,,,,,\n',
        "编号,代码\n甲,乙\n".encode(),
        HEADER.encode(),
    ],
)
def test_a_file_that_is_no_list_leaves_the_old_snapshot_in_force(client, content):
    kept = put(client, LIST).json()["id"]
    refused = put(client, content, retrievedAt="2017-05-25")
    assert refused.status_code == 422
    assert refused.json()["code"] == "credit_list_unreadable"
    lists = client.as_(Role.AUDITOR).get("/api/v1/credit-lists").json()
    assert lists[0]["newest"]["id"] == kept


def test_hits_are_by_code_and_candidates_by_name(client):
    put(client, LIST)
    found = ask(
        client,
        code={"uscc": BARRED},
        name={"name": "苏州星海晨光社工服务社"},
        clear={"name": "苏州市百川汇聚社工事务所", "uscc": uscc(2)},
        little={"name": "社会工作服务中心"},
        long={"name": "苏" * 10_000},
    )
    assert {key: one["status"] for key, one in found.items()} == {
        "code": "hit",
        "name": "candidate",
        "clear": "clear",
        "little": "insufficient",
        "long": "insufficient",
    }
    assert found["code"]["hits"][0]["rule"] == "uscc"
    candidate = found["name"]["candidates"][0]
    assert candidate["score"] >= 0.75
    assert {one["feature"] for one in candidate["explanations"]} == {"core", "place", "trade", "legal_form"}
    assert found["long"]["error"]["code"] == "name_too_long"


def test_an_entry_counts_while_it_is_in_force(client):
    put(client, LIST)
    asked = {"name": "苏州市彩虹桥畔社工事务所"}
    assert ask(client, "2017-03-01", q=asked)["q"]["status"] == "candidate"
    assert ask(client, "2017-03-02", q=asked)["q"]["status"] == "clear"
    former = ask(client, "2017-03-01", q={"name": "苏州市虹桥社工事务所"})["q"]["candidates"][0]
    assert "former_name" in {one["feature"] for one in former["explanations"]}


def test_a_judgement_is_remembered_and_can_be_revised(client):
    snapshot = put(client, LIST).json()["id"]
    who = {"name": "苏州市星海晨光社会工作服务社", "uscc": uscc(9)}
    found = ask(client, q=who)["q"]
    assert found["status"] == "candidate"
    said = {
        "snapshotId": snapshot,
        "entryId": found["candidates"][0]["entryId"],
        "organization": who,
        "reason": "登记机关不同",
        "person": "某某",
    }
    officer = client.as_(Role.OFFICER)
    first = officer.post("/api/v1/judgements", json={**said, "judgement": "different"})
    assert first.status_code == 201
    assert ask(client, q=who)["q"]["status"] == "clear"
    put(client, LIST + "无锡某某中心,,,barring,,,,\n", retrievedAt="2017-05-25")  # kept across snapshots
    assert ask(client, q=who)["q"]["status"] == "clear"
    second = officer.post("/api/v1/judgements", json={**said, "judgement": "same"})
    assert second.json()["supersedes"] == first.json()["id"]
    assert ask(client, q=who)["q"]["hits"][0]["rule"] == "judgement"
    assert client.as_(Role.CLIENT).post("/api/v1/judgements", json={**said, "judgement": "same"}).status_code == 403


def test_large_and_binary_files_are_imported_by_a_job(client, tmp_path):
    book = openpyxl.Workbook()
    for row in [line.split(",") for line in LIST.splitlines()]:
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    taken = put(client, (tmp_path / "list.xlsx").read_bytes())
    assert taken.status_code == 202
    assert taken.json()["state"] == "importing"
    assert ask(client, q={"uscc": BARRED})["q"]["status"] == "clear"
    assert client.run_jobs() == 1
    shown = client.as_(Role.AUDITOR).get(taken.headers["location"]).json()
    assert (shown["state"], shown["rows"], shown["fault"]) == ("ready", 3, None)
    assert ask(client, q={"uscc": BARRED})["q"]["status"] == "hit"


def test_a_truncated_archive_fails_whole(client):
    kept = put(client, LIST).json()["id"]
    packed = gzip.compress((LIST * 500).encode(), mtime=0)
    taken = put(client, packed[:-20], retrievedAt="2017-05-25")
    assert taken.status_code == 202
    client.run_jobs()
    shown = client.as_(Role.AUDITOR).get(taken.headers["location"]).json()
    assert shown["state"] == "failed"
    assert "ends too early" in shown["fault"]
    assert client.as_(Role.AUDITOR).get("/api/v1/credit-lists").json()[0]["newest"]["id"] == kept


def test_a_mapping_reads_other_peoples_columns(client):
    mapping = {
        "columns": {"name": "企业名称", "uscc": ["信用代码", "统一社会信用代码"], "from": "列入日期"},
        "dates": ["%Y年%m月%d日"],
        "constants": {"kind": "barring"},
    }
    content = f"序号,企业名称,统一社会信用代码,列入日期\n1,甲社会工作服务社,{BARRED},2016年3月1日\n".encode("gb18030")
    assert put(client, content, mapping=json.dumps(mapping)).json()["rows"] == 1
    entry = ask(client, q={"uscc": BARRED})["q"]["hits"][0]["entry"]
    assert (entry["from"], entry["kind"]) == ("2016-03-01", "barring")


def test_damaged_files_are_made_again_from_the_raw_file(client):
    made = put(client, LIST).json()
    place = library(client.platform.settings).path(made["contentSha256"])
    data = bytearray((place / "name_index").read_bytes())
    data[5] ^= 1
    (place / "name_index").write_bytes(data)
    assert ask(client, q={"name": "苏州市星海晨光社会工作服务社"})["q"]["status"] == "candidate"
    assert (place / "name_index").read_bytes() != data
    with client.platform.work() as work:
        assert work.get(CreditSnapshot, made["id"]).state == "ready"


def test_a_list_that_an_earlier_version_imported_is_made_again_once(client):
    made = put(client, LIST + "坏行,x\n").json()
    with client.platform.work() as work:
        row = work.get(CreditSnapshot, made["id"])
        row.importer_version, row.content_sha256 = "credit-import-0", "0" * 64
    shutil.rmtree(library(client.platform.settings).path(made["contentSha256"]))
    for _ in range(2):
        assert ask(client, q={"name": "苏州市星海晨光社会工作服务社"})["q"]["status"] == "candidate"
    report = client.as_(Role.AUDITOR).get(f"/api/v1/credit-snapshots/{made['id']}/bad-rows").json()
    assert [one["line"] for one in report] == [5]
    with client.platform.work() as work:
        assert work.get(CreditSnapshot, made["id"]).content_sha256 == "0" * 64  # the recorded result is unchanged


def test_a_list_that_was_never_imported_is_not_searched_in_silence(client):
    put(client, LIST)
    body = {"asOf": "2017-05-31", "lists": ["court-dishonest", "tax-serious"], "queries": {"q": {"name": "甲"}}}
    answer = client.as_(Role.CLIENT).post(MATCH, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/lists/1"
    too_old = client.as_(Role.CLIENT).post(MATCH, json={**body, "asOf": "2017-06-20", "lists": ["court-dishonest"]})
    assert [one["usable"] for one in too_old.json()["snapshots"]] == [False]


def test_a_search_for_a_tender_is_kept_with_it(client):
    put(client, LIST)
    officer = client.as_(Role.OFFICER)
    tender = officer.post("/api/v1/tenders", json={}).json()["id"]
    body = {"asOf": "2017-05-31", "tenderId": tender, "queries": {"q": {"uscc": BARRED}}}
    answer = officer.post(MATCH, json=body).json()
    kept = officer.get("/api/v1/credit/queries", params={"tenderId": tender}).json()["items"]
    assert [one["answer"]["results"]["q"]["status"] for one in kept] == ["hit"]
    assert kept[0]["answer"]["snapshots"] == answer["snapshots"]


NUMBER = "320508199003070738"
SPELLINGS = [NUMBER, "３２０５０８１９９００３０７０７３８", "320508 19900307 0738", "320508-19900307-0738"]


@pytest.mark.parametrize("number", SPELLINGS)
def test_a_citizen_s_number_in_a_list_is_masked_in_every_answer(client, number):
    """An authority may print the number of a person in a reason or the name of a document."""
    row = f"苏州市某某服务中心,,,barring,2016-01-01,2020-01-01,法定代表人{number}拒不履行,文书{number}号\n"
    made = put(client, HEADER + row + f"法人{number},,,nowhere,,,,\n")
    assert made.status_code == 201, made.text
    told = json.dumps(ask(client, one={"name": "苏州市某某服务中心"}), ensure_ascii=False)
    told += client.as_(Role.CLIENT).get(f"/api/v1/credit-snapshots/{made.json()['id']}/bad-rows").text
    assert "拒不履行" in told
    assert number not in told and NUMBER not in told
    assert "****" in told
