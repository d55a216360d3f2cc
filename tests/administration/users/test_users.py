"""Accounts created by admins and managed by their owners: passwords, second factors, concurrent changes."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from app.administration.users import lockout
from app.administration.users.tables import RecoveryCode, User
from app.entrypoints.cli.main import cli
from app.platform.access.roles import Role
from app.platform.audit.tables import AuditEvent
from app.platform.database.identifiers import new_id
from tests.conftest import PASSWORD, SECRET, Api
from tests.making.people import (
    ACCOUNT,
    change_password,
    code,
    enrolled,
    entered,
    log_in,
    make,
    settled,
    token_of,
)
from tests.making.procedure import Procedure, done, refusal
from tests.making.sealed import with_clock

USERS = "/api/v1/users"
NEW = "achtzehn Reiher im Regen"


@pytest.fixture
def api(platform):
    held, clock = with_clock(platform)
    with Api(held) as running:
        running.clock = clock
        yield running


def test_an_account_begins_with_a_password_that_only_changes_itself(client):
    made = make(client)
    assert made["passwordUntil"] is not None and len(made["password"]) == 20
    assert "password" not in done(client.as_(Role.ADMIN).get(f"{USERS}/{made['id']}"))
    person = entered(client, "wang.li", made["password"])
    assert done(person.get(ACCOUNT))["stage"] == "password"
    assert refusal(person.get("/api/v1/tenders")) == (403, "password_change_needed")
    answer = change_password(person, PASSWORD, made["password"])
    assert done(answer)["stage"] == "full"
    assert client.with_session(token_of(answer)).get("/api/v1/tenders").status_code == 200


def test_a_password_that_was_given_out_waits_three_days(api):
    made = make(api)
    person = entered(api, "wang.li", made["password"])
    api.clock.at(-21 * 24 * 3600 + 72 * 3600)
    assert person.get(ACCOUNT).status_code == 401
    assert log_in(api, "wang.li", made["password"]).status_code == 401


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "password_length"),
        ("elf Zeichen", "password_length"),
        ("ﬁ" * 70, "password_length"),  # 140 characters after normalisation
        ("x" * 129, "password_length"),
        ("password1234", "password_common"),
        ("qwertyuiop12", "password_common"),
        ("aaaaaaaaaaaaaaaaaaaa", "password_common"),
        ("wang.li123456", "password_common"),
        (PASSWORD, "password_same"),
    ],
)
@pytest.mark.sqlite_only
def test_a_password_is_long_and_not_the_first_to_be_guessed(client, password, fault):
    _, person = settled(client)
    answer = change_password(person, password)
    assert refusal(answer) == (422, "invalid_input", (fault, "/newPassword"))
    assert password not in answer.text


@pytest.mark.parametrize(
    "password", ["alllowercasewithoutdigits zebra", "社会工作服务社的红灯笼高高挂", "x7 qj kv zt pm " * 8]
)
@pytest.mark.sqlite_only
def test_no_kinds_of_characters_are_asked_for(client, password):
    _, person = settled(client)
    assert change_password(person, password).status_code == 200
    assert log_in(client, password=password).status_code == 201


def test_the_current_password_is_needed_and_guessing_it_is_counted(client):
    _, person = settled(client)
    for _ in range(10):
        assert refusal(change_password(person, NEW, "x")) == (422, "password_wrong", ("password_wrong", "/password"))
    assert refusal(change_password(person, NEW)) == (429, "too_many_attempts")


def test_an_account_changes_on_top_of_what_was_read(client):
    made, person = settled(client)
    admin, url = client.as_(Role.ADMIN), f"{USERS}/{made['id']}"
    assert refusal(admin.patch(url, json={"name": "李娜"})) == (428, "precondition_required")
    assert refusal(admin.patch(url, json={"name": "李娜"}, headers={"If-Match": '"1"'})) == (412, "precondition_failed")
    tag = admin.get(url).headers["etag"]
    changed = admin.patch(url, json={"name": "李娜"}, headers={"If-Match": tag})
    assert (done(changed)["name"], person.get(ACCOUNT).status_code) == ("李娜", 200)
    done(admin.patch(url, json={"role": "auditor"}, headers={"If-Match": changed.headers["etag"]}))
    assert person.get(ACCOUNT).status_code == 401  # the rights changed: log in again
    assert done(entered(client).get(ACCOUNT))["user"]["role"] == "auditor"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"role": "client"}, "/role"),
        ({"role": "bidder"}, "/organizationId"),
        ({"organizationId": new_id("org")}, "/organizationId"),
        ({"role": "bidder", "organizationId": new_id("org")}, "/organizationId"),
        ({"lots": [new_id("lot")]}, "/lots"),
        ({"role": "evaluator", "lots": [new_id("lot")]}, "/lots"),
        ({"login": "two words"}, "/login"),
        ({"login": ""}, "/login"),
        ({"login": "\ufdfa" * 20}, "/login"),
        ({"password": PASSWORD}, "/password"),
        ({"id": new_id("usr")}, "/id"),
        ({"passwordHash": "x"}, "/passwordHash"),
    ],
)
@pytest.mark.sqlite_only
def test_a_wrong_account_says_where(client, change, pointer):
    body = {"login": "a", "name": "a", "role": "officer", **change}
    answer = client.as_(Role.ADMIN).post(USERS, json=body)
    assert answer.status_code == 422, answer.text
    assert {error["pointer"] for error in answer.json()["errors"]} == {pointer}


def test_a_name_belongs_to_one_account(client):
    make(client, "Wang.Li")
    body = {"login": "wang.LI", "name": "b", "role": "auditor"}
    assert refusal(client.as_(Role.ADMIN).post(USERS, json=body)) == (409, "user_exists")


def test_an_evaluator_has_lots_and_a_bidder_its_organization(client):
    tender = Procedure(client)
    made = make(client, "a", "evaluator", lots=[tender.lot, tender.lot])
    assert made["lots"] == [tender.lot]
    own = tender.organization()
    assert make(client, "b", "bidder", organizationId=own)["organizationId"] == own


def test_somebody_is_left_who_can_make_accounts(client):
    one, two = (client.logged_in(Role.ADMIN, login=login) for login in ("a", "b"))
    ids = {user["login"]: user["id"] for user in done(one.get(USERS))["items"]}
    done(one.patch(f"{USERS}/{ids['b']}", json={"disabled": True}, headers={"If-Match": '"1"'}))
    assert two.get(USERS).status_code == 401
    for change in ({"disabled": True}, {"role": "officer"}):
        answer = one.patch(f"{USERS}/{ids['a']}", json=change, headers={"If-Match": '"1"'})
        assert refusal(answer) == (409, "last_admin")


def test_two_admins_who_disable_each_other(client):
    clients = [client.logged_in(Role.ADMIN, login=login) for login in ("a", "b")]
    ids = [user["id"] for user in done(clients[0].get(USERS))["items"]]
    answers = at_once(
        *(
            lambda mine=mine, other=other: mine.patch(
                f"{USERS}/{other}", json={"disabled": True}, headers={"If-Match": '"1"'}
            )
            for mine, other in zip(clients, reversed(ids), strict=True)
        )
    )
    assert sorted(answer.status_code == 200 for answer in answers) == [False, True]
    with client.platform.work() as work:
        assert work.session.query(User).filter(User.disabled_at.is_(None)).count() == 1


def at_once(*calls):
    """Return each call's response; all calls start together."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        barrier.wait()
        answers[number] = call()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_password_changes_at_once_one_wins(client):
    _, person = settled(client)
    other = entered(client)
    answers = at_once(lambda: change_password(person, NEW), lambda: change_password(other, "neunzehn Reiher im Regen"))
    assert sorted(answer.status_code == 200 for answer in answers) == [False, True], [a.text for a in answers]
    opens = [log_in(client, password=password).status_code for password in (NEW, "neunzehn Reiher im Regen")]
    assert sorted(opens) == [201, 401]


def test_a_second_factor_is_asked_for_and_a_code_counts_once(api):
    _, person = settled(api)
    secret, recovery, person = enrolled(api, person)
    assert len(set(recovery)) == 10
    assert done(person.get(ACCOUNT))["user"]["secondFactor"] is True
    assert refusal(log_in(api)) == (401, "second_factor_needed")
    assert log_in(api, code="000000").status_code == 401
    assert log_in(api, code=code(secret, api.clock.now)).status_code == 401  # it confirmed the enrolment
    api.clock.at(-21 * 24 * 3600 + 60)
    now = code(secret, api.clock.now)
    assert log_in(api, code=f"{now[:3]} {now[3:]}").status_code == 201
    assert refusal(log_in(api, code=now)) == (401, "login_failed")
    api.clock.at(-21 * 24 * 3600 + 60 + 90)
    assert log_in(api, code=now).status_code == 401  # too old
    assert log_in(api, "wang.li", "x", code=code(secret, api.clock.now)).status_code == 401


def test_a_code_used_twice_at_once_opens_once(api):
    _, person = settled(api)
    secret, *_ = enrolled(api, person)
    api.clock.at(-21 * 24 * 3600 + 60)
    given = code(secret, api.clock.now)
    answers = at_once(*[lambda: log_in(api, code=given)] * 4)
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]


def test_a_recovery_code_opens_once(api):
    _, person = settled(api)
    _, recovery, _ = enrolled(api, person)
    answers = at_once(*[lambda: log_in(api, code=recovery[0].upper())] * 3)
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]
    assert log_in(api, code=recovery[1]).status_code == 201
    with api.platform.work() as work:
        kept = [row.code_hash for row in work.session.query(RecoveryCode)]
        assert len(kept) == 8 and not set(kept) & set(recovery)


def test_the_secret_is_encrypted_and_another_s_ciphertext_is_no_use(api):
    _, person = settled(api)
    secret, *_ = enrolled(api, person)
    with api.platform.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT totp_secret FROM user_account").scalar()
    assert secret.encode() not in bytes(stored) and len(stored) > len(secret)
    with api.platform.work() as work:
        assert secret not in " ".join(str((row.before, row.after)) for row in work.session.query(AuditEvent))


def test_a_second_factor_is_taken_away_with_password_and_code(api):
    _, person = settled(api)
    secret, recovery, person = enrolled(api, person)
    url = f"{ACCOUNT}/second-factor"
    assert refusal(person.post(url, json={"password": PASSWORD})) == (409, "second_factor_exists")
    answer = person.post(f"{url}/removal", json={"password": PASSWORD, "code": code(secret, api.clock.now)})
    assert refusal(answer) == (422, "invalid_input", ("code_wrong", "/code"))  # already used
    answer = person.post(f"{url}/removal", json={"password": PASSWORD, "code": recovery[0]})
    assert done(answer)["user"]["secondFactor"] is False
    assert log_in(api).status_code == 201
    assert log_in(api, code=recovery[1]).status_code == 201  # no longer required, so not checked


def test_where_it_is_obligatory_only_enrolling_is_open(settings, platform):
    held, clock = with_clock(replace(platform, settings=settings.model_copy(update={"totp_required": True})))
    with Api(held) as api:
        api.clock = clock
        _, person = settled(api)
        assert done(person.get(ACCOUNT))["stage"] == "enrol"
        assert refusal(person.get("/api/v1/tenders")) == (403, "second_factor_obligatory")
        *_, person = enrolled(api, person)
        assert person.get("/api/v1/tenders").status_code == 200
        _, admin = settled(api, "li.na", "admin")
        assert admin.get(USERS).status_code == 200


def test_a_reset_gives_out_a_password_and_ends_the_rest(api):
    made, person = settled(api)
    *_, person = enrolled(api, person)
    given = done(api.as_(Role.ADMIN).post(f"{USERS}/{made['id']}/reset"))
    assert person.get(ACCOUNT).status_code == 401
    assert log_in(api).status_code == 401
    assert done(entered(api, "wang.li", given["password"]).get(ACCOUNT))["stage"] == "password"


def run(platform, *arguments):
    given = {"BIDSCREEN_DATA_DIR": str(platform.settings.data_dir), "BIDSCREEN_SECRET_KEY": SECRET}
    return CliRunner().invoke(cli, ["users", *arguments], env={**given, "BIDSCREEN_DATABASE_URL": ""})


@pytest.mark.sqlite_only
def test_the_first_admin_comes_from_the_command_line_once(platform):
    made = run(platform, "create-admin", "root", "--name", "管理员")
    assert made.exit_code == 0
    again = run(platform, "create-admin", "root2")
    assert (again.exit_code, again.stdout) == (2, "") and "admin exists already" in again.stderr
    with Api(platform) as api:
        answer = change_password(entered(api, "root", made.stdout.strip()), PASSWORD, made.stdout.strip())
        assert api.with_session(token_of(answer)).get(USERS).status_code == 200
    listed = [json.loads(line) for line in run(platform, "list").stdout.splitlines()]
    assert [(user["login"], user["role"]) for user in listed] == [("root", "admin")]
    assert run(platform, "create", "b", "--role", "officer", "--name", "b").exit_code == 0
    wrong = run(platform, "create", "c", "--role", "bidder", "--name", "c")
    assert wrong.exit_code == 2 and "/organizationId" in wrong.stderr
    assert run(platform, "disable", "b").exit_code == 0
    assert run(platform, "disable", "root").exit_code == 2
    assert run(platform, "disable", "nobody").exit_code == 2
    assert len(run(platform, "reset", "root").stdout.strip()) == 20


def test_a_locked_name_is_open_to_its_second_factor_and_to_its_keys(api):
    """Wrong passwords from anybody keep no owner out who can prove more than a password."""
    _, person = settled(api)
    secret, recovery, _ = enrolled(api, person)
    key = api.as_(Role.OFFICER)
    for _ in range(10):
        assert log_in(api, password="x", code="000000").status_code == 401
    api.clock.now += timedelta(minutes=2)
    for wrong in (None, "000000", code("A" * 32, api.clock.now)):
        assert refusal(log_in(api, code=wrong)) == (429, "too_many_attempts")
    now = code(secret, api.clock.now)
    assert refusal(log_in(api, password="x", code=now)) == (401, "login_failed")
    assert refusal(log_in(api, code=now)) == (429, "too_many_attempts"), "each code is good for one guess"
    assert log_in(api, code=recovery[0]).status_code == 201
    assert key.get("/api/v1/tenders").status_code == 200
    assert log_in(api, code=recovery[1]).status_code == 201, "a success ends the lock"
    other = log_in(api, "nobody", code=now)
    assert other.status_code == 401


def test_each_lock_lasts_twice_as_long(api):
    def pause():
        """Ten attempts, and the minutes that the eleventh must wait."""
        for _ in range(10):
            with api.platform.work() as work:
                lockout.take(work, "wang.li", "203.0.113.9")
        with pytest.raises(lockout.TooManyAttempts) as locked, api.platform.work() as work:
            lockout.take(work, "wang.li", "203.0.113.9")
        return int(locked.value.headers["Retry-After"]) // 60

    pauses = []
    for _ in range(4):
        pauses.append(pause())
        api.clock.now += timedelta(minutes=pauses[-1], seconds=1)
    assert pauses == [15, 30, 60, 120]
    api.clock.now += timedelta(days=1)
    assert pause() == 15, "a day without attempts and all begins anew"
