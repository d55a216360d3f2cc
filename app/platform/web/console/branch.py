"""The part of the application that answers browsers before login: the console and the API reference."""

import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.platform.web.console.files import BuiltFile, built_files

NONCE = b"__NONCE__"  # console/index.html: inserted by vite.config.ts, replaced in each response
HOME = "/console/tenders"
_READING = frozenset({"GET", "HEAD"})
_NOT_BUILT = (
    "The console has not been built on this machine. Run `make console` (it needs the npm registry once) and start the "
    "service again. The API under /api/v1 works without it.\n"
)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)


class Console:
    """Serves `/console/…` and `/docs/…`; leaves every other address to the API.

    Files with a hash of their content in their names are cached for a year. A page is never cached, since each answer
    carries a nonce of its own for the styles that the page inserts (CSP level 3, 6.7.2).
    """

    def __init__(self, app: ASGIApp, files: Mapping[str, BuiltFile] | None = None) -> None:
        self._app = app
        self._files = built_files() if files is None else files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer requests for the console; pass on the rest."""
        answer = self._answer(scope) if scope["type"] == "http" else None
        await (answer or self._app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        path = scope["path"]
        if scope["method"] not in _READING:
            return None
        if path in {"/", "/console", "/console/"}:
            return RedirectResponse(HOME, status_code=307)
        if path == "/docs":
            return self._page("docs/index.html")
        if not path.startswith(("/console/", "/docs/")):
            return None
        found = self._files.get(path[1:])
        if found is not None and not path.endswith(".html"):
            return _file(found, Headers(scope=scope), hashed=path.startswith("/console/assets/"))
        return (
            self._page("console/index.html")
            if path.startswith("/console/") and "." not in path.rsplit("/")[-1]
            else None
        )

    def _page(self, name: str) -> Response:
        page = self._files.get(name)
        if page is None:
            return PlainTextResponse(_NOT_BUILT, status_code=503)
        nonce = secrets.token_urlsafe(18)
        body = page.encodings["identity"].replace(NONCE, nonce.encode())
        headers = {"Content-Security-Policy": _POLICY.format(nonce=nonce), "Cache-Control": "no-store"}
        return Response(body, headers=headers, media_type="text/html")


def _file(found: BuiltFile, asked: Headers, *, hashed: bool) -> Response:
    encoding, body = found.best(asked.get("accept-encoding", ""))
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if hashed else "no-cache",
        "Vary": "Accept-Encoding",
        "Content-Type": found.media_type,
    }
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    return Response(body, headers=headers)
