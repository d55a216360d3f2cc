"""Accounts created through the API, logins with cookies and CSRF token, codes of second factors."""

import base64
import re

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from app.platform.access.roles import Role
from tests.conftest import PASSWORD
from tests.making.procedure import done

LOGIN, ACCOUNT = "/api/v1/sessions", "/api/v1/account"


def make(api, login="wang.li", role="officer", **other):
    """Return an account created by an admin; the response contains its first password."""
    return done(api.as_(Role.ADMIN).post("/api/v1/users", json={"login": login, "name": "王丽", "role": role, **other}))


def log_in(api, login="wang.li", password=PASSWORD, headers=None, **other):
    """Return the response to a login, whatever it is."""
    body = {"login": login, "password": password, **other}
    return api.anonymous_client().post(LOGIN, json=body, headers=headers)


def token_of(answer):
    """Return the session's token from the cookie that was set."""
    return re.match(r"[^=]+=([^;]*)", answer.headers["set-cookie"])[1]


def entered(api, *given, **other):
    """Return a client that has logged in."""
    answer = log_in(api, *given, **other)
    done(answer)
    return api.with_session(token_of(answer))


def change_password(client, new, password=PASSWORD):
    return client.post(f"{ACCOUNT}/password", json={"password": password, "newPassword": new})


def settled(api, login="wang.li", role="officer", **other):
    """Return an account whose owner has set PASSWORD, and a client of its owner."""
    made = make(api, login, role, **other)
    first = entered(api, login, made["password"])
    answer = change_password(first, PASSWORD, made["password"])
    done(answer)
    return made, api.with_session(token_of(answer))


def code(secret, now):
    """Return the code that the device shows."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(now.timestamp()).decode()


def enrolled(api, client):
    """Enrol a second factor; return the secret, the recovery codes and the client with its new session."""
    secret = done(client.post(f"{ACCOUNT}/second-factor", json={"password": PASSWORD}))["secret"]
    body = {"code": code(secret, api.platform.clock())}
    answer = client.post(f"{ACCOUNT}/second-factor/confirmation", json=body)
    return secret, done(answer)["recoveryCodes"], api.with_session(token_of(answer))
