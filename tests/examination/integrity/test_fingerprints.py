"""File features that reveal the origin, extracted in a child; and which bidders a document names."""

import hashlib

import pytest

from app.core.integrity.facts import Spot
from app.evidence.reading.fingerprints.fingerprint import fingerprint, text_parts
from app.evidence.reading.isolation.pool import Pool
from app.examination.integrity.documents import addresses_in, certified_in, document_facts, origin_of
from app.examination.integrity.mentions import Names, mentions_of
from app.examination.integrity.text import Common, TextSample, common_of, sample_of, shared_variants, text_matches
from tests.making.dossiers import uscc
from tests.making.integrity.made_files import pdf, plan, scan, sheet, word

NAME = "苏州市第一社会工作服务社"
OTHER = "苏州市第二社会工作服务社"


def test_a_pdf():
    lines = [f"投标人：{NAME}", f"统一社会信用代码 {uscc(7)} 服务方案正文", *plan(1, 6)]
    taken = fingerprint(pdf([lines, ["第二页只有一句话和一张扫描图片在这里"]], picture=scan()), "方案.pdf")
    origin = taken["origin"]
    assert (origin["author"], origin["producer"], origin["createdAt"]) == (
        "林晚舟",
        "bidscreen sample",
        "2026-05-01T10:03:04",
    )
    assert origin["documentId"] and origin["fonts"]
    sha256, page, box = taken["images"][0]
    assert (sha256, page) == (hashlib.sha256(scan()).hexdigest(), 2)
    assert box == pytest.approx([0.1, 0.4, 0.6, 0.9], abs=0.01)
    mentions = {said[-18:].removeprefix("投标人:"): (page, box) for said, page, box in taken["mentions"]}
    assert mentions[NAME][0] == mentions[uscc(7)][0] == 1
    assert mentions[NAME][1][1] < mentions[uscc(7)][1][1] < 0.2
    assert [sentence[0] + "。" for sentence in taken["sentences"]][-1] == plan(1, 6)[-1]


def test_office_files():
    taken = fingerprint(word(plan(1), picture=scan()), "方案.docx")
    assert (taken["origin"]["author"], taken["origin"]["createdAt"]) == ("林晚舟", "2026-05-01T02:03:04Z")
    assert taken["images"] == [[hashlib.sha256(scan()).hexdigest(), None, None]]
    assert len(taken["sentences"]) == 24
    assert fingerprint(sheet(), "花名册.xlsx")["origin"]["author"] == "林晚舟"


def test_a_scan_is_the_same_stream_alone_and_inside_a_pdf():
    alone = fingerprint(scan(), "扫描.jpg")
    inside = fingerprint(pdf([["一张扫描图片在这里没有别的文字内容"]], picture=scan()), "扫描.pdf")
    assert alone["images"][0][0] == inside["images"][0][0]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 broken", b"PK\x03\x04broken", b"\x00\x01", "只是文字".encode()])
def test_what_cannot_be_read_has_no_parts(data):
    taken = fingerprint(data, "")
    assert (taken["origin"], taken["images"], taken["sentences"], taken["mentions"]) == ({}, [], [], [])


def test_fingerprints_are_taken_in_a_child():
    with Pool(1) as pool:
        assert pool.fingerprint(scan(), "") == fingerprint(scan(), "")


def sample(bidder, text, *, is_form=False):
    pieces = [(text[at : at + 30], 1 + at // 300, (0.1, 0.1, 0.9, 0.2)) for at in range(0, len(text), 30)]
    return sample_of(bidder, f"{bidder}.pdf", text_parts(pieces), is_form=is_form)


def test_alike_texts_with_their_pages():
    one, other = "".join(plan(1)), "".join(plan(2))
    (match,) = text_matches([sample("A", one), sample("B", one[:600] + other), sample("C", other[::-1])], Common(), 3)
    assert match.bidders == ("A", "B") and 0.4 < match.alike < 0.9
    assert match.shared > 40 and len(match.spots) == 2
    assert {spot.document for pair in match.spots for spot in pair} == {"A.pdf", "B.pdf"}
    assert {pair[0].page for pair in match.spots} == {1, 2} and match.spots[0][0].box == (0.1, 0.1, 0.9, 0.2)


def test_what_the_tender_says_or_many_say_is_taken_away():
    text = "".join(plan(1))
    assert text_matches([sample("A", text), sample("B", text)], common_of([sample("tender", text)]), 3) == []
    assert text_matches([sample(name, text) for name in "ABCD"], Common(), 3) == []
    assert text_matches([sample("A", text), sample("A", text)], Common(), 3) == []
    assert text_matches([sample("A", text, is_form=True), sample("B", text, is_form=True)], Common(), 3) == []
    assert text_matches([], Common(), 3) == text_matches([sample("A", ""), sample("B", "")], Common(), 3) == []


def test_a_place_beyond_the_spots_is_the_file():
    assert TextSample("A", "a.pdf", sample("A", "").hashes).spot(3) == Spot("a.pdf")


def test_rare_errors_against_the_usual_form():
    usual = "每个社区必须建立居民家庭需求档案并完成资源调查盘点。"
    slip = usual.replace("需求", "须求")
    figures = "个案服务不少于六十人次并于每月月底前提交9份记录表。"
    samples = [sample("A", slip), sample("B", slip), sample("C", figures), sample("D", figures)]
    (variant,) = shared_variants(samples, common_of([sample("tender", usual + figures.replace("9", "8"))]), 3)
    assert (variant.text, variant.usual) == (slip[:-1], usual[:-1])
    assert [bidder for bidder, _ in variant.spots] == ["A", "B"]
    many = [sample(name, usual) for name in "EFGH"]
    assert [one.text for one in shared_variants([*samples, *many], Common(), 3)] == [slip[:-1]]
    assert shared_variants(samples, Common(), 3) == []


def record(kind="other", fields=(), **other):
    return {"sha256": "f", "kind": kind, "fields": list(fields), "rows": [], **other}


def field(name, value, group=0):
    return {"field": name, "value": value, "page": 2, "box": [0.1, 0.2, 0.3, 0.4], "group": group}


@pytest.mark.parametrize(
    ("said", "mention"),
    [
        (f"投标人名称：{OTHER}", (OTHER, True)),
        (f"供应商（盖章）：{OTHER}", (OTHER, True)),
        (f"我单位{OTHER}", (OTHER, True)),
        (f"曾与{OTHER}", (OTHER, False)),
        (f"投标人：{NAME}", (NAME, True)),
        (uscc(7), (uscc(7), False)),
        ("某某社会工作服务社", None),
    ],
)
def test_mentions_in_the_text(said, mention):
    found = mentions_of(record(), {"mentions": [[said, 3, [0, 0, 1, 1]]]}, Names([NAME, OTHER, None]))
    assert [(one.text, one.as_self) for one in found] == ([mention] if mention else [])
    assert all(one.spot == Spot("f", 3, (0, 0, 1, 1)) for one in found)


def test_the_longest_name_is_meant():
    names = Names(["社会工作服务社", OTHER])
    assert names.at_end(f"与{OTHER}") == OTHER
    assert names.at_end("某某社会工作服务社") == "社会工作服务社"


def test_mentions_in_the_fields():
    names = Names([NAME, OTHER])
    fields = [
        field("organization", OTHER),
        field("organization", "别家"),
        field("signedOn", "2026-05-01"),
        field("uscc", uscc(7)),
        field("name", None),
    ]
    found = mentions_of(record("declaration", fields), {}, names)
    assert [(one.text, one.as_self) for one in found] == [(OTHER, True), (uscc(7), True)]
    assert mentions_of(record("social_worker_certificate", fields), {}, names) == ()


def test_documents_as_facts():
    taken = {"origin": {"author": "林晚舟", "createdAt": "2026-05-01T10:03:04"}, "images": [["i", 1, None]]}
    facts = document_facts(record(rows=[{}, {}], provenance={"producer": "WPS", "author": "旧"}), taken, Names([]))
    assert (facts.origin.producer, facts.origin.author, facts.persons) == ("WPS", "林晚舟", 2)
    assert facts.origin.created_at is not None and facts.origin.created_at.isoformat() == "2026-05-01T10:03:04+08:00"
    assert facts.images[0].spot == Spot("f", 1)
    assert origin_of({"createdAt": "gestern"}).created_at is origin_of({}).created_at is None


def test_people_and_addresses_in_certificates():
    first = [field("name", "甲"), field("birthDate", "1985-03-05"), field("number", "2015")]
    fields = [*first, field("name", "乙", 1), field("birthDate", "1990-01", 1)]
    first, second = certified_in(record("social_worker_certificate", fields))
    assert (first.name, first.birth.isoformat(), first.number, first.resident_id) == ("甲", "1985-03-05", "2015", None)
    assert (second.name, second.birth) == ("乙", None)
    assert certified_in(record()) == addresses_in(record()) == []
    (address,) = addresses_in(
        record("registration_certificate", [field("address", "人民路1号"), field("address", None)])
    )
    assert (address.text, address.spot) == ("人民路1号", Spot("f", 2, (0.1, 0.2, 0.3, 0.4)))
