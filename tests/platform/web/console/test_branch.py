"""The console's files as browsers get them: before login, cached where named by content, a nonce for each page."""

import re

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.platform.web.console.branch import Console
from app.platform.web.console.files import BuiltFile, built_files

PAGE = b'<meta name="csp-nonce" nonce="__NONCE__" />'
SCRIPT = b"console.log('\xe5\x90\xaf\xe5\x8a\xa8')"
pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def folder(tmp_path):
    for name, content in {
        "console/index.html": PAGE,
        "console/assets/index-abc.js": SCRIPT,
        "console/assets/index-abc.js.br": b"brotli",
        "console/assets/index-abc.js.gz": b"gzip",
        "console/icon.svg": b"<svg/>",
        "docs/index.html": PAGE,
        ".sources": b"hash",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def browser(files):
    async def rest(request):
        return PlainTextResponse("the API", status_code=418)

    inner = Starlette(routes=[Route("/{path:path}", rest, methods=["GET", "POST"])])
    return TestClient(Console(inner, files), follow_redirects=False)


@pytest.fixture
def visitor(folder):
    return browser(built_files(folder))


@pytest.mark.parametrize("path", ["/", "/console", "/console/"])
def test_the_root_leads_to_the_console(visitor, path):
    answer = visitor.get(path)
    assert (answer.status_code, answer.headers["location"]) == (307, "/console/tenders")


@pytest.mark.parametrize("path", ["/console/login", "/console/tenders/ten_1/bidders/org_1", "/docs"])
def test_each_page_has_a_nonce_of_its_own_and_is_never_cached(visitor, path):
    nonces = set()
    for answer in (visitor.get(path), visitor.get(path)):
        nonce = re.search(r'nonce="([A-Za-z0-9_-]{20,})"', answer.text)[1]
        policy = answer.headers["content-security-policy"]
        assert f"'nonce-{nonce}'" in policy and "unsafe-inline" not in policy and "default-src 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        nonces.add(nonce)
    assert len(nonces) == 2


def test_files_named_by_their_content_are_cached_for_a_year(visitor):
    answer = visitor.get("/console/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
    assert answer.content == SCRIPT
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert visitor.get("/console/icon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("br;q=0, *;q=0", "identity"),
        ("gzip;q=nonsense", "identity"),
        ("", "identity"),
    ],
)
def test_the_best_encoding_that_the_browser_accepts(folder, accepted, encoding):
    found = built_files(folder)["console/assets/index-abc.js"]
    assert found.best(accepted) == (encoding, {"br": b"brotli", "gzip": b"gzip", "identity": SCRIPT}[encoding])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/health"),
        ("POST", "/console/login"),
        ("GET", "/console/assets/missing.js"),
        ("GET", "/console/../.sources"),
        ("GET", "/consoles"),
        ("GET", "/docs/missing"),
    ],
)
def test_everything_else_is_left_to_the_api(visitor, method, path):
    assert visitor.request(method, path).status_code == 418


def test_without_a_build_the_pages_say_what_to_do():
    answer = browser({}).get("/console/login")
    assert answer.status_code == 503 and "make console" in answer.text


def test_only_built_files_are_read(folder):
    files = built_files(folder)
    assert ".sources" not in files and "console/assets/index-abc.js.gz" not in files
    assert isinstance(files["console/icon.svg"], BuiltFile)
    assert built_files(folder / "nowhere") == {}


def test_the_service_serves_the_console_before_anybody_has_logged_in(client):
    anybody = client.anonymous_client()
    assert anybody.get("/console/login").status_code in (200, 503)  # whether it was built here or not
    assert anybody.get("/", follow_redirects=False).status_code == 307
    assert anybody.get("/api/v1/account").status_code == 401
