"""A generated font in which every letter is one small rectangle and every ideograph another (OpenType 1.9, TrueType
outlines).

Text extraction needs no outlines: characters come from the file's own tables, positions from its widths. PDFium
requests the outline of each character all the same, which for a large Chinese font takes several times as long as
everything else.
"""

import struct
from itertools import accumulate

_UNITS = 1000  # of the em square
_LEFT, _RIGHT = 0, 200  # narrower than any letter: a character's box is as wide as its advance
_LETTER, _IDEOGRAPH = (0, 700), (-90, 850)  # bottom and top
_LOW, _HIGH = _IDEOGRAPH
_FIRST_IDEOGRAPH, _LAST = 0x2E80, 0x10FFFF


def plain_font() -> bytes:
    """Return the font file, about 600 bytes."""
    outlines = [_outline(*span) for span in (_IDEOGRAPH, _LETTER, _IDEOGRAPH)]  # the first for missing characters
    starts = accumulate(map(len, outlines), initial=0)
    count = len(outlines)
    tables = {
        b"OS/2": _metrics_for_systems(),
        b"cmap": _characters(),
        b"glyf": b"".join(outlines),
        b"head": _head(),
        b"hhea": struct.pack(">L3h4H9hH", 0x10000, _HIGH, _LOW, 0, _UNITS, 0, 0, _RIGHT, *[1] + [0] * 8, count),
        b"hmtx": struct.pack(">Hh", _UNITS, _LEFT) * count,
        b"loca": b"".join(struct.pack(">L", start) for start in starts),
        b"maxp": struct.pack(">L14H", 0x10000, count, 4, 1, 0, 0, 1, *[0] * 8),
        b"name": _names(),
        b"post": struct.pack(">LLhhLLLLL", 0x30000, *[0] * 8),
    }
    return _file(tables)


def _outline(low: int, high: int) -> bytes:
    """Encode one contour of four corners, each by its distance from the previous one."""
    across, up = _RIGHT - _LEFT, high - low
    outline = struct.pack(">5h2H4B", 1, _LEFT, low, _RIGHT, high, 3, 0, 1, 1, 1, 1)
    outline += struct.pack(">8h", _LEFT, 0, across, 0, low, up, 0, -up)
    return outline + bytes(-len(outline) % 4)


def _characters() -> bytes:
    """Encode a character map (format 13: many characters to one glyph) of all of Unicode."""
    groups = struct.pack(">6L", 1, _FIRST_IDEOGRAPH - 1, 1, _FIRST_IDEOGRAPH, _LAST, 2)
    return struct.pack(">4HL", 0, 1, 3, 10, 12) + struct.pack(">HH3L", 13, 0, 16 + len(groups), 0, 2) + groups


def _head() -> bytes:
    corners = (_LEFT, _LOW, _RIGHT, _HIGH)
    return struct.pack(">4LHHQQ4hHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _UNITS, 0, 0, *corners, 0, 8, 2, 1, 0)


def _names() -> bytes:
    names = ((1, "Plain"), (2, "Regular"), (4, "Plain"), (6, "Plain"))
    texts = [text.encode("utf-16-be") for _, text in names]
    starts = accumulate((len(text) for text in texts), initial=0)
    records = [
        struct.pack(">6H", 3, 1, 0x409, number, len(text), start)
        for (number, _), text, start in zip(names, texts, starts, strict=False)
    ]
    return struct.pack(">HHH", 0, len(names), 6 + 12 * len(names)) + b"".join(records) + b"".join(texts)


def _metrics_for_systems() -> bytes:
    """Encode the table OS/2: regular weight, all character ranges claimed."""
    everything = 0xFFFFFFFF
    head = struct.pack(">HhHH12h10s4L4s", 1, _UNITS, 400, 5, *[0] * 12, bytes(10), *[everything] * 4, b"    ")
    return head + struct.pack(">3H3hHHLL", 64, 0x20, 0xFFFF, _HIGH, _LOW, 0, _HIGH, -_LOW, everything, 0)


def _file(tables: dict[bytes, bytes]) -> bytes:
    """Assemble the directory of tables, each with its checksum, and the tables, padded to four bytes."""
    padded = {tag: data + bytes(-len(data) % 4) for tag, data in sorted(tables.items())}
    begin = 12 + 16 * len(padded)
    starts = accumulate((len(data) for data in padded.values()), initial=begin)
    directory = b"".join(
        struct.pack(">4sLLL", tag, _sum(data), start, len(tables[tag]))
        for (tag, data), start in zip(padded.items(), starts, strict=False)
    )
    return (
        struct.pack(">LHHHH", 0x10000, len(padded), 128, 3, 16 * len(padded) - 128)
        + directory
        + b"".join(padded.values())
    )


def _sum(data: bytes) -> int:
    total: int = sum(struct.unpack(f">{len(data) // 4}L", data))
    return total & 0xFFFFFFFF
