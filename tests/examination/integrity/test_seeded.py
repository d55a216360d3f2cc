"""Seeded tenders: planted collusion is found, and honest bidders get no strong lead (docs/integrity.md covers more)."""

import pytest

from app.core.integrity.assess import integrity_leads
from app.core.integrity.leads import Strength
from tests.making.integrity.scoring import is_told, wrong_leads
from tests.making.integrity.seeding import KINDS, honest, planted


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_planted_is_told(kind: str) -> None:
    for seed in range(2):
        case = planted(kind, 7_000 + seed)
        leads = integrity_leads(case.draft.facts())
        assert is_told(leads, case), [(lead.code, lead.strength, lead.subjects) for lead in leads]
        assert [lead.code for lead in wrong_leads(leads, case)] == []


@pytest.mark.parametrize("block", range(8))
def test_no_fact_and_nothing_strong_about_the_honest(block: int) -> None:
    for seed in range(block * 25, block * 25 + 25):
        sure = [lead for lead in integrity_leads(honest(seed).facts()) if lead.strength is not Strength.WEAK]
        assert [(lead.code, lead.message.en) for lead in sure] == []
