"""The demo's HTTP clients: JSON with an API key, nothing else."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import httpx2

from app.sample.demo.service import DemoFailed

_TIMEOUT = 60.0
_JOB_SECONDS = 300.0
_TRIES = 10
File = tuple[str, bytes]
Colleague = Callable[[Any, Any], Any]  # agrees to a proposal, given its request; returns the response to the act
PROPOSED = 202


class DemoClient:
    """An HTTP client with one API key; an error response ends the demo with the service's message."""

    def __init__(self, address: str, key: str) -> None:
        self._http = httpx2.Client(
            base_url=f"{address}/api/v1",
            headers={"Authorization": f"Bearer {key}"},
            timeout=_TIMEOUT,
            trust_env=False,
        )
        self.colleague: Colleague | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._http.close()

    def get(self, path: str, **query: str) -> Any:
        """Return the body at a path."""
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: object = None) -> Any:
        """Return the response to a creation or a command."""
        return self._ask("POST", path, json=body) if body is not None else self._ask("POST", path)

    def put(self, path: str, body: object) -> Any:
        """Return the response to a replacement."""
        return self._ask("PUT", path, json=body)

    def patch(self, path: str, version: int, body: object) -> Any:
        """Return the response to a change based on the version just read."""
        return self._ask("PATCH", path, json=body, headers=_on(version))

    def change(self, path: str, version: int, body: object) -> Any:
        """Return the response to a step based on the version just read."""
        return self._ask("POST", path, json=body, headers=_on(version))

    def refused(
        self, code: str, method: str, path: str, body: Any = None, file: File | None = None, *, version: int = 0
    ) -> Any:
        """Return the problem with which a step is refused; DemoFailed where it is not, or with another code."""
        sent = {"json": body} if file is None else {"data": body, "files": [("file", file)]}
        answer = self._http.request(method, path, headers=_on(version) if version else {}, **sent)
        if answer.is_success or answer.json()["code"] != code:
            raise DemoFailed(f"{method} {path} answered {answer.status_code}, not {code}: {answer.text[:1000]}")
        return answer.json()

    def upload(self, path: str, field: str, files: Sequence[File], fields: Mapping[str, str] | None = None) -> Any:
        """Return the response to an upload of files under one form field."""
        return self._ask("POST", path, files=[(field, file) for file in files], data=dict(fields or {}))

    def items(self, path: str, **query: str) -> Iterator[Any]:
        """Return everything in a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.get(path, limit="200", **query, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["nextCursor"]
            if cursor is None:
                return

    def finished(self, job: Mapping[str, Any]) -> Any:
        """Return the job once it has ended."""
        until = time.monotonic() + _JOB_SECONDS
        while job["finishedAt"] is None:
            if time.monotonic() > until:
                raise DemoFailed(f"job {job['id']} ({job['kind']}) is not done after {_JOB_SECONDS:.0f} s")
            time.sleep(0.1)
            job = self.get(f"/jobs/{job['id']}")
        if job["error"] is not None:
            raise DemoFailed(f"job {job['id']} ({job['kind']}) failed: {job['error']['code']}")
        return job

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        answer = patient(self._http, method, path, **options)
        if not answer.is_success:
            raise DemoFailed(f"{method} {path} answered {answer.status_code}: {answer.text[:1000]}")
        if answer.status_code == PROPOSED and "changes" in answer.json() and self.colleague is not None:
            return self.colleague(answer.json(), options.get("json"))
        return answer.json()


def patient(http: httpx2.Client, method: str, path: str, **options: Any) -> httpx2.Response:
    """Send a request again while the service is busy (503, nothing was changed), as it asks its clients to."""
    for _ in range(_TRIES):
        answer = http.request(method, path, **options)
        if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            break
        time.sleep(float(answer.headers.get("retry-after", "1")))
    return answer


def _on(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}
