"""One contract for every file store; a new adapter joins by a line in `stores`."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import obstore
import pytest
from obstore.store import MemoryStore

from app.files.object_store import AT_ONCE, ObjectFileStore
from app.files.store import FileCorrupt, FileMissing, FileTooLarge

MISSING = "0" * 64


@pytest.fixture(params=["local", "memory"])
def store(request, tmp_path):
    if request.param == "local":
        return ObjectFileStore((tmp_path / "文件 store").as_uri(), limit=20 * 1024 * 1024)
    store = ObjectFileStore("memory:///", limit=20 * 1024 * 1024)
    assert isinstance(store._store, MemoryStore)
    return store


@pytest.mark.parametrize("size", [0, 1, 100_000, AT_ONCE, AT_ONCE + 1])
def test_bytes_come_back_under_their_hash(store, size):
    content = (b"bidscreen" * (size // 9 + 1))[:size]
    stored = store.put(io.BytesIO(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.size == size
    assert store.read(stored.sha256) == content
    assert b"".join(store.stream(stored.sha256, chunk=1000)) == content
    assert store.exists(stored.sha256)


def test_putting_again_changes_nothing(store):
    first = store.put(io.BytesIO(b"once"))
    assert store.put(io.BytesIO(b"once")) == first
    assert store.read(first.sha256) == b"once"


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


def test_changed_bytes_are_not_handed_out_as_the_file(store):
    stored = store.put(io.BytesIO(b"true"))
    path = f"{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.sha256}"
    obstore.put(store._store, path, b"fake")
    with pytest.raises(FileCorrupt):
        store.read(stored.sha256)


def test_many_writers_of_one_file(store):
    content = b"same" * 10_000
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda _: store.put(io.BytesIO(content)), range(16)))
    assert len(set(stored)) == 1
    assert store.read(stored[0].sha256) == content
