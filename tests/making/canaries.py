"""Search for planted numbers: in responses, files, dumps and logs, as UTF-8 and UTF-16, inside archives and compressed
streams.
"""

import io
import re
import zipfile
import zlib

from sqlalchemy import inspect, text

from app.platform.access.roles import Role

READERS = (Role.OFFICER, Role.AUDITOR, Role.CLIENT, Role.EVALUATOR, Role.ADMIN, Role.BIDDER)
# Overlapping matches: a number may adjoin other digits.
_NUMBER = re.compile(rb"(?=([0-9]{17}[0-9Xx]))")
_WIDE = (re.compile(rb"(?=((?:[0-9]\x00){17}[0-9Xx]\x00))"), re.compile(rb"(?=((?:\x00[0-9]){17}\x00[0-9Xx]))"))
_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_LARGEST = 64 * 2**20


def numbers_in(content: bytes) -> set[str]:
    """Return everything in some bytes that may be a resident ID, upper case."""
    found = {match[1].decode().upper() for match in _NUMBER.finditer(content)}
    for pattern in _WIDE:
        found |= {match[1].replace(b"\0", b"").decode().upper() for match in pattern.finditer(content)}
    return found


def deep_numbers_in(content: bytes) -> set[str]:
    """Return the same, including compressed content."""
    found = numbers_in(content)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                found |= numbers_in(name.encode()) | deep_numbers_in(archive.read(name))
        return found
    for start in _DEFLATED.finditer(content):
        opened = zlib.decompressobj(wbits=47)
        try:
            found |= numbers_in(opened.decompress(content[start.start() : start.start() + _LARGEST], _LARGEST))
        except zlib.error:
            continue  # two bytes that only resemble a header
    return found


class Wanted:
    """Planted numbers, and the places where any of them was found."""

    def __init__(self, numbers):
        self.numbers = {number.upper() for number in numbers}
        self.leaks = []
        self.looked = set()

    def clean(self, where, content, *, deep=True):
        """Search; when a number is found, `where` is added to `leaks`, masked."""
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        self.looked.add(where.split(" ")[0])
        found = self.numbers & (deep_numbers_in(data) if deep else numbers_in(data))
        self.leaks += [f"{where}: {number[:6]}…{number[-4:]}" for number in sorted(found)]


def files_of(directory):
    """Yield names and contents of everything below a directory."""
    for path in directory.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(directory)), path.read_bytes()


def dump_of(engine):
    """Return every value of every table, as in a dump, as bytes."""
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                for value in row:
                    yield table, bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def readable_paths(document, **ids):
    """Return the GET paths of the service that can be filled with these ids."""
    for path, operations in document["paths"].items():
        filled = path
        for name, value in ids.items():
            filled = filled.replace(f"{{{name}}}", value)
        if "get" in operations and "{" not in filled and "stream" not in filled:
            yield filled
