"""Custodians show before publication that their keys open what is sealed to them, and which tender's key they confirm."""

import json

import pytest
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from app.platform.access.roles import Role
from app.platform.audit.tables import AuditEvent
from app.tendering.envelopes import age
from app.tendering.envelopes.ceremony import hold
from app.tendering.envelopes.pins import fingerprint
from tests.conftest import Api
from tests.making.procedure import done, refusal
from tests.making.sealed import Sealed, with_clock

NAME = "公证处"
WARNING = {"code": "custodians_unproven", "article": "财政部令第87号 第三十三条"}


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


class Drafted(Sealed):
    """A draft with a key, and the custodians' key files."""

    def __init__(self, api, where):
        super().__init__(api, publish=False)
        self.where, self.trials = where, f"{self.url}/opening/trials"
        for name, (identity, _) in self.custodians.items():
            (where / f"{name}.key").write_text(f"{identity}\n")

    def answer(self, name, digits=None, key=None):
        """Return what `keys prove` prints."""
        (self.where / "trials.json").write_text(self.officer.get(self.trials).text)
        told = digits or fingerprint(self.ceremony.public_key)
        given = ["keys", "prove", str(self.where / "trials.json"), "--custodian", name, "--fingerprint", told]
        result = CliRunner().invoke(cli, [*given, "--identity", str(self.where / f"{key or name}.key")])
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    def prove(self, name, **other):
        return self.officer.post(self.trials, json=self.answer(name, **other))


def test_every_custodian_proves_its_key_and_publication_stops_warning(api, tmp_path):
    tender = Drafted(api, tmp_path)
    assert WARNING in done(tender.officer.get(tender.url))["warnings"]
    for name in tender.custodians:
        shown = {one["custodian"]: one["provedAt"] for one in done(tender.prove(name))["trials"]}
        assert shown[name] is not None
    assert all(shown.values())
    assert WARNING not in done(tender.officer.post(f"{tender.url}/publish"))["warnings"]
    assert refusal(api.as_(Role.BIDDER).get(tender.trials)) == (403, "forbidden")
    assert done(api.as_(Role.AUDITOR).get(tender.trials))["trials"]


def test_another_key_or_another_fingerprint_is_refused_and_recorded(api, tmp_path):
    tender = Drafted(api, tmp_path)
    other = fingerprint(age.new_identity()[1])
    assert refusal(tender.prove(NAME, digits=other)) == (422, "trial_refused"), "it saw another key at the ceremony"
    guess = {"custodian": NAME, "answer": "0" * 64}
    assert refusal(tender.officer.post(tender.trials, json=guess)) == (422, "trial_refused")
    assert refusal(tender.officer.post(tender.trials, json={**guess, "custodian": "某人"})) == (404, "not_found")
    assert WARNING in done(tender.officer.get(tender.url))["warnings"]
    with api.platform.work() as work:
        rows = work.session.query(AuditEvent).filter_by(event="officer:opening:prove").all()
        assert [row.after["proved"] for row in rows] == [False, False]


def test_a_custodian_s_wrong_key_does_not_open_its_trial(api, tmp_path):
    tender = Drafted(api, tmp_path)
    (tmp_path / "trials.json").write_text(tender.officer.get(tender.trials).text)
    given = ["keys", "prove", str(tmp_path / "trials.json"), "--custodian", NAME, "--fingerprint", "x", "--identity"]
    wrong = CliRunner().invoke(cli, [*given, str(tmp_path / "采购人.key")])
    assert (wrong.exit_code, "envelope_unreadable" in wrong.output) == (3, True)
    nobody = CliRunner().invoke(cli, [*given[:4], "某人", *given[5:], str(tmp_path / "采购人.key")])
    assert (nobody.exit_code, "no_such_custodian" in nobody.output) == (3, True)


def test_a_new_key_asks_for_new_proofs(api, tmp_path):
    tender = Drafted(api, tmp_path)
    old = tender.answer(NAME)
    done(tender.officer.post(tender.trials, json=old))
    again = hold({name: pair[1] for name, pair in tender.custodians.items()}, 2)
    done(tender.officer.put(f"{tender.url}/opening/key", json=again.document()))
    assert [one["provedAt"] for one in done(tender.officer.get(tender.trials))["trials"]] == [None] * 3
    assert refusal(tender.officer.post(tender.trials, json=old)) == (422, "trial_refused")


def test_a_ceremony_whose_wraps_hold_different_keys_is_refused(api):
    tender = Sealed(api, publish=False)
    body = hold({name: pair[1] for name, pair in tender.custodians.items()}, 2).document()
    body["wraps"][1]["layers"][-1] = "0" * 64
    answer = tender.officer.put(f"{tender.url}/opening/key", json=body)
    assert refusal(answer) == (422, "invalid_input", ("wraps_differ", "/wraps"))
    body["wraps"][1]["layers"].append("0" * 64)
    assert refusal(tender.officer.put(f"{tender.url}/opening/key", json=body))[2] == ("layers", "/wraps")
