"""Searches in snapshots: names, batches of codes, generated perturbations at a small size."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest

from app.core.facts.dossier import Organization
from app.evidence.credit.index import indexing, on_disk
from app.evidence.credit.index.importer import Library
from app.evidence.credit.index.on_disk import MappedSnapshot, entry_order

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
import credit_names as source

COUNT = 4000
THRESHOLD = 750


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """The snapshot of a list of invented names."""
    directory = tmp_path_factory.mktemp("list")
    file = directory / "list.csv"
    source.write_list(file, COUNT)
    with file.open("a", encoding="utf-8") as more:
        more.write("苏州市星海晨光社会工作服务社,,苏州市晨光社;苏州市星海社工事务所,barring,,,,\n")
        more.write("江苏省苏州市星海晨光社工事务所,,,barring,,,,\n慧馨社工,,,barring,,,,\n,52320508MJ00010675,,,,,,\n")
    library = Library(directory / "library")
    content = library.take(file).manifest.content_sha256
    return MappedSnapshot(library.path(content))


def mades(count=300):
    chosen = sorted(random.Random(5).sample(range(COUNT), count))
    return list(zip(chosen, source.sample(1, COUNT, chosen), strict=True))


def test_a_screening_finds_what_a_search_finds(listed):
    names = source.Names(3)
    asked = [
        Organization("苏州星海晨光社工服务社"),
        Organization("苏州市晨光社"),
        Organization("某中心", "52320508MJ00010675", ("苏州市星海社工事务所",)),
        Organization("苏州市", None),
        Organization("蘇州市星海晨光社會工作服務社"),
    ]
    changes = [*source.SAME.values(), *source.ONE_EDIT.values(), *source.NEGATIVE.values()]
    asked += [Organization(changes[place % len(changes)](made, names)) for place, (_, made) in enumerate(mades())]
    found = 0
    for one in asked:
        searched = listed.search(one, THRESHOLD).found
        matches = listed.matches(one, THRESHOLD)
        assert {match.entry.id for match in matches} == {related.entry.id for related in searched}
        assert [match.entry.id for match in matches] == sorted((match.entry.id for match in matches), key=entry_order)
        found += bool(matches)
    assert found > 100
    assert listed.matches(Organization(None, None), THRESHOLD) == ()


def test_codes_in_a_batch_are_the_codes_one_by_one(listed):
    disk = listed
    codes = np.array(source.uscc(np.arange(COUNT - 500, COUNT + 500)), "S18")
    rows = disk.holders(codes)
    assert rows.tolist() == [*range(COUNT - 500, COUNT), *[-1] * 500]
    assert disk.holders(codes[:0]).tolist() == []


@pytest.mark.parametrize("kind", [*source.SAME, *source.ONE_EDIT, *source.TWO_EDITS])
def test_what_differs_in_writing_alone_is_found(listed, kind):
    disk, names = listed, source.Names(11)
    change = (source.SAME | source.ONE_EDIT | source.TWO_EDITS)[kind]
    least = 5 if kind in source.TWO_EDITS else 3 if kind in source.ONE_EDIT else 1
    asked = [(row, made) for row, made in mades() if len(made.core) >= least and not source.is_numbered(made)]
    missed = []
    for row, made in asked:
        query = Organization(change(made, names))
        if not any(one.entry.id == f"L{row + 2}" for one in disk.search(query, THRESHOLD).found):
            missed.append((made.name, query.name))
    assert missed == []


def test_what_is_another_organization_is_not_found(listed):
    disk, names, found = listed, source.Names(12), []
    for kind, change in source.NEGATIVE.items():
        for row, made in mades(600):
            if source.is_numbered(made) or "numbered" not in kind:
                query = Organization(change(made, names))
                search = disk.search(query, THRESHOLD)
                found += [(made.name, query.name) for one in search.found if one.entry.id == f"L{row + 2}"]
    assert len(found) <= 6  # of more than 1,200


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "阳",
        "😀",
        "😀😀😀",
        "'; DROP TABLE entry; --",
        ".*(苏州|[a-z]+)?%_",
        "苏州市",
        "社会工作服务中心",
        "有限公司",
        "（）",
    ],
)
def test_names_that_say_nothing_find_nothing(listed, name):
    organization = Organization(name)
    assert listed.search(organization, THRESHOLD).found == ()
    assert listed.query(organization).is_insufficient == (
        name not in ("😀😀😀", "'; DROP TABLE entry; --", ".*(苏州|[a-z]+)?%_")
    )


def test_an_entry_is_found_by_its_id(listed):
    disk = listed
    assert disk.entry_by_id("L2") == disk.entry(0)
    assert disk.entry_by_id(f"L{COUNT + 1}") == disk.entry(COUNT - 1)
    for unknown in ("L1", "L999999", "M2", "L", "L２", "2"):
        assert disk.entry_by_id(unknown) is None


def test_an_empty_list_is_searched_too(tmp_path):
    (tmp_path / "list.csv").write_text("name,uscc\n", "utf-8")
    library = Library(tmp_path / "library")
    content = library.take(tmp_path / "list.csv", allow_empty=True).manifest.content_sha256
    empty = MappedSnapshot(library.path(content))
    organization = Organization("苏州市星海晨光社会工作服务社", "52320508MJ00010675")
    assert empty.matches(organization, THRESHOLD) == ()
    assert empty.search(organization, THRESHOLD).found == ()
    assert empty.holders(np.array(["52320508MJ00010675"], "S18")).tolist() == [-1]


def test_codes_whose_hashes_are_the_same_are_told_apart(tmp_path, monkeypatch):
    for module in (indexing, on_disk):
        monkeypatch.setattr(module, "code_words", lambda codes: np.zeros(len(codes), np.uint64))
    codes = source.uscc(np.arange(5))
    (tmp_path / "list.csv").write_text("name,uscc\n" + "".join(f"甲,{code}\n" for code in codes[:4]), "utf-8")
    library = Library(tmp_path / "library")
    disk = MappedSnapshot(library.path(library.take(tmp_path / "list.csv", allow_empty=True).manifest.content_sha256))
    assert disk.holders(np.array(codes, "S18")).tolist() == [0, 1, 2, 3, -1]


def test_a_place_in_brackets_meets_it_before_the_core(tmp_path):
    pairs = [
        ("鄂州市广元聚伟文化传播有限公司", "广元聚伟（鄂州市）文化传播有限公司"),
        ("泰州市山东社工服务社", "山东（泰州市）社工服务社"),
        ("三明市暖阳第一社工服务社", "暖阳第一【三明市】社工服务社"),
        ("厦门市福建闻社工服务社", "福建闻 [厦门] 社工服务社"),
    ]
    for number, (one, other) in enumerate([*pairs, *(pair[::-1] for pair in pairs)]):
        file = tmp_path / f"{number}.csv"
        file.write_text(f"name\n{one}\n", "utf-8")
        library = Library(tmp_path / "library")
        disk = MappedSnapshot(library.path(library.take(file).manifest.content_sha256))
        found = disk.search(Organization(other), THRESHOLD).found
        assert [one.entry.id for one in found] == ["L2"], (one, other)


def test_names_of_any_length_are_looked_up(tmp_path):
    pick = random.Random(9)
    names = ["".join(pick.choices(source.CHARACTERS, k=length)) for length in (1, 2, 39, 40, 41, 200)]
    (tmp_path / "list.csv").write_text("name\n" + "".join(f"{name}\n" for name in [*names, "\ufdfa" * 14]), "utf-8")
    library = Library(tmp_path / "library")
    disk = MappedSnapshot(library.path(library.take(tmp_path / "list.csv", allow_empty=True).manifest.content_sha256))

    def found(name):
        return [one.entry.name for one in disk.search(Organization(name), THRESHOLD).found]

    for name in names:
        assert found(name) == [name]
        if len(name) > 5:
            assert found(name[:-1]) == found(name[0] + name[2:]) == found(f"{name[:20]}乙{name[21:]}") == [name]
    assert found("\ufdfa" * 14) == ["\ufdfa" * 14]  # 18 characters each after folding, 252 together
    assert found("\ufdfa" * 20) == []
