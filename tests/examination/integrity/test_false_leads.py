"""No program raises or erases a lead: an officer does, with a reason."""

from app.platform.access.roles import Role
from app.tendering.tenders.tables import Tender
from tests.making.integrity.made_files import word
from tests.making.procedure import Procedure, done, refusal

TRACE = {"networkAddress": "58.210.7.8", "bondAccount": "32500000 1111 2222"}


def test_a_program_s_traces_raise_no_lead_unconfirmed(tender):
    first, second, *_ = tender.four()
    url, program = f"{tender.url}/submission-traces", tender.api.as_(Role.CLIENT)
    body = {"organizationId": first, **TRACE}
    assert refusal(program.post(url, json=body)) == (403, "programs_propose"), "not after the opening"
    assert refusal(tender.officer.post(url, json=body)) == (422, "invalid_input", ("reason", "/reason"))
    traces = _by_program(tender, first, second)
    assert tender.compute()["leads"] == 0
    assert {one["counts"] for one in done(tender.officer.get(url))["items"]} == {False}
    for trace in traces:
        where = f"{url}/{trace}/confirmation"
        assert refusal(program.post(where, json={"reason": "银行来函"})) == (403, "programs_propose")
        confirmed = done(tender.officer.post(where, json={"reason": "银行来函"}))
        assert (confirmed["counts"], confirmed["reason"]) == (True, "银行来函")
        assert refusal(tender.officer.post(where, json={"reason": "再次"})) == (409, "trace_stands")
    tender.compute()
    assert {"same_bond_account"} <= {flag["code"] for flag in tender.flags()}


def _by_program(tender, *organizations):
    """Have a program record traces before the opening: of the bidders of another, still unopened tender."""
    with tender.api.platform.work() as work:
        row = work.get(Tender, tender.id)
        state, row.state = row.state, "active.tendering"
    program, url = tender.api.as_(Role.CLIENT), f"{tender.url}/submission-traces"
    made = [done(program.post(url, json={"organizationId": one, **TRACE}))["id"] for one in organizations]
    with tender.api.platform.work() as work:
        work.get(Tender, tender.id).state = state
    return made


def test_a_program_names_no_own_document_and_a_bidder_s_file_is_none(client):
    tender = Procedure(client)
    url, officer = f"{tender.url}/own-documents", tender.officer
    files = {"files": ("范本.docx", word(["招标文件格式"] * 9))}
    template = done(officer.post("/api/v1/documents", files=files))["documents"][0]["id"]
    form = {"organizationId": tender.organization()}
    theirs = done(officer.post("/api/v1/documents", files=files, data=form))["documents"][0]["id"]
    assert refusal(client.as_(Role.CLIENT).put(url, json={"documents": [template], "reason": "范本"})) == (
        403,
        "programs_propose",
    )
    assert refusal(officer.put(url, json={"documents": [template]}))[2][1] == "/reason"
    answer = officer.put(url, json={"documents": [template, theirs], "reason": "范本"})
    assert refusal(answer) == (422, "invalid_input", ("bidder_document", "/documents/1"))
    done(officer.put(url, json={"documents": [template], "reason": "招标文件范本"}))
