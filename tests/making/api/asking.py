"""Send requests straight to the application: thousands in one event loop; bodies from the OpenAPI document."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

EXAMPLES = (
    *("a", "abcd", "2026-05-20", "2026-05", "1.00", "1", "a" * 64, "0" * 64, "32050800000000000X", "a@b.example"),
    *("age1" + "q" * 58, "2026-05-20T09:30:00+08:00", "AGE-SECRET-KEY-1" + "Q" * 58, "0" * 32, "same_person"),
)
BOUNDARY = "x0123456789x"


@dataclass(frozen=True)
class Answer:
    """A response; `code` of a problem document."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self):
        return json.loads(self.body)["code"] if "problem+json" in self.headers.get("content-type", "") else None

    def without_request_id(self):
        """Return everything that a caller can see, except the request's own id."""
        request_id = self.headers["x-request-id"].encode()
        headers = {name: value for name, value in self.headers.items() if name not in ("x-request-id", "date")}
        return self.status, headers, self.body.replace(request_id, b""), len(self.body) - len(request_id)


async def ask(app, method, path, headers, content=b"", query=None):
    """Send one request to the ASGI application."""
    said = {"host": "testserver", "x-request-id": "r" * 24, "if-match": '"1", "2", "3"', **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "https",
        "path": path, "raw_path": path.encode(), "query_string": urlencode(query or {}).encode(), "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in said.items()],
        "client": ("127.0.0.1", 1), "server": ("testserver", 443), "state": {}, "extensions": {},
    }  # fmt: skip
    sent, pieces, status, got = [content], [], 0, {}

    async def receive():
        if sent:
            return {"type": "http.request", "body": sent.pop(), "more_body": False}
        return {"type": "http.disconnect"}

    async def send(message):
        nonlocal status, got
        if message["type"] == "http.response.start":
            status = message["status"]
            got = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            pieces.append(message.get("body", b""))

    await app(scope, receive, send)
    return Answer(status, got, b"".join(pieces))


class Bodies:
    """The minimal body of each operation, with ids from the world where their names are known."""

    def __init__(self, document):
        self._schemas = document["components"]["schemas"]
        self._operations = {
            operation["operationId"]: operation
            for methods in document["paths"].values()
            for operation in methods.values()
        }

    def operation(self, name):
        return self._operations[name]

    def of(self, name, known):
        """Return (headers, content) for an operation."""
        content = self._operations[name].get("requestBody", {}).get("content", {})
        if "application/json" in content:
            value = self.least(content["application/json"]["schema"], known)
            return {"content-type": "application/json"}, json.dumps(value).encode()
        if "multipart/form-data" in content:
            return self._form(self._resolved(content["multipart/form-data"]["schema"]), known)
        return {}, b""

    def properties(self, name):
        """Return the names that a JSON body of the operation may have; None when it takes none."""
        content = self._operations[name].get("requestBody", {}).get("content", {}).get("application/json")
        schema = self._resolved(content["schema"]) if content else {}
        return set(schema["properties"]) if "properties" in schema else None

    def answered(self, name):
        """Return the fields of the operation's response."""
        for status, answer in self._operations[name]["responses"].items():
            if status.startswith("2") and "application/json" in answer.get("content", {}):
                return set(self._resolved(answer["content"]["application/json"]["schema"]).get("properties", ()))
        return set()

    def least(self, schema, known, name=""):
        """Return a value that the schema accepts."""
        schema = self._resolved(schema)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self.least(schema[several][0], known, name)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        kind = schema.get("type")
        if kind == "object":
            return {one: self.least(schema["properties"][one], known, one) for one in schema.get("required", ())}
        if kind == "array":
            return [self.least(schema["items"], known, name) for _ in range(schema.get("minItems", 0))]
        if kind in ("integer", "number"):
            return schema.get("minimum", 1)
        return {"boolean": True, "null": None}.get(kind, self._text(schema, known, name))

    def _text(self, schema, known, name):
        if name in known:
            return known[name]
        pattern, least = schema.get("pattern", ""), schema.get("minLength", 0)
        for example in (*schema.get("examples", ()), *known.values(), *EXAMPLES):
            fits = len(example) >= least and len(example) <= schema.get("maxLength", 10**6)
            if fits and re.search(pattern, example):
                return example
        return "a" * max(1, least)

    def _form(self, schema, known):
        lines = []
        for name, part in schema["properties"].items():
            if name not in schema.get("required", ()) and name not in known:
                continue
            file = "file" in name
            kind = '; filename="a.csv"' if file else ""
            value = "name\r\na" if file else str(self.least(part, known, name))
            lines += [f"--{BOUNDARY}", f'Content-Disposition: form-data; name="{name}"{kind}', "", value]
        body = "\r\n".join([*lines, f"--{BOUNDARY}--", ""])
        return {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}, body.encode()

    def _resolved(self, schema):
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        return schema
