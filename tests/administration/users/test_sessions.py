"""Login and sessions: cookie, CSRF token, both timeouts, the ends of a session, guessing."""

import contextlib
import runpy
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.administration.users import lockout, passwords
from app.administration.users.tables import Attempts, User, UserSession
from app.platform.access.roles import Role
from app.platform.audit.tables import AuditEvent
from tests.conftest import PASSWORD, Api
from tests.making.people import ACCOUNT, LOGIN, change_password, entered, log_in, make, settled, token_of
from tests.making.procedure import done, refusal
from tests.making.sealed import with_clock


@pytest.fixture
def api(platform):
    """The service with a clock that the test sets."""
    held, clock = with_clock(platform)
    with Api(held) as running:
        running.clock = clock
        yield running


def later(api, **time):
    api.clock.now += timedelta(**time)


def events(platform):
    with platform.work() as work:
        return [row.event for row in work.session.query(AuditEvent).order_by(AuditEvent.sequence)]


def test_a_person_logs_in_and_out(api):
    settled(api)
    answer = log_in(api)
    assert answer.status_code == 201
    assert answer.headers["set-cookie"].partition("; ")[2] == "HttpOnly; Path=/; SameSite=strict; Secure"
    assert answer.headers["set-cookie"].startswith("__Host-bidscreen=bss_")
    client = api.with_session(token_of(answer))
    account = done(client.get(ACCOUNT))
    assert (account["user"]["login"], account["stage"], account["csrfToken"]) == (
        *("wang.li", "full"),
        client.headers["X-CSRF-Token"],
    )
    assert client.get("/api/v1/tenders").status_code == 200
    assert "Max-Age=0" in client.delete(f"{LOGIN}/current").headers["set-cookie"]
    assert client.get("/api/v1/tenders").status_code == 401
    assert events(api.platform)[-1] == "person:session:end"


def test_only_hashes_of_what_opens_are_stored(api):
    _, client = settled(api)
    token = client.headers["Cookie"].partition("=")[2]
    with api.platform.work() as work:
        user, session = work.session.query(User).one(), work.session.query(UserSession).one()
        assert user.password_hash.startswith("$argon2id$v=19$")
        assert session.token_hash != token and len(session.token_hash) == 64
        trail = " ".join(str((row.before, row.after)) for row in work.session.query(AuditEvent))
    assert PASSWORD not in trail and token not in trail


@pytest.mark.sqlite_only
def test_passwords_are_hashed_as_rfc_9106_says():
    hashed = runpy.run_path(passwords.__file__)["hashed"]  # not the cheap parameters of the other tests
    assert hashed(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_wrong_name_and_wrong_password_are_one_answer(api):
    made, _ = settled(api)
    answers = [log_in(api, "nobody", "x"), log_in(api, password="x"), log_in(api, made["login"], made["password"])]
    done(api.as_(Role.ADMIN).patch(f"/api/v1/users/{made['id']}", json={"disabled": True}, headers={"If-Match": '"2"'}))
    answers.append(log_in(api))
    shown = {str({**answer.json(), "requestId": ""}) for answer in answers}
    assert len(shown) == 1
    assert {refusal(answer) for answer in answers} == {(401, "login_failed")}
    assert all("set-cookie" not in answer.headers for answer in answers)
    assert events(api.platform).count("person:session:refuse") == 4


def test_a_name_is_known_however_it_is_typed(api):
    settled(api, "wang.li")
    assert log_in(api, "ＷＡＮＧ.Li").status_code == 201


def test_a_name_is_locked_after_failures_whether_anybody_has_it_or_not(api):
    settled(api)
    for login in ("wang.li", "nobody"):
        for _ in range(10):
            assert log_in(api, login, "x").status_code == 401
        locked = log_in(api, login)
        assert refusal(locked) == (429, "too_many_attempts")
        assert 0 < int(locked.headers["retry-after"]) <= 900
    later(api, minutes=15)
    assert log_in(api).status_code == 201
    assert log_in(api, "nobody").status_code == 401


def test_success_clears_the_count(api):
    settled(api)
    for _ in range(2):
        for _ in range(9):
            log_in(api, password="x")
        assert log_in(api).status_code == 201
    with api.platform.work() as work:
        (everywhere,) = work.session.query(Attempts)
    assert everywhere.count >= 20, "only the count over all addresses goes on, until nobody tries for a while"


def test_guesses_from_elsewhere_lock_nobody_out(api):
    settled(api)
    guess = {"login": "wang.li", "password": "x"}
    stranger = TestClient(api.anonymous.app, client=("203.0.113.9", 50000))
    answers = [stranger.post("/api/v1/sessions", json=guess).status_code for _ in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert log_in(api).status_code == 201


def test_guesses_from_many_addresses_lock_the_name(api):
    settled(api)
    for number in range(10 * lockout.DISTRIBUTED):
        with contextlib.suppress(lockout.TooManyAttempts), api.platform.work() as work:
            lockout.take(work, "wang.li", f"203.0.113.{number % 100}")
    assert refusal(log_in(api)) == (429, "too_many_attempts")


@pytest.mark.sqlite_only
def test_an_address_may_try_so_often(settings, platform):
    slow = replace(platform, settings=settings.model_copy(update={"login_rate": "3/minute"}))
    with Api(slow) as api:
        answers = [log_in(api, f"nobody{number}", "x").status_code for number in range(5)]
    assert answers == [401, 401, 401, 429, 429]


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"X-CSRF-Token": ""}, "csrf_token_needed"),
        ({"X-CSRF-Token": "0" * 64}, "csrf_token_needed"),
        ({"X-CSRF-Token": "é".encode()}, "csrf_token_needed"),
        ({"Sec-Fetch-Site": "cross-site"}, "cross_site"),
        ({"Sec-Fetch-Site": "same-site"}, "cross_site"),
        ({"Sec-Fetch-Site": "none"}, "cross_site"),
        ({"Origin": "https://elsewhere.example"}, "cross_site"),
        ({"Origin": "null"}, "cross_site"),
        ({"Origin": "http://testserver.evil.example"}, "cross_site"),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, None),
        ({}, None),
    ],
)
def test_a_change_under_a_cookie_shows_where_it_comes_from(api, headers, refused):
    client = api.logged_in(Role.OFFICER)
    answer = client.post("/api/v1/tenders", json={"policy": "suzhou-current"}, headers=headers)
    assert refusal(answer)[:2] == (403, refused) if refused else answer.status_code == 201
    assert client.get("/api/v1/tenders", headers=headers).status_code == 200  # reading needs no token


def test_the_csrf_token_of_another_session_does_not_count(api):
    one, two = api.logged_in(Role.OFFICER), api.logged_in(Role.OFFICER)
    headers = {"X-CSRF-Token": two.headers["X-CSRF-Token"]}
    assert refusal(one.post("/api/v1/tenders", json={}, headers=headers)) == (403, "csrf_token_needed")


@pytest.mark.sqlite_only
def test_another_site_does_not_log_anybody_in(api):
    settled(api)
    assert refusal(log_in(api, headers={"Origin": "https://elsewhere.example"})) == (403, "cross_site")


def test_keys_come_in_headers_and_sessions_in_cookies(api):
    key, client = api.key(Role.OFFICER), api.logged_in(Role.OFFICER)
    token = client.headers["Cookie"].partition("=")[2]
    tenders = "/api/v1/tenders"
    assert api.anonymous_client().get(tenders, headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert api.anonymous_client().get(tenders, headers={"X-API-Key": token}).status_code == 401
    assert api.anonymous_client().get(tenders, headers={"Cookie": f"__Host-bidscreen={key}"}).status_code == 401
    assert api.anonymous_client().get(tenders, headers={"Cookie": f"bidscreen={token}"}).status_code == 401
    assert api.anonymous_client().get(tenders, headers={"Cookie": f"__Host-bidscreen={token}"}).status_code == 200


def test_a_key_needs_no_csrf_token(api):
    assert api.as_(Role.OFFICER).post("/api/v1/tenders", json={"policy": "suzhou-current"}).status_code == 201


def test_an_unused_session_ends_and_a_used_one_goes_on_for_a_day_s_work(api):
    client = api.logged_in(Role.OFFICER)
    for _ in range(24):
        later(api, minutes=29)
        assert client.get(ACCOUNT).status_code == 200
    later(api, minutes=25)  # 12 hours and a minute after the login
    assert client.get(ACCOUNT).status_code == 401
    idle = api.logged_in(Role.OFFICER)
    later(api, minutes=30)
    assert idle.get(ACCOUNT).status_code == 401


def test_a_new_log_in_ends_the_session_that_the_browser_had(api):
    _, client = settled(api)
    answer = log_in(api, headers={"Cookie": client.headers["Cookie"]})
    assert answer.status_code == 201 and token_of(answer) not in client.headers["Cookie"]
    assert client.get(ACCOUNT).status_code == 401


def test_own_sessions_are_listed_and_ended_and_others_are_not_there(api):
    _, one = settled(api)
    two = entered(api)
    stranger = api.logged_in(Role.OFFICER)
    listed = done(one.get(LOGIN))["items"]
    assert [session["current"] for session in listed] == [True, False]
    theirs = done(stranger.get(LOGIN))["items"]
    assert len(theirs) == 1
    assert one.delete(f"{LOGIN}/{theirs[0]['id']}").status_code == 404
    done(one.delete(f"{LOGIN}/{listed[1]['id']}"))
    assert (one.get(ACCOUNT).status_code, two.get(ACCOUNT).status_code) == (200, 401)


def test_a_disabled_account_is_out_at_once(api):
    made, client = settled(api)
    admin = api.as_(Role.ADMIN)
    version = done(admin.get(f"/api/v1/users/{made['id']}"))["version"]
    done(admin.patch(f"/api/v1/users/{made['id']}", json={"disabled": True}, headers={"If-Match": f'"{version}"'}))
    assert client.get(ACCOUNT).status_code == 401
    assert log_in(api).status_code == 401
    version += 1
    done(admin.patch(f"/api/v1/users/{made['id']}", json={"disabled": False}, headers={"If-Match": f'"{version}"'}))
    assert client.get(ACCOUNT).status_code == 401  # its sessions are over
    assert log_in(api).status_code == 201


def test_without_https_the_cookie_says_so(settings, platform):
    plain = replace(platform, settings=settings.model_copy(update={"cookie_secure": False}))
    with Api(plain) as api:
        make(api)
        settled(api, "li.na")
        cookie = log_in(api, "li.na").headers["set-cookie"]
    assert cookie.startswith("bidscreen=bss_") and "Secure" not in cookie


@pytest.mark.sqlite_only
def test_nothing_of_a_request_with_a_password_is_remembered(api):
    _, client = settled(api)
    headers = {"Idempotency-Key": "k"}
    assert log_in(api, headers=headers).status_code == log_in(api, headers=headers).status_code == 201
    body = {"password": PASSWORD, "newPassword": "achtzehn Reiher im Regen"}
    assert client.post(f"{ACCOUNT}/password", json=body, headers=headers).status_code == 200
    with api.platform.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM idempotent_answer").scalar() == 0


def test_another_password_ends_the_other_sessions_and_renews_this_one(api):
    _, client = settled(api)
    other = entered(api)
    answer = change_password(client, "achtzehn Reiher im Regen")
    done(answer)
    assert (client.get(ACCOUNT).status_code, other.get(ACCOUNT).status_code) == (401, 401)
    assert api.with_session(token_of(answer)).get(ACCOUNT).status_code == 200
    assert (log_in(api).status_code, log_in(api, password="achtzehn Reiher im Regen").status_code) == (401, 201)
