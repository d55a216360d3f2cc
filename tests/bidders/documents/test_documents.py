"""Documents are stored whatever their type, extracted by a job, masked in responses, and corrected manually."""

import dataclasses
import io

import pikepdf
import pytest
from PIL import Image

from app.bidders.documents.service import records_of, store_reading
from app.bidders.documents.tables import Document, Extraction
from app.platform.access.roles import Role
from app.sample.write import make_sample
from tests.conftest import Api

API = "/api/v1/documents"


@pytest.fixture(scope="module")
def sample():
    """The files of one invented agency, and its staff."""
    made = make_sample()
    return made.dossier(made.agencies[0].folder), made.agencies[0]


@pytest.fixture
def organization(client):
    return (
        client.as_(Role.OFFICER).post("/api/v1/organizations", json={"name": "苏州市某某社会工作服务社"}).json()["id"]
    )


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (80, 40), "white").save(buffer, "JPEG")
    return buffer.getvalue()


def locked(data):
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="o", user="u"))
    return buffer.getvalue()


def upload(caller, *files, **form):
    return caller.post(API, files=[("files", (name, data)) for name, data in files], data=form)


def read(client, caller, *files, **form):
    """Upload, run the job, and return the documents afterwards."""
    sent = upload(caller, *files, **form)
    assert sent.status_code == 202, sent.text
    client.run_jobs()
    job = caller.get(sent.headers["location"]).json()
    assert (job["state"], job["done"]) == ("succeeded", len(files)), job
    return [caller.get(f"{API}/{one['id']}").json() for one in sent.json()["documents"]]


def test_a_document_is_received_then_read(client, organization, sample):
    files, agency = sample
    officer = client.as_(Role.OFFICER)
    data = files["documents/registration.pdf"]
    sent = upload(officer, ("登记证书.pdf", data), organizationId=organization, kind="registration_certificate")
    row = sent.json()["documents"][0]
    assert (row["state"], row["mediaType"], row["size"], row["name"]) == ("received", None, len(data), "登记证书.pdf")
    early = officer.get(f"{API}/{row['id']}/pages/1.png")
    assert (early.status_code, early.json()["code"]) == (409, "not_read_yet")
    client.run_jobs()
    row = officer.get(f"{API}/{row['id']}").json()
    assert (row["state"], row["kindFound"]) == ("extracted", "registration_certificate")
    assert (row["mediaType"], row["pages"]) == ("application/pdf", 1)
    record = officer.get(f"{API}/{row['id']}/extractions").json()["items"][0]["record"]
    fields = {field["field"]: field for field in record["fields"]}
    assert fields["name"]["value"] == agency.bidder.name
    assert len(fields["name"]["box"]) == 4


def test_files_come_back_as_they_were_sent_to_be_saved(client, organization, sample):
    files, _ = sample
    officer = client.as_(Role.OFFICER)
    row = read(client, officer, ("登记 证书.pdf", files["documents/registration.pdf"]), organizationId=organization)[0]
    content = officer.get(f"{API}/{row['id']}/content")
    assert content.content == files["documents/registration.pdf"]
    assert "; filename*=UTF-8''%E7%99%BB" in content.headers["content-disposition"]
    assert content.headers["x-content-type-options"] == "nosniff"
    page = officer.get(f"{API}/{row['id']}/pages/1.png", params={"width": 300})
    assert page.headers["content-type"] == "image/png"
    assert page.headers["cache-control"] == "private, no-cache"
    known = {"If-None-Match": f'"another", W/{page.headers["etag"]}'}
    again = officer.get(f"{API}/{row['id']}/pages/1.png", params={"width": 300}, headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", page.headers["etag"])
    wider = officer.get(f"{API}/{row['id']}/pages/1.png", params={"width": 301}, headers=known)
    assert wider.status_code == 200 and wider.headers["etag"] != page.headers["etag"]
    assert Image.open(io.BytesIO(page.content)).size[0] == 300
    absent = officer.get(f"{API}/{row['id']}/pages/9.png")
    assert (absent.status_code, absent.json()["code"]) == (404, "no_picture")
    events = client.as_(Role.AUDITOR).get("/api/v1/audit", params={"subject": row["id"]}).json()["items"]
    assert "client:document:download" in [event["event"] for event in events]


def test_people_s_numbers_are_masked_in_fields_rows_names_and_pictures(client, organization, sample):
    files, agency = sample
    number = agency.lines[0].person.resident_id
    officer = client.as_(Role.OFFICER)
    row = read(client, officer, (f"参保{number}.pdf", files["documents/insurance.pdf"]), organizationId=organization)[0]
    assert row["name"] == f"参保{number[:6]}********{number[-4:]}.pdf"
    shown = officer.get(f"{API}/{row['id']}/extractions")
    rows = shown.json()["items"][0]["record"]["rows"]
    assert rows[0]["residentId"][6:14] == "********"
    for line in agency.lines:
        assert line.person.resident_id not in shown.text
    with client.platform.work() as work:
        clear = records_of(work, organization)[0]
    assert {one["residentId"] for one in clear["rows"]} <= {line.person.resident_id for line in agency.lines}
    masked = officer.get(f"{API}/{row['id']}/pages/1.png").content
    address, why = f"{API}/{row['id']}/pages/1/unmask", {"reason": "核对参保人员"}
    assert officer.post(address, json={}).status_code == 422
    open_ = officer.post(address, json=why).content
    places = [Image.open(io.BytesIO(one)).convert("L") for one in (masked, open_)]
    for shown_row in clear["rows"]:
        (at,) = shown_row["numberBoxes"]
        x0, y0, x1, y1 = (edge * places[0].size[axis % 2] for axis, edge in enumerate(at["box"]))
        assert places[0].crop((round(x0), round(y0), round(x1), round(y1))).getextrema() == (0, 0)
        # the number alone: the name left of it and the months right of it stay legible
        left, top, right, bottom = (edge * places[0].size[axis % 2] for axis, edge in enumerate(shown_row["box"]))
        for rest in ((left, top, x0 - (y1 - y0), bottom), (x1 + (y1 - y0), top, right, bottom)):
            assert (
                places[0].crop(tuple(map(round, rest))).tobytes() == places[1].crop(tuple(map(round, rest))).tobytes()
            )
    assert places[0].tobytes() != places[1].tobytes()
    assert client.as_(Role.AUDITOR).post(address, json=why).status_code == 403
    events = client.as_(Role.AUDITOR).get("/api/v1/audit", params={"subject": row["id"]}).json()["items"]
    unmasked = [event for event in events if event["event"] == "officer:document:unmask"]
    assert [event["after"]["reason"] for event in unmasked] == [why["reason"]]


def test_without_unmasking_no_file_and_no_unlocated_number(client, organization, sample):
    files, _ = sample
    officer = client.as_(Role.OFFICER)
    table = read(client, officer, ("参保.pdf", files["documents/insurance.pdf"]), organizationId=organization)[0]
    unread = read(client, officer, ("扫描.png", blank_page()), organizationId=organization)[0]
    for role in (Role.AUDITOR, Role.CLIENT):
        reader = client.as_(role)
        assert reader.get(f"{API}/{table['id']}/content").json()["code"] == "forbidden"
        masked, open_ = (one.get(f"{API}/{table['id']}/pages/1.png") for one in (reader, officer))
        assert (masked.status_code, masked.content) == (200, open_.content), "both with the numbers blackened"
        withheld = reader.get(f"{API}/{unread['id']}/pages/1.png")
        assert (withheld.status_code, withheld.json()["code"]) == (403, "numbers_not_located")
    assert officer.get(f"{API}/{unread['id']}/pages/1.png").status_code == 200


def test_without_unmasking_no_birth_date(client, organization):
    """Region, birth date and last four characters are the whole number."""
    officer = client.as_(Role.OFFICER)
    row = upload(officer, ("证书.png", blank_page()), organizationId=organization).json()["documents"][0]
    place = {"group": 0, "page": 1, "box": [0.1, 0.1, 0.2, 0.2], "method": "ocr", "confidence": 1.0}
    fields = [
        {"field": "residentId", "value": "320508199003070732", "text": "320508199003070732", **place},
        {"field": "birthDate", "value": "1990-03", "text": "1990年3月", **place},
        {"field": "sex", "value": "男", "text": "男", **place},
    ]
    record = {"sha256": row["sha256"], "mediaType": "image/png", "pages": 1, "kind": "social_worker_certificate"}
    record |= {"status": "extracted", "reasons": [], "fields": fields, "rows": [], "groups": []}
    with client.platform.work() as work:
        store_reading(work, work.get(Document, row["id"]), record)
    for role, told in ((Role.OFFICER, True), (Role.AUDITOR, False), (Role.CLIENT, False)):
        answer = client.as_(role).get(f"{API}/{row['id']}/extractions")
        values = {one["field"]: one["value"] for one in answer.json()["items"][0]["record"]["fields"]}
        assert values["residentId"] == "320508********0732"
        assert (values["birthDate"] == "1990-03", "1990年3月" in answer.text) == (told, told)
        assert values["sex"] == "男"


def blank_page() -> bytes:
    """A scan on which nothing is read."""
    page = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(page, "PNG")
    return page.getvalue()


def test_bad_files_are_kept_and_said_so(client, organization, sample):
    files, _ = sample
    data = files["documents/registration.pdf"]
    bad = {
        "empty.pdf": b"",
        "locked.pdf": locked(data),
        "cut.pdf": data[: len(data) // 3],
        "noise.pdf": bytes(range(256)) * 40,
        "zip.xlsx": b"PK\x03\x04" + b"\x00" * 40,
    }
    officer = client.as_(Role.OFFICER)
    rows = read(client, officer, *bad.items(), organizationId=organization)
    assert [(row["state"], bool(row["reasons"])) for row in rows if row["state"] == "extracted"] == []
    codes = {row["name"]: {reason["code"] for reason in row["reasons"]} for row in rows}
    assert "empty_file" in codes["empty.pdf"]
    assert "encrypted" in codes["locked.pdf"]
    for row in rows:
        assert officer.get(f"{API}/{row['id']}/content").content == bad[row["name"]]
        assert officer.get(f"{API}/{row['id']}/pages/1.png").status_code in (200, 404)


@pytest.mark.sqlite_only
def test_a_picture_that_says_it_is_a_pdf_is_read_as_the_picture_it_is(client, organization):
    row = read(client, client.as_(Role.OFFICER), ("证书.pdf", picture()), organizationId=organization)[0]
    assert (row["mediaType"], row["state"]) == ("image/jpeg", "needs_review")


def test_equal_bytes_name_the_first_document_of_the_same_organization_only(client, organization):
    officer = client.as_(Role.OFFICER)
    other = officer.post("/api/v1/organizations", json={"name": "他家"}).json()["id"]
    first = upload(officer, ("a.pdf", b"x"), organizationId=organization).json()["documents"][0]
    again = upload(officer, ("b.pdf", b"x"), organizationId=organization).json()["documents"][0]
    abroad = upload(officer, ("c.pdf", b"x"), organizationId=other).json()["documents"][0]
    assert (again["duplicateOf"], abroad["duplicateOf"]) == (first["id"], None)


def test_a_person_corrects_with_author_and_reason_and_the_reading_stays(client, organization, sample):
    files, _ = sample
    officer = client.as_(Role.OFFICER)
    row = read(client, officer, ("r.pdf", files["documents/registration.pdf"]), organizationId=organization)[0]
    address = f"{API}/{row['id']}"
    tag = {"If-Match": officer.get(address).headers["etag"]}
    fields = [{"field": "authority", "value": "苏州市姑苏区民政局"}, {"field": "supervisor", "absent": True}]
    body = {"reason": "印章遮挡", "fields": fields}
    assert officer.post(f"{address}/extractions", json=body).status_code == 428
    made = officer.post(f"{address}/extractions", json=body, headers=tag)
    assert (made.status_code, made.json()["number"], made.json()["source"]) == (201, 2, "person"), made.text
    fields = {field["field"]: field for field in made.json()["record"]["fields"]}
    assert (fields["authority"]["value"], fields["authority"]["method"]) == ("苏州市姑苏区民政局", "person")
    assert fields["name"]["method"] == "text"
    assert "supervisor" not in fields
    listed = officer.get(f"{address}/extractions").json()["items"]
    assert [one["number"] for one in listed] == [2, 1]
    assert listed[0]["reason"] == "印章遮挡"
    with client.platform.work() as work:
        assert [record["status"] for record in records_of(work, organization)] == ["extracted"]
        authority = [one for one in records_of(work, organization)[0]["fields"] if one["field"] == "authority"]
    assert authority[0]["value"] == "苏州市姑苏区民政局"


def test_rows_are_corrected_member_by_member(client, organization, sample):
    files, agency = sample
    officer = client.as_(Role.OFFICER)
    row = read(client, officer, ("i.pdf", files["documents/insurance.pdf"]), organizationId=organization)[0]
    address = f"{API}/{row['id']}/extractions"
    tag = {"If-Match": officer.get(f"{API}/{row['id']}").headers["etag"]}
    wrong = officer.post(address, json={"reason": "x", "rows": [{"row": 999, "to": "2026-04"}]}, headers=tag)
    assert wrong.json()["errors"][0]["pointer"] == "/rows/0/row"
    masked = officer.post(
        address, json={"reason": "x", "rows": [{"row": 0, "residentId": "320508********1234"}]}, headers=tag
    )
    assert masked.json()["errors"][0]["pointer"] == "/rows/0/residentId"
    assert (
        officer.post(address, json={"reason": "看清了", "rows": [{"row": 0, "to": "2026-03"}]}, headers=tag).status_code
        == 201
    )
    with client.platform.work() as work:
        first = records_of(work, organization)[0]["rows"][0]
    assert (first["to"], first["method"]) == ("2026-03", "person")
    assert first["residentId"] in {line.person.resident_id for line in agency.lines}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"reason": ""}, "/reason"),
        ({"fields": [{"field": "name", "value": "a\x00"}]}, "/fields/0/value"),
        ({"fields": [{"field": "year", "value": 2**70}]}, "/fields/0/value"),
        ({"fields": [{"field": "annualChecks", "value": [{"year": "x"}]}]}, "/fields/0/value"),
        ({"rows": [{"row": 0, "to": "2017-13"}]}, "/rows/0/to"),
        ({"kind": "passport"}, "/kind"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_a_wrong_correction_says_where(client, organization, change, pointer):
    officer = client.as_(Role.OFFICER)
    row = read(client, officer, ("a.csv", b""), organizationId=organization)[0]
    tag = {"If-Match": officer.get(f"{API}/{row['id']}").headers["etag"]}
    answer = officer.post(f"{API}/{row['id']}/extractions", json={"reason": "x", **change}, headers=tag)
    assert answer.status_code == 422, answer.text
    assert {error["pointer"][: len(pointer)] for error in answer.json()["errors"]} == {pointer}


def test_bidders_have_their_own_documents_only(client, organization):
    officer = client.as_(Role.OFFICER)
    bidder, rival = client.as_(Role.BIDDER, organization), client.as_(Role.BIDDER)
    own = upload(bidder, ("a.pdf", b"x")).json()["documents"][0]
    general = upload(officer, ("b.pdf", b"y")).json()["documents"][0]
    assert own["organizationId"] == organization
    assert [one["id"] for one in bidder.get(API).json()["items"]] == [own["id"]]
    assert upload(rival, ("a.pdf", b"x"), organizationId=organization).status_code == 404
    assert rival.get(API, params={"organizationId": organization}).status_code == 404
    for path in ("", "/content", "/pages/1.png", "/extractions"):
        assert rival.get(f"{API}/{own['id']}{path}").status_code == 404
        assert bidder.get(f"{API}/{general['id']}{path}").status_code == 404
    assert rival.get(API).json()["items"] == []


def test_documents_are_found_by_organization_kind_and_state(client, organization):
    officer = client.as_(Role.OFFICER)
    kept = upload(officer, ("a.pdf", b"x"), organizationId=organization, kind="audit_report").json()["documents"][0][
        "id"
    ]
    upload(officer, ("b.pdf", b"y"))
    for query in ({"organizationId": organization}, {"kind": "audit_report"}):
        assert [one["id"] for one in officer.get(API, params=query).json()["items"]] == [kept]
    assert len(officer.get(API, params={"state": "received"}).json()["items"]) == 2


def test_a_document_is_linked_later(client, organization):
    officer = client.as_(Role.OFFICER)
    row = upload(officer, ("a.pdf", b"x")).json()["documents"][0]
    address = f"{API}/{row['id']}"
    body = {"organizationId": organization, "kind": "declaration"}
    assert officer.patch(address, json=body).status_code == 428
    changed = officer.patch(address, json=body, headers={"If-Match": officer.get(address).headers["etag"]})
    assert (changed.json()["organizationId"], changed.json()["kind"]) == (organization, "declaration")


def test_a_repeated_upload_is_done_once(client, organization):
    officer = client.as_(Role.OFFICER)
    heads = {"Idempotency-Key": "upload-1"}
    ids = [
        officer.post(API, files={"files": ("a.pdf", b"x")}, headers=heads).json()["documents"][0]["id"]
        for _ in range(2)
    ]
    assert ids[0] == ids[1]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("form", "pointer"), [({"kind": "passport"}, "/kind"), ({"organizationId": "x"}, "/organizationId")]
)
def test_a_wrong_form_says_where(client, form, pointer):
    answer = upload(client.as_(Role.OFFICER), ("a.pdf", b"x"), **form)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.sqlite_only
def test_an_upload_without_files_is_none(client):
    assert client.as_(Role.OFFICER).post(API, data={"kind": "other"}, files={"x": ("", b"")}).status_code == 422


@pytest.mark.sqlite_only
def test_a_broken_name_is_made_readable(client):
    officer = client.as_(Role.OFFICER)
    name = "../../etc/\x01" + "长" * 400 + ".pdf"
    row = upload(officer, (name, b"x")).json()["documents"][0]
    assert len(row["name"]) == 255
    assert "/" not in row["name"]


def test_lost_bytes_are_a_reason_not_a_failure(client, organization):
    officer = client.as_(Role.OFFICER)
    row = upload(officer, ("a.pdf", b"lost"), organizationId=organization).json()["documents"][0]
    for path in (client.platform.settings.data_dir / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    client.run_jobs()
    row = officer.get(f"{API}/{row['id']}").json()
    assert (row["state"], row["reasons"][0]["code"]) == ("needs_review", "file_missing")
    assert officer.get(f"{API}/{row['id']}/content").json()["code"] == "file_missing"


def test_a_later_machine_reading_does_not_displace_a_person_s(client, organization):
    officer = client.as_(Role.OFFICER)
    row = read(client, officer, ("a.csv", b""), organizationId=organization)[0]
    tag = {"If-Match": officer.get(f"{API}/{row['id']}").headers["etag"]}
    officer.post(f"{API}/{row['id']}/extractions", json={"reason": "x", "kind": "declaration"}, headers=tag)
    with client.platform.work() as work:
        first = work.session.query(Extraction).filter_by(number=1).one()
        store_reading(work, work.get(Document, row["id"]), first.record)
    assert officer.get(f"{API}/{row['id']}").json()["kindFound"] == "declaration"
    with client.platform.work() as work:
        assert [record["kind"] for record in records_of(work, organization)] == ["declaration"]


def test_what_a_bidder_stores_is_counted_and_bounded(client, organization):
    """Nothing of an upload beyond the quota is stored; the agency's uploads have no quota."""
    settings = client.platform.settings
    bounded = dataclasses.replace(
        client.platform, settings=settings.model_copy(update={"quota_files": 3, "quota_bytes": 2_000})
    )
    with Api(bounded) as api:
        bidder, officer = api.as_(Role.BIDDER, organization), api.as_(Role.OFFICER)
        first = upload(bidder, ("a.csv", b"a" * 500), ("b.csv", b"b" * 500))
        assert (first.headers["quota-files"], first.headers["quota-bytes"]) == ("2/3", "1000/2000")
        stored = set(bounded.files.objects())
        for files in ([("c.csv", b"c"), ("d.csv", b"d")], [("c.csv", b"c" * 1001)]):
            refused = upload(bidder, *files)
            assert (refused.status_code, refused.json()["code"]) == (409, "quota_exceeded")
        roster = bidder.post(f"/api/v1/organizations/{organization}/roster", files={"file": ("r.csv", b"r" * 1001)})
        assert roster.json()["code"] == "quota_exceeded", roster.text
        assert set(bounded.files.objects()) == stored
        assert upload(bidder, ("c.csv", b"c" * 1000)).status_code == 202
        assert upload(bidder, ("d.csv", b"")).json()["code"] == "quota_exceeded"
        agency = upload(officer, ("e.csv", b"e" * 5000), organizationId=organization)
        assert agency.status_code == 202 and "quota-files" not in agency.headers
