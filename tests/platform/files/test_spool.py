"""The upload spool returns what was written, from any position, and its content on disk is unreadable."""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.platform.files.spool import EncryptedSpool

STEPS = st.lists(st.tuples(st.integers(0, 3000), st.integers(-1, 500)), max_size=12)


@given(
    pieces=st.lists(st.binary(max_size=700), max_size=8), reads=STEPS, in_memory=st.sampled_from([0, 1, 600, 10_000])
)
def test_it_behaves_like_a_file(pieces, reads, in_memory):
    plain = io.BytesIO()
    with EncryptedSpool(in_memory) as spool:
        for piece in pieces:
            assert spool.write(piece) == plain.write(piece)
        for place, size in reads:
            assert spool.seek(place) == plain.seek(place)
            assert spool.read(size) == plain.read(size)
            assert spool.tell() == plain.tell()
        spool.seek(0, os.SEEK_END)
        assert spool.tell() == len(plain.getvalue())


def test_nothing_written_is_overwritten():
    with EncryptedSpool(4) as spool:
        spool.write(b"0123456789")
        spool.seek(3)
        with pytest.raises(io.UnsupportedOperation):
            spool.write(b"x")


def on_disk() -> list[bytes]:
    """Return the contents of all unnamed files that this process has open."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            if "(deleted)" in (name := str(link.readlink())) and "/memfd:" not in name:
                found.append(link.read_bytes())
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux lists a process's files")
def test_the_disk_holds_ciphertext_from_the_first_byte():
    marked = b"3205081990010112" * 200_000
    with EncryptedSpool() as spool:
        for start in range(0, len(marked), 65536):
            spool.write(marked[start : start + 65536])
        files = [content for content in on_disk() if len(content) == len(marked)]
        assert files, "a file of this size lies on the disk"
        assert not any(b"320508199001" in content for content in files)
        spool.seek(0)
        assert spool.read() == marked
