"""Properties of the leads of any tender."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.integrity.assess import integrity_leads
from app.core.integrity.facts import TenderFacts
from app.core.integrity.leads import Lead, Strength
from tests.making.integrity_input import bidder, resident_id, tender

often = settings(max_examples=120, deadline=None)

ids = st.none() | st.integers(1, 12) | st.sampled_from(["无", "", "320508198503050010", "E1234567", "0" * 18])
days = st.none() | st.dates(date(2014, 1, 1), date(2019, 1, 1))
months = st.none() | st.sampled_from(["2016-01", "2017-06", "2018-01", "2019-04"])
lines = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["王伟", "王 伟", "李娜", "张敏", None]),
        "id": ids,
        "from": days,
        "to": days,
        "insured": st.lists(st.tuples(months, months), max_size=2),
        "certificate": st.none() | st.sampled_from(["20150931000123", "20150931000777", "12345678", "无"]),
    }
)
contacts = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["王伟", "李娜", None]),
        "phone": st.none() | st.sampled_from(["13812345678", "0512-66112233", "无", "0512-66112233转8"]),
        "email": st.none() | st.sampled_from(["a@b.cn", "A@b.cn", "无"]),
    }
)
documents = st.fixed_dictionaries(
    {
        "file": st.sampled_from(["f", "g", "h", "i"]),
        "kind": st.sampled_from(["other", "roster", "declaration", "registration_certificate"]),
        "author": st.none() | st.sampled_from(["王伟", "user", "林晚舟"]),
        "producer": st.none() | st.sampled_from(["WPS"]),
        "images": st.lists(st.sampled_from(["p", "q"]), max_size=2),
    }
)
links = st.fixed_dictionaries(
    {"to": st.sampled_from(["B0", "B1", "某某"]), "kind": st.sampled_from(["management", "shareholding"])}
)
values = st.fixed_dictionaries(
    {
        "roster": st.lists(lines, max_size=6),
        "contacts": st.lists(contacts, max_size=2),
        "documents": st.lists(documents, max_size=2),
        "head": st.fixed_dictionaries({"id": ids}),
        "prices": st.dictionaries(st.sampled_from(["L", "M"]), st.integers(0, 1_000_000), max_size=2),
        "links": st.lists(links, max_size=1),
    }
)


def of(bidders: list[dict[str, Any]]) -> TenderFacts:
    return tender({"alone": True, "bidders": {f"B{number}": one for number, one in enumerate(bidders)}})


tenders = st.lists(values, max_size=7).map(of)


def known(leads: tuple[Lead, ...]) -> list[tuple[Any, ...]]:
    return [
        (lead.id, lead.code, lead.strength, lead.subjects, lead.evidence, lead.blocks, lead.message) for lead in leads
    ]


@often
@given(tenders, st.randoms())
def test_the_order_of_bidders_does_not_matter(facts: TenderFacts, source: Any) -> None:
    shuffled = list(facts.bidders)
    source.shuffle(shuffled)
    assert known(integrity_leads(facts)) == known(integrity_leads(replace(facts, bidders=tuple(shuffled))))


@often
@given(tenders)
def test_every_lead_is_about_two_or_more_with_evidence_of_each_and_once(facts: TenderFacts) -> None:
    leads = integrity_leads(facts)
    assert len({lead.id for lead in leads}) == len(leads)
    for lead in leads:
        assert len(lead.subjects) > 1
        assert {pointer.organization for pointer in lead.evidence} == set(lead.subjects)
        assert lead.blocks <= (lead.article == "政府采购法实施条例 第十八条")


@often
@given(tenders)
def test_no_id_number_is_shown_anywhere(facts: TenderFacts) -> None:
    shown = "".join(f"{replace(lead, shared=None)}" for lead in integrity_leads(facts))
    assert not any(resident_id(number) in shown for number in range(1, 13))


@often
@given(tenders)
def test_a_stranger_takes_no_fact_away(facts: TenderFacts) -> None:
    stranger = bidder("X", {"roster": [{"name": "赵一", "id": 900}], "contacts": [{"phone": "13900000001"}]})
    before = {lead.id for lead in integrity_leads(facts) if lead.strength is Strength.FACT}
    after = {lead.id for lead in integrity_leads(replace(facts, bidders=(*facts.bidders, stranger)))}
    assert before <= after


@often
@given(tenders)
def test_two_bids_give_no_lead_about_prices(facts: TenderFacts) -> None:
    leads = integrity_leads(replace(facts, bidders=facts.bidders[:2]))
    assert not [lead for lead in leads if lead.code.startswith("price")]


@often
@given(st.lists(st.lists(st.sampled_from([None, "", "无", "未提供", "E123"]), max_size=50), max_size=6), st.booleans())
def test_missing_ids_and_fifty_identical_names_give_no_fact(rosters: list[list[str | None]], named: bool) -> None:
    name = "王伟" if named else None
    facts = of([{"roster": [{"name": name, "id": one} for one in roster]} for roster in rosters])
    assert all(lead.strength is not Strength.FACT for lead in integrity_leads(facts))


@often
@given(st.integers(2, 6), st.integers(1, 50))
def test_fifty_namesakes_with_ids_of_their_own_are_no_lead(bidders: int, each: int) -> None:
    people = iter(range(1, bidders * each + 1))
    facts = of([{"roster": [{"name": "王伟", "id": next(people)} for _ in range(each)]} for _ in range(bidders)])
    assert integrity_leads(facts) == ()
