"""The stored input of a screening is complete: a forgotten field would break every replay."""

import dataclasses
import json
from datetime import date

from app.bidders.dossier_reader import check_dossier
from app.core.credit.credit_record import CreditFacts, Judgement, ListEntry, ListFacts, Match, Relation
from app.core.eligibility.screening import Assurance
from app.core.facts.dossier import SharedFacts
from app.core.values.canonical import canonical_json
from app.examination.screening.inputs import Inputs, inputs_json, inputs_of
from tests.making.dossiers import dossier

ENTRY = ListEntry(
    id="7",
    name="苏州某某社会工作服务社",
    code="52320508MJ1234567R",
    former_names=("苏州旧名社会工作服务社",),
    first=date(2024, 1, 2),
    last=date(2027, 1, 1),
    reason="提供虚假材料",
    document="吴财购罚〔2025〕3号",
    kind="barring",
)
MATCH = Match(ENTRY, Relation.SAME_NAME, "0.9")
JUDGED = dataclasses.replace(MATCH, judgement=Judgement.UNSURE, judgement_id="jdg_1")


def test_every_field_of_a_case_survives_storage():
    assert all(getattr(ENTRY, field.name) is not None for field in dataclasses.fields(ListEntry)), "give it a value"
    lists = (
        ListFacts("court-dishonest", "csn_1", date(2026, 5, 19), (MATCH, JUDGED), 2, True, "0" * 64, 17),
        ListFacts("tax-serious", None),
    )
    inputs = Inputs(
        check_dossier(dossier()),
        date(2026, 5, 20),
        Assurance.DOCUMENTED,
        CreditFacts(lists),
        SharedFacts(frozenset({"a"}), frozenset({"b"})),
        ({"sha256": "0" * 64, "kind": "other"},),
    )
    assert inputs_of(json.loads(canonical_json(inputs_json(inputs)))) == inputs
