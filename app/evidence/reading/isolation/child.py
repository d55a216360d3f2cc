"""The child process that reads untrusted files: requests on standard input, answers on standard output, each with its
length; plain JSON or a picture.

The pool starts it as its own program, without the parent's environment, memory or sockets.
"""

import json
import os
import struct
import sys
from typing import Any, BinaryIO

from app.evidence.reading.isolation import sandbox
from app.evidence.reading.limits import MIB, Limits

_LENGTH = struct.Struct(">Q")
_ADDRESS_SPACE = {"text": 2048 * MIB, "ocr": 8192 * MIB}


def main(profile: str) -> None:
    """Serve requests until standard input ends."""
    requests, answers = _own_streams()
    limits = Limits()
    sandbox.bound(_ADDRESS_SPACE[profile], limits.open_files)
    closed = sandbox.close_network()
    while header := _read(requests):
        task: dict[str, Any] = json.loads(header)
        data = _read(requests)
        sandbox.bound_cpu(task["seconds"])
        try:
            answer = _work(task, data, limits, profile, closed=closed)
        except MemoryError:
            answer = _failure("memory_limit", "the file needs more memory than allowed")
        except Exception as error:  # noqa: BLE001 - any fault of a reader must become an answer, told by its type alone
            answer = _failure("reader_failed", f"the reader failed ({type(error).__name__})")
        _write(answers, answer)


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the two pipes for the protocol; what libraries print is discarded."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return requests, answers


def _work(task: dict[str, Any], data: bytes, limits: Limits, profile: str, *, closed: bool) -> bytes:
    if task["task"] == "extract":
        return _extract(task["name"], data, limits, profile)
    if task["task"] == "page":
        from app.evidence.reading.page_images import PageRefused, page_png

        try:
            return b"P" + page_png(data, task["page"], task["width"], task["masks"], limits)
        except PageRefused as error:
            return _failure(error.code, error.message)
    if task["task"] == "fingerprint":
        from app.evidence.reading.fingerprints.fingerprint import fingerprint

        return _json(fingerprint(data, task["name"], limits))
    return _json({"networkClosed": sandbox.network_closed(), "filter": closed, "profile": profile})


def _extract(name: str, data: bytes, limits: Limits, profile: str) -> bytes:
    from app.evidence.reading.extraction import NeedsPictures, extract

    try:
        return _json(extract(data, name, limits, pictures=profile == "ocr").as_json())
    except NeedsPictures as need:
        return _json({"needsPictures": need.pages})


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
    if len(text) > Limits().answer_bytes:
        return _failure("answer_too_large", "the file holds more text than an answer may carry")
    return b"J" + text


def _failure(code: str, message: str) -> bytes:
    return b"F" + json.dumps({"code": code, "message": message}).encode()


def _read(stream: BinaryIO) -> bytes:
    head = stream.read(_LENGTH.size)
    return stream.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""


def _write(stream: BinaryIO, answer: bytes) -> None:
    stream.write(_LENGTH.pack(len(answer)))
    stream.write(answer)
    stream.flush()


if __name__ == "__main__":
    main(sys.argv[1])
