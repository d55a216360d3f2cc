"""The session cookie, and the CSRF token."""

import hmac

from starlette.requests import cookie_parser
from starlette.responses import Response

from app.platform.database.keys import Keyring
from app.platform.settings import Settings
from app.platform.unit_of_work import Platform

CSRF_HEADER = "X-CSRF-Token"
_PURPOSE = "csrf"


def cookie_name(settings: Settings) -> str:
    """`__Host-`: browsers take such a cookie over HTTPS only, for this host only, for every path (RFC 6265bis 4.1.3)."""
    return "__Host-bidscreen" if settings.cookie_secure else "bidscreen"


def session_token(settings: Settings, header: str) -> str:
    """Return the session token in a Cookie header, or an empty string."""
    return cookie_parser(header).get(cookie_name(settings), "")


def give(response: Response, settings: Settings, token: str) -> None:
    """Set the cookie for the browser session; the server's session has its own expiry."""
    response.set_cookie(
        cookie_name(settings), token, path="/", secure=settings.cookie_secure, httponly=True, samesite="strict"
    )


def take_back(response: Response, settings: Settings) -> None:
    """Removes the cookie."""
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.cookie_secure, httponly=True, samesite="strict"
    )


def csrf_token(keyring: Keyring, token: str) -> str:
    """Return the CSRF token of a session; it neither is derivable without the session token nor reveals it."""
    return keyring.digest(token, _PURPOSE)


class SessionCookies:
    """Reads session cookies for app/platform/web/authentication.py."""

    def __init__(self, platform: Platform) -> None:
        self._settings = platform.settings
        self._keyring = platform.keyring

    def token(self, header: str) -> str:
        """Return the session token in a Cookie header, or an empty string."""
        return session_token(self._settings, header)

    def is_csrf_token(self, token: str, given: str) -> bool:
        """Compared in constant time."""
        return hmac.compare_digest(csrf_token(self._keyring, token).encode(), given.encode("utf-8", "replace"))
