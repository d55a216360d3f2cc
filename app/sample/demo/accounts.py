"""Create one account per role at the end of the demo, for the console, with passwords: for the demo only."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from app.platform.access.roles import Role
from app.sample.demo.client import patient
from app.sample.demo.parties import Demo
from app.sample.demo.service import DemoFailed

ACCOUNTS_FILE = "accounts.txt"
BIDDER, COLLEAGUE = "chengxi", "demo-colleague"
_NAMES = {
    Role.OFFICER: "经办人（演示）",
    Role.EVALUATOR: "评审专家（演示）",
    Role.BIDDER: "投标人（演示）",
    Role.AUDITOR: "审计员（演示）",
    Role.ADMIN: "管理员（演示）",
}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """The login data of one role."""

    role: Role
    login: str
    password: str

    def __str__(self) -> str:
        return f"{self.role:<10} {self.login:<16} {self.password}"


def colleague(demo: Demo) -> None:
    """Give the officer a colleague with a login, who agrees to every act that needs two persons."""
    account, given_out = _opened(demo, Role.OFFICER, COLLEAGUE, "复核人（演示）", {})
    with _settled(demo.address, account, given_out):
        pass
    demo.colleague = str(account)

    def agree(proposal: Any, request: Any) -> Any:
        body = {"request": request} if proposal["request"] is None else {}
        with _entered(demo.address, account) as browser:
            answer = browser.post(f"/approvals/{proposal['id']}/agree", json=body)
        if not answer.is_success:
            raise DemoFailed(f"{proposal['act']} was not agreed to: {answer.text[:500]}")
        return answer.json()["result"]["body"]

    demo.officer.colleague = agree
    demo.say(f"{account.login}, a second officer, agrees to each act that needs two persons (政府采购法 art 61)")


def accounts(demo: Demo) -> None:
    """Create the accounts, and write them to `accounts.txt`, readable only by its owner."""
    made = [_account(demo, role, name) for role, name in _NAMES.items()]
    file = demo.folders.out / ACCOUNTS_FILE
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text("".join(f"{account}\n" for account in (*made, demo.colleague)), "utf-8")
    demo.say(f"{len(made) + 1} accounts for the console, in {file}")


def bidder_key(demo: Demo, folder: str, organization: str) -> str:
    """Return an API key that a bidder makes in its own login; admins cannot make it."""
    account, given_out = _opened(demo, Role.BIDDER, f"bidder-{folder}", folder, {"organizationId": organization})
    with _settled(demo.address, account, given_out) as browser:
        made = patient(browser, "POST", "/account/api-keys", json={"name": folder})
        if made.status_code != 201:
            raise DemoFailed(f"{account.login} could not make a key: {made.text[:500]}")
        return str(made.json()["key"])


def _account(demo: Demo, role: Role, name: str) -> DemoAccount:
    bound: dict[str, dict[str, Any]] = {
        Role.EVALUATOR: {"lots": [lot["id"] for lot in demo.lots.values()]},
        Role.BIDDER: {"organizationId": demo.organizations[BIDDER]},
    }
    account, given_out = _opened(demo, role, f"demo-{role}", name, bound.get(role, {}))
    with _settled(demo.address, account, given_out):
        return account


def _opened(demo: Demo, role: Role, login: str, name: str, bound: dict[str, Any]) -> tuple[DemoAccount, str]:
    """Create an account; return it with a new password, and the initial one."""
    given_out = demo.admin.post("/users", {"login": login, "name": name, "role": role, **bound})["password"]
    return DemoAccount(role, login, secrets.token_urlsafe(12)), given_out


@contextmanager
def _settled(address: str, account: DemoAccount, given_out: str) -> Iterator[httpx2.Client]:
    """Yield a client whose owner has logged in and replaced the initial password."""
    with httpx2.Client(base_url=f"{address}/api/v1", timeout=60.0, trust_env=False) as browser:
        entered = patient(browser, "POST", "/sessions", json={"login": account.login, "password": given_out})
        if entered.status_code != 201:
            raise DemoFailed(f"{account.login} could not log in: {entered.text[:500]}")
        _keep_session(browser, entered)
        replacing = {"password": given_out, "newPassword": account.password}
        changed = patient(browser, "POST", "/account/password", json=replacing)
        if changed.status_code != 200:
            raise DemoFailed(f"{account.login} could not set a password: {changed.text[:500]}")
        _keep_session(browser, changed)
        yield browser


@contextmanager
def _entered(address: str, account: DemoAccount) -> Iterator[httpx2.Client]:
    """Yield a client that has logged in anew: the demo's clock ends sessions."""
    with httpx2.Client(base_url=f"{address}/api/v1", timeout=60.0, trust_env=False) as browser:
        entered = browser.post("/sessions", json={"login": account.login, "password": account.password})
        if not entered.is_success:
            raise DemoFailed(f"{account.login} could not log in: {entered.text[:500]}")
        _keep_session(browser, entered)
        yield browser


def _keep_session(browser: httpx2.Client, answer: httpx2.Response) -> None:
    # a Secure cookie: the client would not send it over plain HTTP
    browser.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
    browser.headers["X-CSRF-Token"] = answer.json()["csrfToken"]
