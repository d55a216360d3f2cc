"""Security headers of every response: a browser may only read it."""

import re
import unicodedata
from urllib.parse import quote

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Content-Security-Policy": (
        "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    ),
    "Cache-Control": "no-store",
}
LONGEST_NAME = 120
_SEPARATORS = re.compile(r'[\\/:*?"<>|%;]')


def attachment(name: str, otherwise: str) -> str:
    """`Content-Disposition` of a download (RFC 6266): the name in UTF-8, and in ASCII for old clients.

    Removes paths, control and directional characters (`gpj.exe` would look like `exe.jpg`) and leading dots;
    `otherwise` (ASCII) is used if nothing is left.
    """
    readable = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C")
    kept = _SEPARATORS.sub("_", readable).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > LONGEST_NAME:
        kept = f"{stem[: LONGEST_NAME - 9]}{dot}{ending[:8]}" if stem else kept[:LONGEST_NAME]
    kept = kept or otherwise
    plain = (
        kept
        if kept.isascii()
        else otherwise + (f".{ending}" if stem and re.fullmatch("[A-Za-z0-9]{1,8}", ending) else "")
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(kept, safe='')}"
