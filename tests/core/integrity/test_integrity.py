"""The small rules behind the leads, as tables: normalisation of values, conditions of leads, the graph."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.core.facts.dossier import RosterLine
from app.core.integrity.assess import integrity_leads
from app.core.integrity.contacts import address_key, is_mobile, mailbox, telephone
from app.core.integrity.facts import BidderDocument, FileOrigin, Spot
from app.core.integrity.files import author_key, creation_key, fonts_key
from app.core.integrity.flag_state import Decision, FlagFinding, FlagState, State, cleared, holds_up, state_of
from app.core.integrity.graph import Graph, Link, Tie, graph_of
from app.core.integrity.guards import Guards
from app.core.integrity.leads import Pointer
from app.core.integrity.network import network_key
from app.core.integrity.people import overlapping_entries
from app.core.integrity.persons import PersonLine, birth_in, is_unique_number, person_name, shown_number
from app.core.integrity.prices import grain
from app.core.integrity.signals import SIGNALS, article_of
from app.core.values.identity import birth_date, parse_uscc
from tests.making.integrity_input import resident_id, tender, uscc


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("0512-66112233", "051266112233"),
        ("（０５１２）6611 2233", "051266112233"),
        ("0512-66112233转801", "051266112233#801"),
        ("0512-66112233 ext.801", "051266112233#801"),
        ("66112233转", "66112233"),
        ("+86 138 1234 5678", "13812345678"),
        ("0086-13812345678", "13812345678"),
        ("110", ""),
        ("00000000", ""),
        ("无", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_telephones(text: str | None, compared: str) -> None:
    assert telephone(text) == compared


def test_mobile_numbers_are_one_persons() -> None:
    assert [is_mobile(number) for number in ("13812345678", "12812345678", "051266112233")] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "compared"), [(" A@B.cn", "a@b.cn"), ("ａ@b.cn", "a@b.cn"), ("a@b", ""), ("a b", ""), (None, "")]
)
def test_mailboxes(text: str | None, compared: str) -> None:
    assert mailbox(text) == compared


def test_addresses() -> None:
    assert address_key("苏州市 姑苏区，人民路１２３号（２０１室）") == address_key("苏州市姑苏区人民路123号201室")
    assert address_key("苏州市") == address_key(None) == ""


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("320508198503050010", "19850305"),
        ("32050819850305001x", "19850305"),
        (" 320508 198503050010", "19850305"),
        ("320508198513050010", ""),
        ("320508188503050010", ""),
        ("３２０５０８１９８５０３０５００１０", "19850305"),
        ("E1234567", ""),
        (None, ""),
    ],
)
def test_birth_dates_legible_in_ids(text: str | None, digits: str) -> None:
    assert birth_in(text) == digits


def test_certificate_numbers_that_can_be_one_persons() -> None:
    assert is_unique_number("20150931000123")
    assert not any(map(is_unique_number, ("1234567", "00000000", "12121212", "12345678", "98765432")))
    assert shown_number("20150931000123") == "**********0123"


def test_spellings_of_a_name() -> None:
    assert {person_name(name) for name in ("买买提·艾力", "买买提•艾力", " 买买提．艾力")} == {"买买提·艾力"}
    assert person_name(None) == ""


@pytest.mark.parametrize(
    ("fen", "rounded"), [(95_000_000, 5_000_000), (95_123_850, 50), (95_100_000, 100_000), (1, 1), (15, 5)]
)
def test_what_a_price_was_rounded_to(fen: int, rounded: int) -> None:
    assert grain(fen) == rounded


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        (" 58.210.1.2", "58.210.1.2"),
        ("2001:4860:0:0::8888", "2001:4860::8888"),
        ("10.0.0.1", ""),
        ("100.64.3.4", ""),
        ("::1", ""),
        ("x", ""),
        (None, ""),
    ],
)
def test_network_addresses(text: str | None, compared: str) -> None:
    assert network_key(text) == compared


def test_authors() -> None:
    assert author_key("林 晚舟") == "林晚舟"
    for common in (
        "Administrator",
        "USER01",
        "微软用户",
        "WPS_1526",
        "DESKTOP-7F3K",
        "联想",
        "--",
        "",
        "a",
        "anonymous",
        None,
    ):
        assert author_key(common) == "", common


def test_creation_times() -> None:
    def key(*time: int) -> str:
        return creation_key(BidderDocument("f", origin=FileOrigin(created_at=datetime(*time, tzinfo=UTC))))  # type: ignore[arg-type]

    assert key(2019, 5, 20, 2, 3, 4) == "2019-05-20T02:03:04+00:00"
    assert key(2019, 5, 20) == key(2013, 12, 23, 23, 15) == creation_key(BidderDocument("f")) == ""


def test_font_subsets() -> None:
    def key(*fonts: str) -> str:
        return fonts_key(BidderDocument("f", origin=FileOrigin(fonts=fonts)))

    assert key("RLMVXD+Kai", "QKZWPT+Song", "Arial") == "QKZWPT+Song\nRLMVXD+Kai"
    assert key("QKZWPT+Song") == key("ABCDEE+Song", "BCDFEE+Kai") == key("CAAAAA+Song", "DAAAAA+Kai") == key() == ""


def test_articles_by_the_day() -> None:
    six = SIGNALS["same_bond_account"]
    assert article_of(six, date(2017, 9, 30)) == "招标投标法实施条例 第四十条第（六）项"
    assert article_of(six, date(2017, 10, 1)) == "财政部令第87号 第三十七条第（六）项"
    assert article_of(SIGNALS["direct_holding"], date(2017, 5, 31)) == "政府采购法实施条例 第十八条"
    assert {signal.case for signal in SIGNALS.values()} == set(range(7))


def test_new_evidence_opens_again_less_does_not() -> None:
    decided = Decision(FlagFinding.DISMISSED, frozenset({"a", "b"}))
    assert state_of(None, {"a"}) is State.OPEN
    assert state_of(decided, {"a", "b"}) is state_of(decided, {"a"}) is State.DISMISSED
    assert state_of(decided, {"a", "c"}) is State.OPEN
    assert state_of(Decision(FlagFinding.CONFIRMED, frozenset({"a"})), {"a"}) is State.CONFIRMED


def standing(**changed: Any) -> FlagState:
    values = {
        "code": "same_person_in_charge",
        "state": State.OPEN,
        "current": True,
        "blocks": True,
        "subjects": ("A", "B"),
        "lots": ("L1",),
    }
    return FlagState(**{**values, **changed})


def test_what_an_undecided_exclusion_ground_holds_up() -> None:
    assert (
        holds_up(standing(), "A", "L1") and holds_up(standing(), "B", None) and holds_up(standing(lots=()), "A", "L9")
    )
    assert not holds_up(standing(), "A", "L2")
    assert not holds_up(standing(), "C", "L1")
    for changed in ({"state": State.DISMISSED}, {"state": State.CONFIRMED}, {"current": False}, {"blocks": False}):
        assert not holds_up(standing(**changed), "A", "L1")


def test_only_what_was_dismissed_is_cleared_for_its_subjects_only() -> None:
    flags = [(standing(state=State.DISMISSED), "1"), (standing(), "2"), (standing(state=State.CONFIRMED), "3")]
    assert cleared(flags, "A") == {"1"}
    assert cleared(flags, "C") == set()


def test_the_graph_puts_persons_and_documents_between_bidders() -> None:
    person = Tie(
        "t1",
        "same_person_two_bidders",
        "fact",
        ("A", "B"),
        (Link("A", "roster", None, "3205"), Link("B", "roster", None, "3205")),
    )
    file = Tie("t2", "same_file", "fact", ("A", "B"), (Link("A", "file", "f" * 64), Link("B", "file", "f" * 64)))
    link = Tie("t3", "direct_holding", "fact", ("A", "C"), (Link("A", "controlLinks"), Link("C", "organization")))
    mixed = Tie("t4", "files_mixed_up", "weak", ("B", "C"), (Link("B", "mention", "e" * 64), Link("C", "organization")))
    graph = graph_of([person, file, link, mixed], {"A": "甲社"})
    assert [(node.kind, node.label) for node in graph.nodes] == [
        ("bidder", "甲社"),
        ("bidder", "B"),
        ("bidder", "C"),
        ("document", "e" * 12),
        ("document", "f" * 12),
        ("person", "3205"),
    ]
    assert [(edge.source, edge.target, edge.tie) for edge in graph.edges] == [
        ("A", "C", "t3"),
        ("A", f"document:{'f' * 64}", "t2"),
        ("A", "person:t1", "t1"),
        ("B", "C", "t4"),
        ("B", f"document:{'e' * 64}", "t4"),
        ("B", f"document:{'f' * 64}", "t2"),
        ("B", "person:t1", "t1"),
    ]
    assert graph_of([], {}) == Graph((), ())


def test_the_same_evidence_in_another_row_is_the_same() -> None:
    assert Pointer("A", "roster", "/roster/1").identity == Pointer("A", "roster", "/roster/7").identity
    assert Pointer("A", "text", spot=Spot("f", 1)).identity != Pointer("A", "text", spot=Spot("g", 1)).identity


def test_ids_of_leads_come_from_what_is_shared_alone() -> None:
    def found(*bidders: str) -> str:
        case = {"bidders": {name: {"roster": [{"name": "甲", "id": 1}]} for name in bidders}}
        (lead,) = integrity_leads(tender(case))
        return lead.id

    assert found("A", "B") == found("B", "C", "D")


def test_so_many_lines_of_one_person_are_no_change_of_jobs() -> None:
    lines = [
        PersonLine(name, index, RosterLine("甲", contract_from=date(2010, 1, 1), contract_to=date(2010 + place, 1, 2)))
        for place, name in enumerate("AB")
        for index in range(30)
    ]
    assert len(overlapping_entries(lines)) == 60


def test_the_guards_are_figures() -> None:
    case = {"bidders": {name: {"contacts": [{"phone": "13812345678"}]} for name in "ABC"}}
    (lead,) = integrity_leads(tender(case), Guards(common=2))
    assert lead.strength == "weak"
    case = {"bidders": {"A": {"addresses": ["人民路123号201室"]}, "B": {"addresses": ["人民路123号201室"]}}}
    (lead,) = integrity_leads(tender(case), Guards(few_bids=5))  # two bids that share an address are a lead
    assert (lead.code, lead.strength) == ("same_address", "strong")


def test_codes_and_ids_of_the_cases_are_valid() -> None:
    assert birth_date(resident_id(1)) and parse_uscc(uscc(7))


def test_creation_times_are_strong_only_while_files_are_few() -> None:
    """With very many files two equal seconds are likely; a common author makes the lead strong nevertheless."""

    def told(author: str | None) -> list[str]:
        many = [
            {
                "file": f"{name}{n}",
                "made": f"2019-05-{10 + n // 3600 % 20}T0{'AB'.index(name) + 1}:{n // 60 % 60:02d}:{n % 60 or 1:02d}+08:00",
            }
            for name in "A"
            for n in range(90)
        ]
        shared = {"made": "2019-05-30T10:11:12+08:00", "author": author}
        case = {
            "bidders": {
                "A": {"documents": [*many, {"file": "x", **shared}]},
                "B": {"documents": [{"file": "y", **shared}]},
            }
        }
        leads = integrity_leads(tender(case))
        return [lead.strength for lead in leads if lead.code == "same_creation_time"]

    assert (told(None), told("林晚舟")) == (["weak"], ["strong"])
