"""The requests of the user guide, sent as they stand to a new instance that is served."""

import json
import re
import shlex
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from app.sample.demo.clock import FILE, instant, turn
from app.sample.demo.service import serving
from app.sample.write import Sample

GUIDE = (Path(__file__).parents[2] / "docs" / "user-guide.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(?:sh)?\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
REQUESTS = [
    line
    for block in BLOCKS
    for line in re.sub(r"\\\n|\n(?= )", " ", block).splitlines()
    if re.match(r"(?:api|curl) ", line)
]
# From evaluation on, a tender needs three bids, a committee and a ranking: it answers with the step that is missing.
TOO_EARLY = {"lot_not_ranked", "not_found"}


class Guide:
    """A shell's variables, and the requests of its lines."""

    def __init__(self, address: str, folder: Path, key: str) -> None:
        self.folder = folder
        self.variables = {"API": f"{address}/api/v1", "KEY": key}
        self.admin = key
        self.http = httpx2.Client(timeout=120, trust_env=False)

    def send(self, line: str, key: str | None = None) -> httpx2.Response:
        """Send one `api` or `curl` line of the guide with this key, else with that of the guide's `$KEY`."""
        stated = re.sub(r"\$(\w+)", lambda one: self.variables[one.group(1)], line.replace('"…"', '"…"'))
        words = iter(shlex.split(stated, comments=True)[1:])
        method, url, body, fields, files = "GET", "", None, {}, []
        for word in words:
            if word == "-X":
                method = next(words)
            elif word == "-d":
                given = next(words)
                body = (self.folder / given[1:]).read_bytes() if given.startswith("@") else given.encode()
            elif word == "-F":
                name, _, value = next(words).partition("=")
                if value.startswith("@"):
                    files.append((name, (value[1:], (self.folder / value[1:]).read_bytes())))
                else:
                    fields[name] = value
            elif word in ("-s", "-H"):
                next(words) if word == "-H" else None
            else:
                url = word
        headers = {"Authorization": f"Bearer {key or self.variables['KEY']}"}
        if files:
            return self.http.request(method, url, headers=headers, data=fields, files=files)
        if body is not None:
            headers["Content-Type"] = "application/json"
        return self.http.request(method, url, headers=headers, content=body)

    def key(self, role: str) -> str:
        """Return a new key of a role; the first variable `$KEY` is an administrator's."""
        body = json.dumps({"name": role, "role": role})
        return str(self.send(f"api -X POST $API/api-keys -d '{body}'").json()["key"])

    def agree(self, approval: str) -> None:
        """Agree to a proposal in the login of a second officer."""
        with httpx2.Client(base_url=self.variables["API"], timeout=60, trust_env=False) as browser:
            self._log_in(browser)
            answer = browser.post(f"/approvals/{approval}/agree", json={})
            assert answer.is_success, answer.text

    def _log_in(self, browser: httpx2.Client) -> None:
        given = {"login": f"second-{time.monotonic_ns()}", "name": "复核人", "role": "officer"}
        made = browser.post("/users", json=given, headers={"Authorization": f"Bearer {self.admin}"}).json()
        entered = browser.post("/sessions", json={"login": given["login"], "password": made["password"]})
        self._keep(browser, entered)
        new = {"password": made["password"], "newPassword": "lantern-quarry-94-meadow"}
        self._keep(browser, browser.post("/account/password", json=new))

    def _keep(self, browser: httpx2.Client, answer: httpx2.Response) -> None:
        assert answer.is_success, answer.text
        browser.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
        browser.headers["X-CSRF-Token"] = answer.json()["csrfToken"]

    def get(self, path: str) -> Any:
        """Return the body at a path."""
        return self.send(f"api {self.variables['API']}{path}").json()

    def finish(self, job: str) -> None:
        """Wait for a job."""
        for _ in range(600):
            if self.get(f"/jobs/{job}")["finishedAt"]:
                return
            time.sleep(0.2)
        raise AssertionError(job)

    def learn(self, line: str, answer: Any) -> None:
        """Remember what the guide's next lines name: `$TENDER`, `$ORG` …"""
        if "POST" not in line:
            return
        if "/api-keys" in line:
            self.variables["KEY"] = answer["key"]
        if line.endswith(("09:30:00+08:00\"}'",)):
            self.variables["TENDER"] = answer["id"]
            self.variables["LOT"] = self.get(f"/tenders/{answer['id']}/lots")["items"][0]["id"]
        if "/bids " in line:
            self.variables["BID"] = answer["id"]
        if "/organizations " in line:
            self.variables["ORG"] = answer["id"]
        if "/documents " in line:
            self.variables["JOB"] = answer["job"]["id"]
            self.finish(answer["job"]["id"])
        if "/screenings/batch" in line:
            self.finish(answer["id"])
            found = self.get(f"/screenings?tenderId={self.variables['TENDER']}")["items"]
            self.variables["SCREENING"] = found[0]["id"]


@pytest.fixture
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: Sample) -> Iterator[Guide]:
    data = tmp_path / "tenders"
    monkeypatch.setenv("BIDSCREEN_DATA_DIR", str(data))
    for name in ("BIDSCREEN_SECRET_KEY", "BIDSCREEN_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    runner = CliRunner()
    assert runner.invoke(cli, ["init", str(data), "--admin", "zhang.wei", "--name", "张伟"]).exit_code == 0
    key = runner.invoke(cli, ["api-keys", "create", "--role", "admin"]).stdout.strip()
    own = sample.dossier("chengxi")
    for name, path in (
        ("dossier.json", "dossier.json"),
        ("roster.xlsx", "roster.xlsx"),
        ("registration.pdf", "documents/registration.pdf"),
        ("insurance.pdf", "documents/insurance.pdf"),
    ):
        (tmp_path / name).write_bytes(own[path])
    (tmp_path / "court-dishonest.csv").write_bytes(sample.credit_list("court-dishonest"))
    turn(data / FILE, instant("2027-04-20 09:00"))
    with serving(data, tmp_path / "serve.log") as address:
        yield Guide(address, tmp_path, key)


def test_the_requests_of_the_guide_are_answered_as_it_says(guide: Guide) -> None:
    assert len(REQUESTS) > 25
    early, done = [], 0
    guide.variables |= {"BID": "bid_" + "0" * 26, "SCENARIO": "scn_" + "0" * 26}
    keys = {"auditor": guide.key("auditor"), "member": guide.key("evaluator")}
    # the first line reads the demo's tenders with its key: here there is an administrator first
    for line in REQUESTS[1:]:
        stated = line.replace(', "…": "…"', "").replace(', "…"', "")
        if "credit-lists" in line:
            turn(guide.folder / "tenders" / FILE, instant("2027-05-19 12:00"))
        if "active.qualification" in line:
            turn(guide.folder / "tenders" / FILE, instant("2027-05-20 10:00"))
        answer = guide.send(stated, next((key for role, key in keys.items() if f"{role}'s key" in line), None))
        if "$SCENARIO" in line and answer.status_code == 422:  # no lot is ranked, so that there is no scenario
            assert answer.json()["errors"][0]["pointer"] == "/scenario"
            continue
        if answer.status_code in (404, 409):
            early.append((line, answer.json()["code"]))
            continue
        assert answer.status_code in (200, 201, 202), (line, answer.text)
        done += 1
        if answer.status_code == 202 and "act" in answer.json():
            guide.agree(answer.json()["id"])
        guide.learn(stated, answer.json())
    assert done >= 15
    assert {code for _, code in early} <= TOO_EARLY, json.dumps(early, ensure_ascii=False)
