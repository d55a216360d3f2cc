"""Temporary storage of uploads: in memory up to a size, beyond it in an unnamed file that holds ciphertext only.

The key exists in this object's memory and ends with it. Counter mode suits a file that is written once, from the
beginning to the end, and read from any place: each byte of the key stream is used for one byte of the file only, since
nothing is ever overwritten. Only this process can reach the file, so its bytes need no authentication.
"""

import io
import os
import tempfile
from typing import IO, Any, cast

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

IN_MEMORY = 1024 * 1024
_BLOCK, _COUNTER = 16, 1 << 128


class EncryptedSpool(io.BufferedIOBase):
    """A seekable file of bytes, written once; `io.UnsupportedOperation` for a write before its end.

    It has the members by which Starlette's UploadFile recognises whether a write needs a thread (`_rolled`, `_max_size`).
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        super().__init__()
        self._max_size = in_memory
        self._memory: io.BytesIO | None = io.BytesIO()
        self._disk: IO[bytes] | None = None
        self._place = self._size = 0
        self._key, self._first = os.urandom(32), int.from_bytes(os.urandom(_BLOCK))
        self._writing: CipherContext | None = None

    @property
    def _rolled(self) -> bool:
        return self._disk is not None

    def write(self, data: Any) -> int:
        """Append bytes; return their number."""
        if self._place != self._size:
            raise io.UnsupportedOperation("written bytes are never overwritten")
        piece = bytes(data)
        if self._memory is not None and self._size + len(piece) > self._max_size:
            self._roll(self._memory)
        if self._memory is not None:
            self._memory.write(piece)
        else:
            self._append(piece)
        self._size += len(piece)
        self._place = self._size
        return len(piece)

    def read(self, size: int | None = -1) -> bytes:
        """Return up to `size` bytes from the current place; fewer only at the end."""
        left = max(0, self._size - self._place)
        wanted = left if size is None or size < 0 else min(size, left)
        piece = self._memory_piece(wanted) if self._memory is not None else self._disk_piece(wanted)
        self._place += len(piece)
        return piece

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a place and return it."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def tell(self) -> int:
        """Return the current place."""
        return self._place

    def readable(self) -> bool:
        """Return True: it can always be read."""
        return True

    def writable(self) -> bool:
        """Return True: it can be written at its end."""
        return True

    def seekable(self) -> bool:
        """Return True: its position can always be changed."""
        return True

    def close(self) -> None:
        """Release the file and the key."""
        if self._disk is not None:
            self._disk.close()
        self._memory, self._key, self._writing = None, b"", None
        super().close()

    def _roll(self, memory: io.BytesIO) -> None:
        self._disk = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed with this object
        self._writing = self._cipher(0).encryptor()
        self._memory = None
        self._append(memory.getvalue())

    def _append(self, piece: bytes) -> None:
        disk, writing = cast(IO[bytes], self._disk), cast(CipherContext, self._writing)
        disk.seek(0, os.SEEK_END)
        rest = memoryview(writing.update(piece))
        while rest:
            rest = rest[disk.write(rest) :]

    def _memory_piece(self, wanted: int) -> bytes:
        memory = cast(io.BytesIO, self._memory)
        with memory.getbuffer() as whole:
            return bytes(whole[self._place : self._place + wanted])

    def _disk_piece(self, wanted: int) -> bytes:
        disk, skipped = cast(IO[bytes], self._disk), self._place % _BLOCK
        disk.seek(self._place - skipped)
        pieces, left = [], wanted + skipped
        while left and (piece := disk.read(left)):
            pieces.append(piece)
            left -= len(piece)
        return self._cipher(self._place // _BLOCK).decryptor().update(b"".join(pieces))[skipped:]

    def _cipher(self, block: int) -> Cipher[CTR]:
        return Cipher(AES(self._key), CTR(((self._first + block) % _COUNTER).to_bytes(_BLOCK)))
