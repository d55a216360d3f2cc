"""Names in the bytes of a PDF that tell, before it is opened, what reading its text can do without. Those in packed objects are not
seen.
"""

import re

_UNIT = rb"-?0?\.0010*\d{0,2}"  # a thousandth, as programs round it
_NAMES = re.compile(
    rb"/(FontFile|ToUnicode|ByteRange|Type3|Identity-|ObjStm|FontMatrix(?=\s*\[\s*%b\s+0\s+0\s+%b\s+0\s+0\s*\]))"
    % (_UNIT, _UNIT)
)
_INSTEAD = {b"FontFile": b"FontNone", b"Type3": b"Type1"}  # as long, so that everything stays in its place


class Names:
    """Where a file names font programs, maps to Unicode, signed ranges, fonts of drawings (Type3), matrices of thousandths,
    encodings by glyph (Identity), packed objects.
    """

    def __init__(self, data: bytes) -> None:
        self._places: dict[bytes, list[int]] = {}
        for found in _NAMES.finditer(data):
            self._places.setdefault(found[1], []).append(found.start(1))

    def count(self, name: bytes) -> int:
        """How often the file has the name."""
        return len(self._places.get(name, ()))

    @property
    def signed(self) -> bool:
        """Whether there may be a signature."""
        return b"ByteRange" in self._places

    @property
    def told_by_encoding(self) -> bool:
        """Whether every font is named only, with an encoding that says which characters it shows."""
        return not self._places.keys() & {b"FontFile", b"Type3", b"Identity-", b"ObjStm"}

    @property
    def need_outlines(self) -> bool:
        """Whether a font may tell its characters, or how wide they are, by its program or drawings alone."""
        fonts = self.count(b"FontFile") + self.count(b"Type3")
        return not 0 < fonts <= self.count(b"ToUnicode") or self.count(b"Type3") != self.count(b"FontMatrix")

    def without_outlines(self, data: bytes) -> bytes:
        """The file with its font programs unnamed, and fonts of drawings called fonts whose program is missing: reading needs no
        shapes, and they take longer to load than the page.
        """
        changed = bytearray(data)
        for name, instead in _INSTEAD.items():
            for place in self._places.get(name, ()):
                changed[place : place + len(name)] = instead
        return bytes(changed)
