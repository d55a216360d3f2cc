"""Leads from uploaded files, through HTTP: copied plans, one author, the tender's own template, mixed-up files."""

import pytest

from app.examination.integrity.tables import DocumentFingerprint
from tests.making.integrity.made_files import pdf, plan, word
from tests.making.procedure import done, refusal


def upload(tender, data, name, organization=None):
    form = {"organizationId": organization} if organization else {}
    sent = done(tender.officer.post("/api/v1/documents", files=[("files", (name, data))], data=form))
    tender.api.run_jobs()
    return sent["documents"][0]


def name_of(tender, organization):
    return tender.dossiers[organization]["organization"]["name"]


def test_a_copied_plan_with_its_places(tender):
    first, second, third, _ = tender.four()
    one = [plan(1)[at : at + 1] and plan(1)[at] for at in range(24)]
    upload(tender, pdf([one[:12], one[12:]], author="林晚舟"), "甲.pdf", first)
    document = upload(
        tender,
        pdf([one[:12], one[12:], plan(2)[:3]], author="林晚舟", made="D:20260502100304+08'00'"),
        "乙.pdf",
        second,
    )
    upload(tender, pdf([plan(3)], author="沈望舒", made="D:20260503100305+08'00'"), "丙.pdf", third)
    tender.compute()
    flag = tender.flag("text_near_identical")
    assert (flag["strength"], flag["subjects"]) == ("strong", sorted([first, second]))
    assert {one["page"] for one in flag["evidence"]} == {1, 2} and all(len(one["box"]) == 4 for one in flag["evidence"])
    assert document["sha256"] in {one["document"] for one in flag["evidence"]}
    assert tender.flag("same_author")["subjects"] == sorted([first, second])


def test_the_tenders_own_template_is_nobodys_copy(tender):
    first, second, *_ = tender.four()
    template = plan(9)
    own = upload(tender, word(template, author="招标代理"), "范本.docx")
    for number, organization in enumerate((first, second)):
        upload(tender, word([*template, *plan(20 + number)[:4]], author="招标代理"), f"{number}.docx", organization)
    tender.compute()
    assert {"same_author", "same_creation_time", "text_near_identical"} <= {flag["code"] for flag in tender.flags()}
    url = f"{tender.url}/own-documents"
    assert done(tender.officer.put(url, json={"documents": [own["id"]], "reason": "招标文件范本"})) == {
        "documents": [own["id"]]
    }
    assert done(tender.officer.get(url)) == {"documents": [own["id"]]}
    tender.compute()
    assert tender.flags(current=True, strength="strong") == []


def test_a_file_that_speaks_as_another_bidder(tender):
    first, second, *_ = tender.four()
    upload(tender, word([*plan(4), f"投标人（盖章）：{name_of(tender, second)}"], author=""), "响应文件.docx", first)
    tender.compute()
    flag = tender.flag("files_mixed_up")
    assert (flag["strength"], flag["subjects"]) == ("fact", sorted([first, second]))
    assert name_of(tender, second) in flag["message"]["zh"]


@pytest.mark.sqlite_only
def test_fingerprints_are_taken_once(tender):
    first, *_ = tender.four()
    upload(tender, word(plan(1)), "甲.docx", first)
    tender.compute()
    with tender.api.platform.work() as work:
        (row,) = work.session.query(DocumentFingerprint).all()
        row.fingerprint = {**row.fingerprint, "marked": True}
    tender.compute()
    with tender.api.platform.work() as work:
        (row,) = work.session.query(DocumentFingerprint).all()
        assert row.fingerprint["marked"]


@pytest.mark.sqlite_only
def test_own_documents_must_be_there(tender):
    body = {"documents": [tender.id.replace("ten_", "doc_")], "reason": "范本"}
    unknown = tender.officer.put(f"{tender.url}/own-documents", json=body)
    assert refusal(unknown) == (422, "invalid_input", ("unknown_document", "/documents/0"))
