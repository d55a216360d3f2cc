"""Matching on a realistic list: trades are learnt from it, frequent values mean little."""

import sys
from pathlib import Path

import pytest

from app.core.facts.dossier import Organization
from app.evidence.credit.index.importer import Library
from app.evidence.credit.index.on_disk import MappedSnapshot

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
from credit_lists import Maker

THRESHOLD = 750
PLANTED = (
    "无锡市滨湖区润禾社会工作服务中心",
    "南通市崇川区已安社会工作服务社",
    "扬州市邗江区磐石手语翻译服务中心",
    "常州磐泽科技有限公司",
    "江苏省老年人体育协会",
    "无锡市社会工作协会",
    "何庆云",
    "盐城市亭湖区阳光社会工作促进会",
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    directory = tmp_path_factory.mktemp("learnt")
    maker = Maker(5)
    names = [maker.one().name for _ in range(12_000)]
    (directory / "list.csv").write_text("name\n" + "".join(f"{name}\n" for name in (*names, *PLANTED)), "utf-8")
    library = Library(directory / "library")
    return MappedSnapshot(library.path(library.take(directory / "list.csv").manifest.content_sha256))


def found(snapshot, name):
    return [one.entry.name for one in snapshot.search(Organization(name), THRESHOLD).found]


@pytest.mark.parametrize(
    ("asked", "planted"),
    [
        ("无锡市滨湖区润和社会工作服务中心", PLANTED[0]),  # the same sound
        ("无锡市滨湖区禾润社会工作服务中心", PLANTED[0]),  # swapped
        ("无锡润和社会工作服务社", PLANTED[0]),  # the same sound, district left out, another form
        ("南通市崇川区己安社会工作服务社", PLANTED[1]),  # the same looks
        ("扬州市磐石手语翻译服务中心", PLANTED[2]),  # district left out
        ("扬州市邗江区磐石手语翻译服务中心（本部）", PLANTED[2]),
        ("常州磐泽科技有限公司徐州办事处", PLANTED[3]),
        ("某某经营部（曾用名：常州磐泽科技有限公司）", PLANTED[3]),
    ],
)
def test_a_disguise_of_an_entry_is_a_candidate(snapshot, asked, planted):
    assert planted in found(snapshot, asked)


@pytest.mark.parametrize(
    ("asked", "planted"),
    [
        ("扬州市邗江区采薇手语翻译服务中心", PLANTED[2]),  # a learnt trade is no core
        ("扬州市手语翻译协会", PLANTED[2]),
        ("镇江市老年人体育协会", PLANTED[4]),  # without a core the place distinguishes them
        ("徐州市社会工作协会", PLANTED[5]),
        ("庆云贸易有限公司", PLANTED[6]),  # the entry is a person
        ("盐城市阳光文化传媒有限公司", PLANTED[7]),  # a popular word, another kind of body, a wider place
    ],
)
def test_what_only_shares_frequent_parts_is_clear(snapshot, asked, planted):
    assert planted not in found(snapshot, asked)


def test_trades_are_learnt_and_nothing_else(snapshot):
    learnt = set(snapshot.lexicon.trades)
    assert {"手语翻译", "法律援助", "乡村振兴", "古建修缮", "票据印制"} <= learnt
    assert not {"阳光", "爱心", "译手语", "光手语翻译"} & learnt


def test_few_innocents_get_a_candidate(snapshot):
    maker, asked, got = Maker(6), 0, 0
    while asked < 400:
        made = maker.one()
        if made.form:
            asked, got = asked + 1, got + bool(found(snapshot, made.name))
    assert got <= 12


def test_a_whole_name_without_a_core_is_no_insufficient_query(snapshot):
    assert not snapshot.query(Organization("徐州市社会工作协会")).is_insufficient
    assert snapshot.query(Organization("社会工作协会")).is_insufficient
