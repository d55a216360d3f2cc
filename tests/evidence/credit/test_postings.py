"""Hashes of single texts equal those of many; postings return what was stored, and the index proposes every candidate."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.credit.matching import related
from app.core.credit.resemblance import edits_allowed
from app.core.facts.dossier import Organization
from app.evidence.credit.index.hashing import Texts, kept_of_core, mixed, weights, whole_hash
from app.evidence.credit.index.importer import Library
from app.evidence.credit.index.lexicon import lexicon
from app.evidence.credit.index.on_disk import MappedSnapshot
from app.evidence.credit.index.postings import Postings, append_padding, number_mask, postings, table
from app.evidence.credit.index.traits import ALL_FAMILIES, ANY_REGION, REGION, name_traits, row_traits

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
import credit_names as source

WORDS = lexicon()
TEXTS = st.text("甲乙丙丁戊己😀a", min_size=1, max_size=12)


@given(TEXTS)
def test_one_text_hashes_as_many_do(text):
    many = Texts.of([text])
    hashes = (weights(len(text), 1) @ mixed(text)).tolist()
    assert hashes == [*many.whole().tolist(), *many.without_one()[0].tolist()]
    assert int(whole_hash(text)) == hashes[0]


@given(TEXTS)
def test_one_core_is_looked_up_by_what_many_are(core):
    kept = kept_of_core(len(core))
    hashes = weights(kept, edits_allowed(kept)) @ mixed(core[:kept])
    assert sorted(hashes.tolist()) == sorted(
        int(one) for found, _ in Texts.of([core]).core_keys() for one in found.tolist()
    )


def opened(directory, hashes, numbers, count):
    values = np.sort(postings(np.array(hashes, np.uint64), np.array(numbers, np.int64), number_mask(count)))
    file = directory / "index"
    values.tofile(file)
    append_padding(file, values)
    return Postings(np.fromfile(file, np.uint64), table(values), count)


HASHES = st.integers(0, 40).map(lambda one: one * 0x0638A7D42F9B1E57 & 2**64 - 1) | st.sampled_from([0, 2**64 - 1])


@settings(deadline=None, max_examples=60)
@given(st.lists(HASHES, max_size=400), st.lists(HASHES, max_size=8), st.integers(0, 8))
def test_postings_give_what_was_put_in(tmp_path_factory, hashes, asked, first):
    """Hashes that hundreds share, the first and the last possible one, and those that no row has."""
    count = max(1, len(hashes))
    own = opened(tmp_path_factory.mktemp("postings"), hashes, range(len(hashes)), count)
    mask = int(number_mask(count))
    under = [[n for n, one in enumerate(hashes) if one & ~mask == wanted & ~mask] for wanted in asked]
    assert [sorted(set(own.of(wanted))) for wanted in asked] == (under if hashes else [[] for _ in asked])
    if asked:
        found = own.under(np.array(asked, np.uint64), first)
        parts = under[:first], under[first:]
        assert [set(part) for part in found] == [{n for numbers in part for n in numbers} for part in parts]


@pytest.mark.parametrize(("count", "bits"), [(0, 1), (1, 1), (2, 1), (3, 2), (256, 8), (257, 9), (10_000_000, 24)])
def test_a_number_takes_as_many_bits_as_it_needs(count, bits):
    assert number_mask(count) == 2**bits - 1


def test_traits_of_a_row_are_those_of_all_its_names():
    social, trade = (name_traits(WORDS, ("320500",), (word,)) for word in ("社工", "贸易"))
    other, bare = name_traits(WORDS, ("110105",), ("社工",)), name_traits(WORDS, (), ())
    names = np.array([social, social, trade, other, social, bare], np.uint32)
    rows = row_traits(names, np.array([0, 2, 2, 3, 3, 5], np.uint32), 7).tolist()
    assert rows[0] == social
    assert rows[1] == rows[4] == rows[6] == 0  # without a name
    assert rows[2] == social | trade
    assert rows[3] & ANY_REGION == ANY_REGION
    assert rows[5] == ALL_FAMILIES
    assert social & int(REGION) == 3205
    assert row_traits(names[:0], np.empty(0, np.uint32), 2).tolist() == [0, 0]


def test_the_index_leaves_out_nothing_that_reaches_the_threshold(tmp_path):
    """Every entry is compared with every query: an entry that the index does not propose must not be a candidate."""
    file, names, pick = tmp_path / "list.csv", source.Names(31), random.Random(2)
    source.write_list(file, 500)
    listed = list(source.sample(1, 500, list(range(500))))
    kinds = [*source.SAME.values(), *source.ONE_EDIT.values(), *source.NEGATIVE.values()]
    alike = [f"{one.city}{one.core}{names.made().trade}{one.form}" for one in listed[:150]]
    with file.open("a", encoding="utf-8") as more:
        more.writelines(f"{one},,{pick.choice(alike)},barring,,,,\n" for one in alike)
    snapshot = MappedSnapshot((library := Library(tmp_path)).path(library.take(file).manifest.content_sha256))
    entries = [snapshot.entry(row) for row in range(snapshot.count)]
    for place, made in enumerate(listed[:40]):
        former = (names.made().name,) * (place % 3 == 0)
        organization = Organization(kinds[place % len(kinds)](made, names), None, former)
        query = snapshot.query(organization)
        words = snapshot.lexicon
        for threshold in (720, 750):  # below are other places, and two characters of which one differs
            wanted = [one for one in entries if (found := related(words, query, one)) and found.score >= threshold]
            found = [one.entry for one in snapshot.search(organization, threshold).found]
            assert sorted(one.id for one in found) == sorted(one.id for one in wanted), (query.name.given, threshold)
