"""What papers supply and support, as a result line shows it: title, stored document, picture, missing fields."""

import json

from app.core.eligibility.explain import staff_reasons
from app.core.eligibility.messages import MISSING_FIELDS
from app.core.eligibility.screening import Assurance, Facts, screen
from app.examination.screening.evidence import documented
from app.examination.screening.result import Named, result_line
from tests.making.screening_input import AS_OF, credit, dossier, facts_of, policy, records


def line(changes=None, papers=None, assurance=Assurance.DOCUMENTED):
    """The result line of a bidder whose papers are stored as doc_N."""
    rules, data = policy(), dossier(None, changes)
    kept = [{**one, "documentId": f"doc_{number}"} for number, one in enumerate(records(data, papers or {}))]
    own = facts_of(data)
    facts = Facts(
        own,
        AS_OF,
        assurance,
        credit=credit(own.organization, {}, rules, AS_OF),
        documents=documented(kept).documents,
    )
    named = Named("d", own.organization.name, own.organization.code)
    return json.loads(result_line(named, screen(facts, rules), facts, rules, "0" * 64))


def requirement(result, name):
    return next(one for one in result["requirements"] if one["id"] == name)


def test_the_evidence_names_title_document_and_picture():
    evidence = requirement(line(), "no_major_violation")["evidence"]
    paper = next(one for one in evidence if "document" in one)
    assert paper["title"] == {"zh": "声明函", "en": "declaration"}
    assert paper["documentId"].startswith("doc_")
    assert paper["picture"] == f"/api/v1/documents/{paper['documentId']}/pages/1.png"
    assert (paper["document"], paper["page"]) == ("declaration-no_major_violation", 1)


def test_a_file_that_is_not_stored_has_no_picture():
    result = line()
    assert all(
        ("picture" in one) == ("documentId" in one) for one in requirement(result, "full_time_staff")["evidence"]
    )


def test_what_a_paper_supplied_is_marked_with_its_place():
    changes = {"roster.0.certificates.0.number": None, "roster.1.socialInsurance.payer": None}
    staff = line(
        changes, {"certificate 0": {"number": "20150001"}, "insurance 1": {"payer": "苏州市晨光社会工作服务社"}}
    )["staff"]
    (number,) = staff[0]["fromDocuments"]
    assert number["field"] == "certificates.number"
    assert "20150001" not in number["value"]  # the masked number
    assert number["place"]["document"] == "certificate-0"
    assert number["place"]["text"] is None
    assert [one["field"] for one in staff[1]["fromDocuments"]] == ["socialInsurance.payer"]
    assert "fromDocuments" not in staff[2]
    assert {one["fullTime"] for one in staff[:2]} == {"countable"}


def test_the_reason_names_the_missing_field():
    result = line({"roster.0.certificates.0.number": None}, assurance=Assurance.DECLARED)
    assert result["staff"][0]["missing"] == ["certificates.number"]
    assert [one.zh for one in staff_reasons(result["staff"][0]["codes"], result["staff"][0]["missing"])] == [
        "证书编号缺失"
    ]


def test_each_part_of_an_insurance_period_is_named():
    for field, wire in (("payer", "payer"), ("from", "from"), ("to", "to")):
        result = line({f"roster.0.socialInsurance.{field}": None}, assurance=Assurance.DECLARED)
        assert result["staff"][0]["missing"] == [f"socialInsurance.{wire}"]
    result = line({"roster.0.socialInsurance": None}, assurance=Assurance.DECLARED)
    assert result["staff"][0]["missing"] == ["socialInsurance"]


def test_a_lacking_paper_is_named():
    staff = line(papers={"certificate 0": None, "insurance 1": None})["staff"]
    assert staff[0]["missing"] == ["certificateDocument"]
    assert staff[1]["missing"] == ["insuranceProof"]


def test_every_missing_field_has_words():
    assert all(text.zh and text.en for text in MISSING_FIELDS.values())
