"""The encodings that tables from Chinese offices come in: UTF-8, with or without byte order mark, else GB18030."""

ENCODINGS = ("utf-8-sig", "gb18030")


def decoded(data: bytes) -> str:
    """The text of a table (GB 18030-2022 is a superset of GBK and GB2312). UnicodeDecodeError where it is in neither encoding."""
    first, last = ENCODINGS
    try:
        return data.decode(first)
    except UnicodeDecodeError:
        return data.decode(last)
