"""The papers of a lot over HTTP: what they state, when they exist, who may read them."""

import re

import pypdfium2
import pytest

from app.platform.access.roles import Role
from tests.conftest import Api
from tests.making.procedure import done, refusal
from tests.making.sealed import Sealed, with_clock

NAMES = ("qualification-sheet", "evaluation-report")


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


def export(tender, name, who=None, **query):
    url = f"{tender.url}/exports/{name}.pdf"
    return (who or tender.officer).get(url, params={"lotId": tender.lot, **query})


def printed(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.content) as document:
        pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return re.sub(r"[\s\u200b\ufffe\x02]", "", "".join(pages))


def test_the_qualification_sheet_states_each_decision(api):
    tender = Sealed(api)
    tender.decided()
    found = printed(export(tender, "qualification-sheet"))
    decisions = done(tender.officer.get(f"{tender.url}/qualifications"))["items"]
    assert len(decisions) == 3 and found.startswith("资格审查表")
    for number in range(3):
        assert f"机构{number}" in found
    assert tender.id in found and "采购单元a" in found and "通过" in found


def test_the_evaluation_report_states_every_score_and_the_hash(api):
    tender = Sealed(api)
    tender.decided()
    found = printed(export(tender, "evaluation-report"))
    ranking = done(tender.officer.get(f"/api/v1/lots/{tender.lot}/ranking"))
    for number, row in enumerate(ranking["rows"]):
        price = f"{950_000 + number:,}.00"
        assert f"{row['rank']}机构{number}{price}{row['priceScore']}{row['total']}" in found
        total = row["memberTotals"]["expert-1"]
        assert re.search(rf"机构{number}expert-160\.0*{float(total) - 60:.2f}{re.escape(total)}", found), found
    assert ranking["resultHash"] in found
    assert "评委expert-1" in found and "视为同意" in found


def test_a_paper_is_in_english_on_request_and_the_same_state_gives_the_same_bytes(api):
    tender = Sealed(api)
    tender.decided()
    for name, title in zip(NAMES, ("Qualificationsheet", "Evaluationreport"), strict=True):
        answer = export(tender, name, lang="en")
        assert title in printed(answer)
        assert export(tender, name, lang="en").content == answer.content


def test_a_practice_tender_bears_its_mark(api):
    class Practice(Sealed):
        practice = True

    tender = Practice(api)
    tender.decided()
    for name in NAMES:
        found = printed(export(tender, name))
        assert found.startswith("演练，不具法律效力") and "【演练】试点" in found


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_printed_before_the_decision(api, name):
    tender = Sealed(api)
    bidders = [tender.bidder(f"机构{number}") for number in range(3)]
    for bidder in bidders:
        done(bidder.submit())
    assert refusal(export(tender, name))[:2] == (409, "paper_not_ready")
    tender.clock.at(0)
    done(tender.close())
    done(tender.open())
    assert refusal(export(tender, name))[:2] == (409, "paper_not_ready")


@pytest.mark.parametrize("name", NAMES)
def test_agency_and_auditor_read_papers_and_bidders_do_not(api, name):
    tender = Sealed(api)
    bidders = tender.decided()
    assert export(tender, name, api.as_(Role.AUDITOR)).status_code == 200
    for refused in (bidders[0].client, api.as_(Role.EVALUATOR), api.as_(Role.ADMIN)):
        assert export(tender, name, refused).status_code in (403, 404)


def test_a_lot_of_another_tender_and_an_unknown_paper_are_refused(api):
    tender, other = Sealed(api), Sealed(api)
    assert export(tender, NAMES[0], lotId=other.lot).status_code == 404
    assert export(tender, "ledger").status_code == 422
    assert tender.officer.get(f"{tender.url}/exports/{NAMES[0]}.pdf").status_code == 422
