"""Security headers: responses may only be read; files are saved under harmless names; other origins by setting only."""

import re
import unicodedata
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.entrypoints.bootstrap import build
from app.entrypoints.features import ROUTERS
from app.platform.access.roles import Role
from app.platform.settings import Settings
from app.platform.web.headers import LONGEST_NAME, SECURITY_HEADERS, attachment
from tests.conftest import SECRET, Api

pytestmark = pytest.mark.sqlite_only
API = "/api/v1"
ELSEWHERE = "https://console.example"


@pytest.fixture
def instance(sqlite_template, tmp_path):
    """Return a service with these settings."""
    made = []

    def make(**settings):
        (tmp_path / "bidscreen.db").write_bytes(sqlite_template.read_bytes())
        api = Api(
            build(
                Settings(
                    data_dir=tmp_path,
                    secret_key=SECRET,
                    jobs=0,
                    threads=8,
                    **{"trusted_hosts": ["testserver"], **settings},
                )
            )
        ).__enter__()
        made.append(api)
        return api

    yield make
    for api in made:
        api.end()
        api.platform.engine.dispose()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "health"),
        ("GET", "nowhere"),
        ("GET", "tenders"),
        ("POST", "tenders"),
        ("OPTIONS", "tenders"),
        ("HEAD", "health"),
        ("TRACE", "tenders"),
    ],
)
@pytest.mark.parametrize("role", [None, Role.OFFICER])
def test_every_answer_carries_them_all(client, method, path, role):
    answer = (client.as_(role) if role else client.anonymous).request(method, f"{API}/{path}")
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    if method == "TRACE":
        assert answer.status_code == (405 if role else 401)
    assert "access-control-allow-origin" not in answer.headers
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers
    assert "x-powered-by" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_the_policy_lets_nothing_run():
    policy = dict(part.strip().partition(" ")[::2] for part in SECURITY_HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "sandbox" in policy
    assert not any("unsafe" in value or "*" in value for value in policy.values())


def test_strict_transport_is_asked_for_over_https_only(instance):
    api = instance(hsts_seconds=31536000)
    assert "strict-transport-security" not in api.anonymous.get(f"{API}/health").headers
    api.anonymous.base_url = "https://testserver"
    assert (
        api.anonymous.get(f"{API}/health").headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    )


def preflight(api, origin, path="tenders", method="POST"):
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization",
    }
    return api.anonymous.options(f"{API}/{path}", headers=asked)


FOREIGN = [
    "https://console.example.evil.test",
    "http://console.example",
    "https://console.example:8443",
    "https://xconsole.example",
    "https://sub.console.example",
    "null",
    "file://",
    "https://console.example/",
    "HTTPS://CONSOLE.EXAMPLE",
]


def test_only_the_origins_in_the_settings_may_call_from_a_page(instance):
    api = instance(cors_origins=[ELSEWHERE, "http://localhost:5173"])
    allowed = preflight(api, ELSEWHERE)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == ELSEWHERE
    assert "access-control-allow-credentials" not in allowed.headers
    assert "origin" in allowed.headers["vary"].lower()
    answer = api.as_(Role.OFFICER).get(f"{API}/tenders", headers={"Origin": ELSEWHERE})
    assert answer.headers["access-control-allow-origin"] == ELSEWHERE
    for origin in FOREIGN:
        assert "access-control-allow-origin" not in preflight(api, origin).headers, origin
        answer = api.as_(Role.OFFICER).get(f"{API}/tenders", headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers, origin


def test_without_the_setting_no_page_elsewhere_may_call(client):
    answer = preflight(client, ELSEWHERE)
    assert answer.status_code == 401
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "https://*.example",
        "https://a.example/",
        "https://a.example/x",
        "ftp://a.example",
        "a.example",
        "https://a.example, https://b.example",
        "https://user@a.example",
    ],
)
def test_an_origin_that_is_not_exact_keeps_the_service_from_starting(origin):
    with pytest.raises(ValidationError):
        Settings(cors_origins=[origin])


@pytest.mark.parametrize("proxy", ["*", "proxy.example", "10.0.0.0/33", ""])
def test_a_proxy_is_an_address_or_a_network(proxy):
    with pytest.raises(ValidationError):
        Settings(trusted_proxies=[proxy])


@pytest.mark.parametrize(
    ("host", "known"),
    [("tenders.example", True), ("tenders.example:8443", True), ("TENDERS.example", True), ("evil.test", False),
     ("tenders.example.evil.test", False), ("tenders.example@evil.test", False), ("", False), ("evil.test:tenders.example", False)],
)  # fmt: skip
def test_only_the_hosts_in_the_settings_are_answered_to(instance, host, known):
    api = instance(trusted_hosts=["tenders.example"])
    answer = api.anonymous.get(f"{API}/health", headers={"Host": host, "X-Forwarded-Host": "tenders.example"})
    assert (answer.status_code == 200) is known
    if not known:
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")
        assert "evil" not in answer.text


@pytest.mark.parametrize(
    ("host", "known"), [("localhost:8000", True), ("127.0.0.1", True), ("[::1]:8000", True), ("x", False)]
)
def test_without_the_setting_only_this_machine_is_answered(instance, host, known):
    answer = instance(trusted_hosts=[]).anonymous.get(f"{API}/health", headers={"Host": host})
    assert answer.status_code == (200 if known else 400)
    assert known or "BIDSCREEN_TRUSTED_HOSTS" in answer.json()["detail"]


NAMES = {
    "花名册.xlsx": ('filename="doc_1.xlsx"', "花名册.xlsx"),
    "report.pdf": ('filename="report.pdf"', "report.pdf"),
    "../../etc/passwd": ('filename="_.._etc_passwd"', "_.._etc_passwd"),
    '"; filename=evil.exe': ('filename="__ filename=evil.exe"', "__ filename=evil.exe"),
    "a\r\nSet-Cookie: x=1.pdf": ('filename="aSet-Cookie_ x=1.pdf"', "aSet-Cookie_ x=1.pdf"),
    "\u202egpj.exe": ('filename="gpj.exe"', "gpj.exe"),
    ".htaccess": ('filename="htaccess"', "htaccess"),
    "": ('filename="doc_1"', "doc_1"),
    "...": ('filename="doc_1"', "doc_1"),
    "%2e%2e%2fx": ('filename="_2e_2e_2fx"', "_2e_2e_2fx"),
    "<img src=x onerror=alert(1)>.pdf": ('filename="_img src=x onerror=alert(1)_.pdf"', "_img src=x onerror=alert(1)_.pdf"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_saved_under_a_harmless_name(name):
    plain, whole = NAMES[name]
    header = attachment(name, "doc_1")
    assert header.startswith("attachment; ")
    assert plain in header
    assert unquote(header.rpartition("UTF-8''")[2]) == whole


@given(st.text(max_size=300))
def test_any_name_makes_one_readable_header(name):
    header = attachment(name, "doc_1")
    assert re.fullmatch(r"attachment; filename=\"[ !#-$&-\[\]-~]+\"; filename\*=UTF-8''[A-Za-z0-9._~%-]+", header), (
        header
    )
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "attachment"
    shown = unquote(header.rpartition("UTF-8''")[2], errors="strict")
    assert shown
    assert len(shown) <= LONGEST_NAME + 1
    assert not shown.startswith(".")
    assert not set(shown) & set('/\\"<>:|?*')
    assert not any(unicodedata.category(char)[0] == "C" for char in shown)


def test_no_route_answers_with_a_page(client):
    """No response contains anything that a browser would execute: JSON, problems, pictures, event streams and files to
    save.
    """
    document = client.anonymous.get(f"{API}/openapi.json").json()
    kinds = {
        kind
        for methods in document["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        for kind in answer.get("content", {})
    }
    assert kinds <= {
        "application/json",
        "application/problem+json",
        "application/octet-stream",
        "application/pdf",  # papers, to be saved
        "image/png",
        "text/event-stream",
        "text/plain",  # the metrics
    }
    assert not client.anonymous.get(f"{API}/docs").headers["content-type"].startswith("text/html")
    responses = {route.name: route.response_class for router in ROUTERS for route in router.routes}
    assert not [name for name, kind in responses.items() if "HTML" in getattr(kind, "__name__", "")]


FORGED = {
    "alg none": "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhZG1pbiIsInJvbGUiOiJhZG1pbiJ9.",
    "alg None": "eyJhbGciOiJOb25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.",
    "HMAC with a public key": "eyJhbGciOiJIUzI1NiIsImtpZCI6InB1YmxpYyJ9.eyJyb2xlIjoiYWRtaW4ifQ.c2ln",
    "kid that is a path": "eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uLy4uLy4uL2Rldi9udWxsIn0.eyJyb2xlIjoiYWRtaW4ifQ.c2ln",
    "kid that is SQL": "eyJhbGciOiJIUzI1NiIsImtpZCI6IicgVU5JT04gU0VMRUNUICdhJyJ9.eyJyb2xlIjoiYWRtaW4ifQ.c2ln",
    "a key of its own": "eyJhbGciOiJFUzI1NiIsImp3ayI6eyJrdHkiOiJFQyJ9fQ.eyJyb2xlIjoiYWRtaW4ifQ.c2ln",
    "a key from elsewhere": "eyJhbGciOiJSUzI1NiIsImprdSI6Imh0dHBzOi8vZXZpbC50ZXN0L2p3a3MifQ.eyJyb2xlIjoiYWRtaW4ifQ.c2ln",
    "an ECDSA signature of zeros": "eyJhbGciOiJFUzI1NiJ9.eyJyb2xlIjoiYWRtaW4ifQ." + "A" * 86,
    "JWE": "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y2lwaGVy.dGFn",
    "no signature": "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYWRtaW4ifQ",
    "JSON": '{"payload":"e30","signatures":[]}',
    "an empty one": "..",
    "a prefix alone": "bsk_aaaaaaaaaa_",
    "a key of right form": "bsk_aaaaaaaaaa_" + "A" * 43,
    "SQL": "bsk_' OR 1=1 --_" + "A" * 43,
    "a key with more behind it": "bsk_aaaaaaaaaa_" + "A" * 44,
    "many letters": "A" * 8000,
}


def test_a_forged_token_is_no_key_and_all_are_answered_alike(client):
    answers = []
    for token in FORGED.values():
        for headers in (
            {"Authorization": f"Bearer {token}"},
            {"X-API-Key": token},
            {"Authorization": f"bearer  {token} "},
        ):
            answers.append(client.anonymous.get(f"{API}/tenders", headers={**headers, "X-Request-Id": "same"}))
    answers.append(client.anonymous.get(f"{API}/tenders", headers={"X-Request-Id": "same"}))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_a_right_key_in_another_scheme_or_place_opens_nothing(client):
    key = client.key(Role.OFFICER)
    for headers in (
        {"Authorization": f"Basic {key}"},
        {"Authorization": key},
        {"Cookie": f"key={key}"},
        {"Authorization": f"Bearer {key}x"},
    ):
        assert client.anonymous.get(f"{API}/tenders", headers=headers).status_code == 401
    assert client.anonymous.get(f"{API}/tenders?api_key={key}&access_token={key}").status_code == 401
