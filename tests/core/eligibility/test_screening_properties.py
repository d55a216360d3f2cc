"""Properties that hold for every bidder, whatever it declares."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.credit.credit_record import CreditFacts, Judgement, ListEntry, ListFacts, Match, Relation
from app.core.eligibility.explain import reason_text, what_would_flip
from app.core.eligibility.messages import STAFF_CODES
from app.core.eligibility.screening import Assurance, Facts, Screening, screen
from app.core.facts.documents import NO_DOCUMENTS
from app.core.facts.dossier import SharedFacts
from app.core.facts.outcome import Outcome, Verdict
from app.core.facts.policy import Check
from app.core.staff.filling import filled_from_papers
from app.core.staff.proofs import Proofs
from app.core.staff.roster import RosterContext, assess_roster, valid_id
from app.core.staff.standing import Standing
from app.examination.screening.evidence import documented
from app.examination.screening.result import Named, result_line
from tests.making.screening_input import AS_OF, NAME, code, dossier, facts_of, line, policy, put, records, resident_id

some = settings(max_examples=60, deadline=None)  # the machine may be busy
often = settings(max_examples=200, deadline=None)
POLICIES = [policy("suzhou-current"), policy("suzhou-2017"), policy(changes={"registration.requireLegalPerson": True})]
PAYERS = (NAME, "苏州市旧名社", "苏州市其他公司", None)

days = st.dates(AS_OF - timedelta(days=150), AS_OF + timedelta(days=20)).map(date.isoformat)
months = st.sampled_from(["2016-01", "2017-01", "2017-02", "2017-03", "2017-04", "2017-05"])
births = st.sampled_from(["1985-03-05", "1957-05-31", "1957-06-01", "2001-06-01", "2001-05-31"])
ids = st.builds(resident_id, births, st.integers(1, 6)) | st.sampled_from(["E1234567", "320508198503050010", None])
periods = st.fixed_dictionaries(
    {"payer": st.sampled_from(PAYERS), "from": st.none() | months, "to": st.none() | months}
)
certificates = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["social_worker", "driver", None]),
        "level": st.sampled_from(["assistant", "senior", "local", None]),
        "number": st.sampled_from(["1001", "1002", "1003", "1004", "1005", "无", None]),
        "approvedOn": st.none() | days,
    }
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["甲", "乙", None]),
        "residentId": ids,
        "employment": st.sampled_from(["full_time", "part_time", "rehired", None]),
        "contractFrom": st.none() | days,
        "contractTo": st.none() | days,
        "socialInsurance": st.none() | periods | st.lists(periods, max_size=3),
        "certificates": st.lists(certificates, max_size=2),
    },
)
rosters = st.lists(st.tuples(st.integers(1, 12), changes), max_size=12).map(
    lambda drawn: [line(number, **varied) for number, varied in drawn]
)
registrations = st.fixed_dictionaries(
    {},
    optional={
        "organization.name": st.sampled_from([None, "晨光服务社"]),
        "organization.formerNames": st.just(["苏州市旧名社"]),
        "organization.identifier.id": st.sampled_from(
            [None, code("91320508"), code("59320508"), code("52320502"), "无"]
        ),
        "organization.registration.kind": st.sampled_from(["filed", None]),
        "organization.registration.authority": st.sampled_from(
            [None, "苏锦街道办事处", "姑苏区民政局", "虎丘区民政局"]
        ),
        "organization.registration.legalForm": st.sampled_from([None, "social_group"]),
        "organization.registration.personality": st.sampled_from([None, "partnership"]),
        "organization.registration.registeredOn": st.sampled_from([None, "2005-01-01"]),
        "organization.registration.validFrom": st.none() | days,
        "organization.registration.validTo": st.none() | days,
        "organization.registration.openEnded": st.booleans(),
        "organization.registration.businessScope": st.none(),
        "organization.registration.annualChecks": st.lists(
            st.fixed_dictionaries(
                {"year": st.sampled_from([None, 2015, 2016]), "conclusion": st.sampled_from([None, "passed", "failed"])}
            ),
            max_size=3,
        ),
        "declarations": st.just([]),
        "auditReports": st.lists(
            st.fixed_dictionaries(
                {
                    "year": st.sampled_from([None, 2015, 2016]),
                    "opinion": st.sampled_from([None, "qualified", "adverse"]),
                }
            ),
            max_size=3,
        ),
    },
)


@st.composite
def dossiers(draw: Any) -> dict[str, Any]:
    data = dossier(None, draw(registrations))
    if draw(st.booleans()):
        data["roster"] = draw(rosters)
    return data


matches = st.builds(
    Match,
    st.builds(
        ListEntry,
        st.sampled_from(["L1", "L2"]),
        st.just("某社"),
        first=st.sampled_from([None, AS_OF, AS_OF + timedelta(days=1)]),
        last=st.sampled_from([None, AS_OF, AS_OF - timedelta(days=1)]),
    ),
    st.sampled_from(list(Relation)),
    st.just("1"),
    st.none() | st.sampled_from(list(Judgement)),
)
retrieved = st.none() | st.sampled_from([AS_OF, AS_OF - timedelta(days=31)])


@st.composite
def credits(draw: Any) -> CreditFacts:
    names = ["court-dishonest", "tax-serious", "procurement-serious", "social-serious", "social-abnormal"]
    clear = [ListFacts(name, "s1", AS_OF) for name in names]
    if draw(st.booleans()):
        spot = draw(st.integers(0, 4))
        found = tuple(draw(st.lists(matches, max_size=2)))
        clear[spot] = ListFacts(names[spot], draw(st.sampled_from(["s1", None])), draw(retrieved), found)
    return CreditFacts(tuple(clear))


@st.composite
def screenings(draw: Any) -> tuple[dict[str, Any], Facts]:
    data = draw(dossiers())
    own = facts_of(data)
    persons = [one.resident_id for one in own.roster if one.resident_id]
    shared = SharedFacts(
        frozenset(draw(st.lists(st.sampled_from(persons), max_size=2)) if persons else ()),
        frozenset(draw(st.lists(st.sampled_from(["1001", "1002"]), max_size=1))),
    )
    assurance = draw(st.sampled_from(list(Assurance)))
    read = documented(records(data, {})).documents if draw(st.booleans()) else NO_DOCUMENTS
    return data, Facts(own, AS_OF, assurance, draw(credits()), shared, read)


policies = st.sampled_from(POLICIES)
RANK = {Verdict.INELIGIBLE: 0, Verdict.NEEDS_REVIEW: 1, Verdict.ELIGIBLE: 2}
STANDING = {Standing.EXCLUDED: 0, Standing.DOUBTFUL: 1, Standing.COUNTABLE: 2}


def outcomes(screening: Screening) -> dict[str, Outcome]:
    return {one.requirement.id: one.outcome for one in screening.responses}


def counts(screening: Screening) -> list[Any]:
    return [one.count for one in screening.responses if one.count]


@some
@given(screenings(), policies, st.randoms())
def test_the_order_of_lines_changes_no_verdict(drawn: Any, rules: Any, random: Any) -> None:
    """Which of a person's lines counts may change, but not how many persons count or may count, nor the verdict."""
    _, facts = drawn
    lines = list(facts.dossier.roster)
    random.shuffle(lines)
    one, other = (
        screen(facts, rules),
        screen(replace(facts, dossier=replace(facts.dossier, roster=tuple(lines))), rules),
    )
    assert (outcomes(one), counts(one), one.score) == (outcomes(other), counts(other), other.score)


@some
@given(screenings(), policies)
def test_one_more_worker_never_hurts(drawn: Any, rules: Any) -> None:
    data, facts = drawn
    worker = line(99, residentId=resident_id("1990-01-01", 99))
    worker["socialInsurance"]["payer"] = data["organization"]["name"] or "旧名"
    more = (*facts.dossier.roster, *facts_of(dossier() | {"roster": [worker]}).roster)
    one, other = screen(facts, rules), screen(replace(facts, dossier=replace(facts.dossier, roster=more)), rules)
    assert other.score >= one.score
    assert RANK[other.verdict] >= RANK[one.verdict]
    assert [row.full_time for row in other.staff[:-1]] == [row.full_time for row in one.staff]


@some
@given(screenings(), policies, st.data())
def test_a_document_less_never_makes_a_verdict_better(drawn: Any, rules: Any, data: Any) -> None:
    declared, facts = drawn
    facts = replace(facts, assurance=Assurance.DOCUMENTED)
    found = records(declared, {})
    gone = data.draw(st.sampled_from(found))
    less = [record for record in found if record is not gone]
    more, fewer = (screen(replace(facts, documents=documented(one).documents), rules) for one in (found, less))
    assert RANK[fewer.verdict] <= RANK[more.verdict]
    assert fewer.score <= more.score
    for one, other in zip(more.staff, fewer.staff, strict=True):
        if "duplicate_in_roster" not in (*one.codes, *other.codes):
            assert STANDING[other.full_time] <= STANDING[one.full_time]
            assert STANDING[other.social_worker] <= STANDING[one.social_worker]


@some
@given(screenings(), policies)
def test_without_documents_documented_is_never_better_than_declared(drawn: Any, rules: Any) -> None:
    """Documents may supply what the dossier leaves out; without any, `documented` only adds open questions."""
    _, facts = drawn
    declared = screen(replace(facts, assurance=Assurance.DECLARED, documents=NO_DOCUMENTS), rules)
    asked = screen(replace(facts, assurance=Assurance.DOCUMENTED, documents=NO_DOCUMENTS), rules)
    assert RANK[asked.verdict] <= RANK[declared.verdict]
    for requirement, outcome in outcomes(asked).items():
        assert (outcome is Outcome.NOT_MET) == (outcomes(declared)[requirement] is Outcome.NOT_MET)


@some
@given(screenings(), policies)
def test_documents_that_supply_nothing_are_never_better_than_declared(drawn: Any, rules: Any) -> None:
    """Letters apart: a signed letter stands in for a declaration that the dossier leaves out."""
    _, facts = drawn
    declared = outcomes(screen(replace(facts, assurance=Assurance.DECLARED), rules))
    asked = screen(replace(facts, assurance=Assurance.DOCUMENTED), rules)
    assume(not asked.filled)
    worse = {Outcome.NOT_MET: 0, Outcome.UNDETERMINED: 1, Outcome.MET: 2}
    for response in asked.responses:
        if response.requirement.check in (Check.DECLARATION, Check.FINANCIAL_ACCOUNTING):
            continue
        before = declared[response.requirement.id]
        assert worse[response.outcome] <= worse[before]
        assert (response.outcome is Outcome.NOT_MET) == (before is Outcome.NOT_MET)


@some
@given(screenings(), policies)
def test_documents_change_no_stated_value(drawn: Any, rules: Any) -> None:
    _, facts = drawn
    asked = replace(facts, assurance=Assurance.DOCUMENTED)
    proofs = Proofs.of(asked.dossier.organization, asked.documents, rules.folding)
    lines, _ = filled_from_papers(asked.dossier.roster, proofs)
    for stated, supplied in zip(asked.dossier.roster, lines, strict=True):
        assert replace(supplied, certificates=stated.certificates, insurance=stated.insurance) == stated
        for before, after in zip(stated.certificates, supplied.certificates, strict=False):
            assert all(getattr(before, name) in (None, "", getattr(after, name)) for name in ("level", "number"))
        for before, after in zip(stated.insurance, supplied.insurance, strict=False):
            assert all(getattr(before, name) in (None, "", getattr(after, name)) for name in ("payer", "first", "last"))


@some
@given(screenings(), policies)
def test_a_replay_is_equal_to_the_byte(drawn: Any, rules: Any) -> None:
    data, facts = drawn
    named = Named("d", data["organization"]["name"], data["organization"]["identifier"]["id"])
    again = replace(facts, dossier=facts_of(json.loads(json.dumps(data))))
    assert result_line(named, screen(facts, rules), facts, rules, "h") == result_line(
        named, screen(again, rules), again, rules, "h"
    )


@some
@given(screenings(), policies)
def test_the_algebra_of_verdicts(drawn: Any, rules: Any) -> None:
    _, facts = drawn
    screening = screen(facts, rules)
    found = set(outcomes(screening).values())
    assert (screening.verdict is Verdict.INELIGIBLE) == (Outcome.NOT_MET in found)
    assert (screening.verdict is Verdict.ELIGIBLE) == (found == {Outcome.MET})
    assert (screening.score == 100) == (screening.verdict is Verdict.ELIGIBLE) or screening.score >= 99
    assert 0 <= screening.score <= 100
    assert [one.requirement for one in screening.responses] == list(rules.requirements)


@some
@given(screenings(), policies)
def test_every_reason_is_said_in_both_languages(drawn: Any, rules: Any) -> None:
    _, facts = drawn
    screening = screen(facts, rules)
    for response in screening.responses:
        assert (response.outcome is Outcome.MET) == (not response.findings)
        for found in response.findings:
            text = reason_text(found, response)
            assert text.zh and text.en and "{" not in text.zh + text.en
            assert ("依据" in text.zh) == (found.outcome is Outcome.NOT_MET)
    flips = list(what_would_flip(screening))
    assert {flip.requirement for flip in flips} == {
        one.requirement.id for one in screening.responses if one.outcome is not Outcome.MET
    }
    assert all(flip.change.zh and flip.change.en for flip in flips)


@some
@given(screenings(), policies)
def test_every_line_is_answered_by_the_closed_list(drawn: Any, rules: Any) -> None:
    _, facts = drawn
    rows = screen(facts, rules).staff
    assert [row.index for row in rows] == list(range(len(facts.dossier.roster)))
    for row in rows:
        assert set(row.codes) <= set(STAFF_CODES)
        assert len(set(row.codes)) == len(row.codes)
        assert row.codes or (row.full_time, row.social_worker) == (Standing.COUNTABLE, Standing.COUNTABLE)
        assert STANDING[row.social_worker] <= STANDING[row.full_time]


@some
@given(screenings(), policies)
def test_no_result_line_holds_an_id_number(drawn: Any, rules: Any) -> None:
    data, facts = drawn
    named = Named("d", data["organization"]["name"], data["organization"]["identifier"]["id"])
    text = result_line(named, screen(facts, rules), facts, rules, "0").decode()
    assert not re.search(r"(?<![0-9a-fA-F])\d{17}[\dXx](?![0-9a-fA-F])", text)


def values(data: Any, path: str = "") -> Iterator[str]:
    """Return dotted paths of all single values that may be missing."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        place = f"{path}.{key}".lstrip(".")
        if isinstance(value, dict | list):
            yield from values(value, place)
        elif value is not None and not place.startswith("declarations"):
            yield place


def _may_be_missing(place: str, data: dict[str, Any]) -> bool:
    """Exclude names in a list, which cannot be null; an ID that joins several lines; months in the wrong order, one of
    which is an error.
    """
    persons = [one["residentId"] for one in data["roster"]]
    is_alone = len(set(persons)) == len(persons)
    if place.endswith((".from", ".to")):
        period: Any = data
        for step in place.split(".")[:-1]:
            period = period[int(step)] if isinstance(period, list) else period[step]
        return not (period["from"] and period["to"] and period["from"] > period["to"])
    return "formerNames" not in place and (is_alone or not place.endswith("residentId"))


@often
@given(screenings(), policies, st.data())
def test_a_missing_value_is_never_held_against_a_bidder(drawn: Any, rules: Any, data: Any) -> None:
    """not_met needs a known fact: replacing any single declared value by null makes no requirement not_met and excludes
    no full-time line that was not so before. (The result may improve, because an excluding fact is gone.)

    Not covered: a missing list of certificates or roster; a missing ID, which makes the line a person of its own
    without the certificates of the person's other lines; months in the wrong order, which are doubtful together but may
    fall short alone.
    """
    declared, facts = drawn
    places = [place for place in values(declared) if _may_be_missing(place, declared)]
    place = data.draw(st.sampled_from(places))
    before = screen(facts, rules)
    put(declared, place, None)
    after = screen(replace(facts, dossier=facts_of(declared)), rules)
    worse = [
        name
        for name, outcome in outcomes(after).items()
        if outcome is Outcome.NOT_MET and outcomes(before)[name] is not Outcome.NOT_MET
    ]
    assert not worse, place
    for one, other in zip(before.staff, after.staff, strict=True):
        if "duplicate_in_roster" not in other.codes:  # which of a person's lines counts may change
            assert other.full_time is not Standing.EXCLUDED or one.full_time is Standing.EXCLUDED, (place, other.codes)


@some
@given(rosters, policies)
def test_a_person_counts_once(roster: Any, rules: Any) -> None:
    own = facts_of(dossier() | {"roster": roster}).roster
    organization = facts_of(dossier()).organization
    assessed = assess_roster(own, RosterContext(AS_OF, rules.staff, organization))
    persons = {valid_id(one.resident_id, AS_OF) or f"line {number}" for number, one in enumerate(own)}
    standing = [row for row in assessed.rows if "duplicate_in_roster" not in row.codes]
    assert len(standing) == len(persons)
    assert assessed.full_time.countable + assessed.full_time.doubtful <= len(persons)
    assert assessed.social_workers.countable <= assessed.full_time.countable
