"""One contract for every file store; a new adapter is added by a line in `store`."""

import hashlib
import io
import os
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import obstore
import pytest
from obstore.exceptions import GenericError
from obstore.store import MemoryStore
from sqlalchemy import delete, update

from app.platform.database.data_keys import DataKeyRow, FactsErased
from app.platform.database.sealed import data_keys_of
from app.platform.files.object_store import AT_ONCE, ObjectFileStore
from app.platform.files.store import FileCorrupt, FileMissing, FileTooLarge
from app.platform.files.stream import PIECE
from app.platform.outages import outage_problem

MISSING = "0" * 64
LIMIT = 20 * 1024 * 1024
pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def keys(platform):
    return data_keys_of(platform.engine.dialect)


@pytest.fixture(params=["local", "memory", "s3"])
def store(request, tmp_path, keys):
    if request.param == "s3":
        return ObjectFileStore(request.getfixturevalue("bucket"), limit=LIMIT, keys=keys)
    if request.param == "local":
        return ObjectFileStore((tmp_path / "文件 store").as_uri(), limit=LIMIT, keys=keys)
    store = ObjectFileStore("memory:///", limit=LIMIT, keys=keys)
    assert isinstance(store._store, MemoryStore)
    return store


def addresses(store):
    return sorted(one["path"] for batch in obstore.list(store._store) for one in batch)


@pytest.mark.parametrize("size", [0, 1, 100_000, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, AT_ONCE, AT_ONCE + 1])
def test_bytes_come_back_under_their_hash(store, size):
    content = (b"bidscreen" * (size // 9 + 1))[:size]
    stored = store.put(io.BytesIO(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.size == size
    assert store.read(stored.sha256) == content
    assert b"".join(store.stream(stored.sha256)) == content
    assert store.exists(stored.sha256)


def test_a_file_that_is_there_is_synced_again_before_it_is_acknowledged(tmp_path, keys, monkeypatch):
    """Whoever wrote it may have been killed before its sync."""
    store = ObjectFileStore(tmp_path.as_uri(), limit=LIMIT, keys=keys)
    synced = []
    monkeypatch.setattr(store, "_synced", synced.append)
    store.put(io.BytesIO(b"once"))
    store.put(io.BytesIO(b"once"))
    assert len(synced) == 2 and len(set(synced)) == 1


def test_what_a_killed_writer_left_is_cleared_once_it_is_old(tmp_path, keys):
    store = ObjectFileStore((tmp_path / "files").as_uri(), limit=LIMIT, keys=keys)
    stored = store.put(io.BytesIO(b"once"))
    (file,) = (one for one in (tmp_path / "files").rglob("*") if one.is_file())
    old, new = file.with_name(f"{file.name}#1"), file.with_name(f"{file.name}#2")
    for one in (old, new):
        one.write_bytes(b"half")
    os.utime(old, (1, 1))
    os.utime(file, (1, 1))
    assert [store.clear_unfinished(60), store.clear_unfinished(60)] == [1, 0]
    assert new.exists() and not old.exists()
    assert store.read(stored.sha256) == b"once"


def test_putting_again_changes_nothing(store):
    first = store.put(io.BytesIO(b"once"))
    assert store.put(io.BytesIO(b"once")) == first
    assert store.read(first.sha256) == b"once"
    assert len(addresses(store)) == 1


def test_the_source_is_read_from_its_beginning(store):
    source = io.BytesIO(b"whole")
    source.seek(3)
    assert store.read(store.put(source).sha256) == b"whole"


def test_past_the_limit_nothing_is_kept(store):
    with pytest.raises(FileTooLarge):
        store.put(io.BytesIO(b"12345"), limit=4)
    assert not store.exists(hashlib.sha256(b"12345").hexdigest())
    assert store.put(io.BytesIO(b"1234"), limit=4).size == 4


@pytest.mark.parametrize("name", [MISSING, "../../etc/passwd", "", "ABC", "a" * 63 + "/"])
def test_what_is_not_there_is_missing(store, name):
    with pytest.raises(FileMissing):
        store.read(name)
    with pytest.raises(FileMissing):
        store.read(name, "org_never_seen")


def test_what_lies_in_the_store_tells_nothing_of_the_file(store):
    content = b"a resident's number " * 1000
    stored = store.put(io.BytesIO(content), scope="org_one")
    (address,) = addresses(store)
    kept = bytes(obstore.get(store._store, address).bytes())
    assert stored.sha256 not in address
    assert b"resident" not in kept


def test_equal_files_of_two_scopes_share_neither_address_nor_bytes(store):
    one, two = (store.put(io.BytesIO(b"the same"), scope=scope) for scope in ("org_one", "org_two"))
    assert one == two
    first, second = (bytes(obstore.get(store._store, path).bytes()) for path in addresses(store))
    assert first != second
    assert store.read(one.sha256, "org_one") == store.read(two.sha256, "org_two") == b"the same"
    with pytest.raises(FileMissing):
        store.read(one.sha256, "org_three")


@pytest.mark.parametrize("size", [10, PIECE + 10, AT_ONCE + 10])
def test_a_copy_is_under_its_own_key(store, keys, size):
    content = bytes(size)
    stored = store.put(io.BytesIO(content), scope="org_one")
    store.copy(stored.sha256, "org_one", keys.for_writing("org_two"))
    assert store.read(stored.sha256, "org_two") == content
    assert len(addresses(store)) == 2


def changed(kept, how):
    size = PIECE + 16
    head, pieces = kept[:36], [kept[start : start + size] for start in range(36, len(kept), size)]
    match how:
        case "a bit of the head":
            return bytes([kept[0] ^ 1]) + kept[1:]
        case "a bit of the salt":
            return kept[:10] + bytes([kept[10] ^ 1]) + kept[11:]
        case "a bit of a piece":
            return kept[:-20] + bytes([kept[-20] ^ 1]) + kept[-19:]
        case "the last piece gone":
            return head + b"".join(pieces[:-1])
        case "cut inside a piece":
            return kept[:-5]
        case "two pieces swapped":
            return head + pieces[1] + pieces[0] + b"".join(pieces[2:])
        case "a piece twice":
            return head + pieces[0] + b"".join(pieces)
        case "a piece dropped":
            return head + pieces[0] + b"".join(pieces[2:])
        case "something after it":
            return kept + pieces[-1]
        case "nothing left":
            return b""
        case "in clear":
            return b"true"


@pytest.mark.parametrize(
    "how",
    [
        "a bit of the head",
        "a bit of the salt",
        "a bit of a piece",
        "the last piece gone",
        "cut inside a piece",
        "two pieces swapped",
        "a piece twice",
        "a piece dropped",
        "something after it",
        "nothing left",
        "in clear",
    ],
)
def test_changed_bytes_are_not_handed_out_as_the_file(store, how):
    stored = store.put(io.BytesIO(bytes(range(256)) * 1024 * 3))  # three whole pieces
    (path,) = addresses(store)
    kept = bytes(obstore.get(store._store, path).bytes())
    obstore.put(store._store, path, changed(kept, how))
    with pytest.raises(FileCorrupt):
        store.read(stored.sha256)


def test_a_file_moved_to_another_address_is_not_that_file(store):
    first, second = store.put(io.BytesIO(b"first")), store.put(io.BytesIO(b"second"))
    one, two = addresses(store)
    obstore.put(store._store, one, bytes(obstore.get(store._store, two).bytes()))
    for stored in (first, second):
        try:
            assert hashlib.sha256(store.read(stored.sha256)).hexdigest() == stored.sha256
        except FileCorrupt:
            break
    else:
        pytest.fail("one of the two was moved")


def test_many_writers_of_one_file(store):
    content = b"same" * 10_000
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda _: store.put(io.BytesIO(content), scope="org_one"), range(16)))
    assert len(set(stored)) == 1
    assert store.read(stored[0].sha256, "org_one") == content


def test_without_its_key_a_file_is_erased(store, platform, keys):
    stored = store.put(io.BytesIO(b"gone"), scope="org_one")
    key_id = keys.for_writing("org_one").id.hex()
    with platform.engine.begin() as connection:
        connection.execute(update(DataKeyRow).values(wrapped=None, destroyed_at=platform.clock()))
    keys.forget([key_id])
    assert not store.exists(stored.sha256, "org_one")
    with pytest.raises(FactsErased):
        store.read(stored.sha256, "org_one")
    again = store.put(io.BytesIO(b"new"), scope="org_one")
    assert store.read(again.sha256, "org_one") == b"new"
    with pytest.raises(FactsErased):
        store.read(stored.sha256, "org_one")
    with platform.engine.begin() as connection:
        connection.execute(delete(DataKeyRow))


class Endless(io.RawIOBase):
    """A stream of this many zero bytes, without storing them."""

    def __init__(self, size):
        self.size, self.place = size, 0

    def seek(self, place, whence=0):
        self.place = place
        return place

    def read(self, count=-1):
        piece = bytes(min(count, self.size - self.place))
        self.place += len(piece)
        return piece


def test_a_large_file_takes_little_memory(tmp_path, keys):
    size = 100 * 2**20
    store = ObjectFileStore((tmp_path / "store").as_uri(), limit=100 * 2**20, keys=keys)
    tracemalloc.start()
    stored = store.put(Endless(size), scope="org_one")
    read = sum(map(len, store.stream(stored.sha256, "org_one")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (stored.size, read) == (size, size)
    assert peak < 24 * 2**20


def test_a_store_that_is_away_fails_within_seconds(keys, monkeypatch):
    """Nobody listens: the caller learns it soon, and that it passes."""
    for name, value in {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ALLOW_HTTP": "true"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tester")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    away = ObjectFileStore("s3://nobody/files", limit=LIMIT, keys=keys)
    began = time.monotonic()
    with pytest.raises(GenericError) as failed:
        away.put(io.BytesIO(b"x"))
    assert time.monotonic() - began < 15
    assert outage_problem(failed.value).code == "store_unavailable"
