"""Names in the bytes of a PDF that show, before it is opened, what text extraction can skip. Names in compressed
objects are not found.
"""

import re

_UNIT = rb"-?0?\.0010*\d{0,2}"  # a thousandth, as programs round it
_NAMES = re.compile(
    rb"/(FontFile|ToUnicode|ByteRange|Type3|Identity-|ObjStm|FontMatrix(?=\s*\[\s*%b\s+0\s+0\s+%b\s+0\s+0\s*\]))"
    % (_UNIT, _UNIT)
)
_INSTEAD = {b"FontFile": b"FontNone", b"Type3": b"Type1"}  # of the same length, so that no offset changes


class Names:
    """Positions of names: font programs, maps to Unicode, byte ranges of signatures, Type3 fonts, matrices of
    thousandths, Identity encodings, object streams.
    """

    def __init__(self, data: bytes) -> None:
        self._places: dict[bytes, list[int]] = {}
        for found in _NAMES.finditer(data):
            self._places.setdefault(found[1], []).append(found.start(1))

    def count(self, name: bytes) -> int:
        """Return how often the file contains the name."""
        return len(self._places.get(name, ()))

    @property
    def signed(self) -> bool:
        """Whether there may be a signature."""
        return b"ByteRange" in self._places

    @property
    def told_by_encoding(self) -> bool:
        """Whether every font is only referenced by name, with an encoding that defines its characters."""
        return not self._places.keys() & {b"FontFile", b"Type3", b"Identity-", b"ObjStm"}

    @property
    def need_outlines(self) -> bool:
        """Whether a font's characters or widths may be defined by its program or drawings alone."""
        fonts = self.count(b"FontFile") + self.count(b"Type3")
        return not 0 < fonts <= self.count(b"ToUnicode") or self.count(b"Type3") != self.count(b"FontMatrix")

    def without_outlines(self, data: bytes) -> bytes:
        """Return the file with font programs renamed and Type3 fonts declared as fonts without a program: text
        extraction needs no outlines, and they take longer to load than the page.
        """
        changed = bytearray(data)
        for name, instead in _INSTEAD.items():
            for place in self._places.get(name, ()):
                changed[place : place + len(name)] = instead
        return bytes(changed)
