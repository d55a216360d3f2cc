"""The matrix: every bidder against every requirement, in one request, with a fixed number of statements."""

import json
import time

import pytest
from sqlalchemy import event

from app.examination.integrity.tables import Flag
from app.examination.screening.tables import ScreeningRun
from app.platform.access.roles import Role
from app.tendering.tenders.service import lots_of
from app.tendering.tenders.tables import Tender
from tests.making.api.world import row
from tests.making.dossiers import dossier
from tests.making.past import before

LISTS = ("court-dishonest", "tax-serious", "procurement-serious", "social-serious", "social-abnormal")
HEADER = "name,uscc,former_names,kind,from,to,reason,document\n"
NAMES = ("苏州市东渡试验社会工作服务社", "苏州市西塘试验社会工作服务社")


@pytest.fixture
def officer(client):
    return client.as_(Role.OFFICER)


@pytest.fixture
def tender(client, officer):
    body = {"policy": "suzhou-current", "bidDeadline": "2017-05-31T09:30:00+08:00"}
    with before(client.platform, body["bidDeadline"]):
        return officer.post("/api/v1/tenders", json=body).json()["id"]


def _lists(officer, candidate):
    for name in LISTS:
        listed = candidate if name == "court-dishonest" else "无锡市旁的五金商贸有限公司"
        rows = f"{listed},,,barring,2016-01-01,,失信,1号\n"
        files = {"file": (f"{name}.csv", (HEADER + rows).encode())}
        path = f"/api/v1/credit-lists/{name}/snapshots"
        assert officer.post(path, files=files, data={"retrievedAt": "2017-05-31"}).status_code == 201


def _organization(officer, number, name, **change):
    data = {**dossier(number, name, first=20 * number), **change}
    given = {key: data["organization"][key] for key in ("name", "identifier")}
    made = officer.post("/api/v1/organizations", json=given).json()["id"]
    content, headers = json.dumps(data), {"content-type": "application/json"}
    assert officer.put(f"/api/v1/organizations/{made}/dossier", content=content, headers=headers).status_code < 300
    return made


def _screened(officer, tender, organization):
    body = {"tenderId": tender, "organizationId": organization, "assurance": "declared"}
    answer = officer.post("/api/v1/screenings", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _matrix(officer, tender):
    answer = officer.get(f"/api/v1/tenders/{tender}/matrix")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_each_bidder_against_each_requirement_by_its_newest_screening(officer, tender):
    _lists(officer, candidate=NAMES[1])
    one, two = _organization(officer, 1, NAMES[0], declarations=[]), _organization(officer, 2, NAMES[1])
    _screened(officer, tender, one)
    newest = {one: _screened(officer, tender, one), two: _screened(officer, tender, two)}
    matrix = _matrix(officer, tender)
    assert len(matrix["columns"]) == 10
    titles = {column["requirement"]: column["title"] for column in matrix["columns"]}
    assert titles["full_time_staff"] == {"zh": "专职人员不少于8名", "en": "8 or more full-time staff"}
    assert [row["organizationId"] for row in matrix["rows"]] == sorted((one, two))
    for shown in matrix["rows"]:
        stored = newest[shown["organizationId"]]
        assert (shown["screening"], shown["verdict"], shown["score"]) == (
            stored["id"],
            stored["verdict"],
            stored["score"],
        )
        for cell, answer in zip(shown["cells"], stored["requirements"], strict=True):
            assert cell["requirement"] == answer["id"]
            assert cell["evidence"] == len(answer["evidence"])
            assert set(cell["reasons"]) == {reason["code"] for reason in answer["reasons"]}
            for name in ("outcome", "observed", "required", "doubtful"):
                assert cell[name] == answer[name]
    rows = {row["organizationId"]: row for row in matrix["rows"]}
    assert (rows[one]["name"], rows[two]["name"]) == NAMES
    assert (rows[one]["openCandidates"], rows[two]["openCandidates"]) == (0, 1)
    assert next(cell for cell in rows[one]["cells"] if cell["requirement"] == "no_major_violation")["reasons"]


def test_only_undecided_leads_that_today_still_gives_are_counted(officer, tender, platform):
    one = _organization(officer, 1, NAMES[0])
    _screened(officer, tender, one)
    kinds = [("open", True, True), ("open", True, False), ("open", False, True), ("dismissed", True, True)]
    with platform.work() as work:
        for number, (state, current, blocks) in enumerate(kinds):
            made = {"tender_id": tender, "lead_id": f"l{number}", "strength": "strong", "lots": [], "subjects": [one]}
            work.session.add(row(Flag, **made, state=state, current=current, blocks=blocks, finding={}))
    (shown,) = _matrix(officer, tender)["rows"]
    assert (shown["openLeads"], shown["blockingLeads"]) == (2, 1)


def test_a_bid_that_nobody_has_screened_is_a_row_too(officer, tender, platform):
    one = _organization(officer, 1, NAMES[0])
    lots = officer.get(f"/api/v1/tenders/{tender}/lots").json()["items"]
    with platform.work() as work:
        work.session.get_one(Tender, tender).state = "active.qualification"
        for lot in lots_of(work, tender):
            lot.state = "active"
    bid = {"lotId": lots[0]["id"], "organizationId": one, "price": "980000.00"}
    made = officer.post(f"/api/v1/tenders/{tender}/bids", json=bid)
    assert made.status_code == 201, made.text
    (shown,) = _matrix(officer, tender)["rows"]
    assert shown["bids"] == [{"lotId": lots[0]["id"], "bid": made.json()["id"], "state": "opened"}]
    assert (shown["screening"], shown["verdict"], shown["cells"]) == (None, None, [])


def _copies(platform, tender, screening, numbers):
    """Add copies of a bidder, each with the result of a real screening."""
    with platform.work() as work:
        first = work.session.get_one(ScreeningRun, screening)
        copied = ("name", "policy_id", "policy_sha256", "as_of", "assurance", "verdict", "score", "result")
        values = {name: getattr(first, name) for name in copied}
        for number in numbers:
            values["organization_id"] = first.organization_id[:-4] + f"{number:04d}"
            work.session.add(row(ScreeningRun, tender_id=tender, **values))


def test_sixty_bidders_take_as_many_statements_as_two_and_a_tenth_of_a_second(platform, officer, tender):
    screening = _screened(officer, tender, _organization(officer, 1, NAMES[0]))["id"]
    seen = []
    for engine in (platform.readers, platform.single_reads):
        event.listen(engine, "before_cursor_execute", lambda *said: seen.append(said[2]))
    _copies(platform, tender, screening, range(1, 2))
    assert len(_matrix(officer, tender)["rows"]) == 2
    for_two, _ = len(seen), seen.clear()
    _copies(platform, tender, screening, range(2, 60))
    assert len(_matrix(officer, tender)["rows"]) == 60
    assert len(seen) == for_two <= 16, seen
    took = []
    for _ in range(5):
        started = time.perf_counter()
        _matrix(officer, tender)
        took.append(time.perf_counter() - started)
    assert min(took) <= 0.1, took


def test_who_may_read_it(client, tender):
    for role in (Role.AUDITOR, Role.CLIENT):
        assert client.as_(role).get(f"/api/v1/tenders/{tender}/matrix").status_code == 200
    for role in (Role.EVALUATOR, Role.ADMIN):
        assert client.as_(role).get(f"/api/v1/tenders/{tender}/matrix").status_code == 403
