"""Encodings of tables from Chinese authorities: UTF-8 with or without byte order mark, UTF-16 with one, GB18030."""

ENCODINGS = ("utf-8-sig", "gb18030")
LOST = "\ufffd"  # replaces a character destroyed by a broken byte
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",;\t\n"  # a table contains at least one of them; bytes that only look like UTF-16 do not
_TOLERATED = 0.02  # share of lost characters up to which an encoding is accepted
_ONE_BROKEN = 3  # one broken byte in a UTF-8 sequence of three loses up to three characters


def decoded(data: bytes) -> str:
    """Decode a table (GB 18030-2022 is a superset of GBK and GB2312). UnicodeDecodeError where it is in neither
    encoding.
    """
    first, last = ENCODINGS
    try:
        return data.decode(first)
    except UnicodeDecodeError:
        return data.decode(last)


def decoded_in_part(data: bytes) -> str | None:
    """Decode a table with LOST for what a broken byte destroyed; None where it is in no known encoding.

    A UTF-8 file with one broken byte often is also valid GB18030 with other characters, so the encoding that loses
    fewest characters is used, UTF-8 first.
    """
    if data.startswith(_UTF_16_MARKS):
        text = data.decode("utf-16", "replace")
        return _if_sound(text) if any(mark in text for mark in _SEPARATORS) else None
    return _if_sound(data.decode("utf-8-sig", "replace")) or _if_sound(data.decode("gb18030", "replace"))


def _if_sound(text: str) -> str | None:
    """Return the text if few of its characters beyond ASCII were lost."""
    beyond_ascii = len(text) - sum(map(str.isascii, text))
    lost = text.count(LOST)
    return text if lost <= max(_ONE_BROKEN, _TOLERATED * beyond_ascii) and 2 * lost <= beyond_ascii else None
