"""Generated requests, valid and invalid, for every operation of the OpenAPI document: no answer is a 5xx.

`make fuzz` runs the same with far more examples (TEST_FUZZ_EXAMPLES).
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from schemathesis.generation import GenerationMode
from schemathesis.python import asgi
from schemathesis.specs.openapi import definitions
from sqlalchemy import select

from app.administration.api_keys.binding import Binding
from app.administration.api_keys.service import create
from app.administration.users import sessions
from app.administration.users.cookies import cookie_name, csrf_token
from app.administration.users.service import create_admin
from app.administration.users.tables import User
from app.entrypoints.asgi import create_app
from app.entrypoints.bootstrap import build
from app.entrypoints.features import ROUTERS
from app.platform.access.permissions import PERMISSIONS, PUBLIC, SCOPES
from app.platform.access.roles import Role
from app.platform.database.migrate import upgrade
from app.platform.settings import Settings
from app.platform.web.sender import SentFrom
from tests.making.api.untyped import untyped

ROOT = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("TEST_FUZZ_EXAMPLES", "12"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]


OPERATIONS = [
    pytest.param(route.name, method, route.path_format, id=route.name)
    for router in ROUTERS
    for route in router.routes
    for method in route.methods
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Service"]:
    """One service for all operations; one may find what another writes."""
    platform = build(
        Settings(data_dir=tmp_path_factory.mktemp("fuzz"), jobs=0, threads=8, trusted_hosts=["testserver"])
    )
    upgrade(platform.engine)
    with asgi.get_client(create_app(platform)) as session:
        yield Service(platform, session)


class Service:
    def __init__(self, platform, session):
        self.platform = platform
        self.session = session
        self.document = session.app.openapi()
        self.schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", session.app)
        self.keys = {role: self.key(role) for role in Role}

    def key(self, role):
        organization = "org_" + "0" * 26 if role is Role.BIDDER else None
        with self.platform.work() as work:
            scopes = sorted(SCOPES) if role is Role.CLIENT else ()
            return create(work, f"fuzz {role}", Binding(role, organization, scopes=scopes))[1]

    def headers(self, name):
        """Return a key or session that may call the operation: the operation is fuzzed, not its guard."""
        if name in PUBLIC:
            return {}
        rule = PERMISSIONS[name]
        if rule.person:
            return self.session_headers()
        return {"Authorization": f"Bearer {self.keys[min(rule.roles)]}"}

    def session_headers(self):
        """Return a new session each time: a fuzzed request may end it."""
        with self.platform.work() as work:
            user = work.session.scalar(select(User)) or create_admin(work, "fuzz", "fuzz").user
            user.password_until = None
            work.session.flush()
            token = sessions.begin(work, user, SentFrom(None, None))[1]
        cookie = f"{cookie_name(self.platform.settings)}={token}"
        return {"Cookie": cookie, "X-CSRF-Token": csrf_token(self.platform.keyring, token)}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("name", "method", "path"), OPERATIONS)
def test_no_generated_request_breaks_the_service(service, mode, name, method, path):
    operation = service.schema[path][method.upper()]
    described = service.document["paths"][path][method.lower()]
    if mode is GenerationMode.NEGATIVE and not {"parameters", "requestBody"} & set(described):
        pytest.skip("it takes no input that could be wrong")

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize="TEST_FUZZ_EXAMPLES" not in os.environ,
    )
    def sends(case):
        case.call_and_validate(session=service.session, headers=service.headers(name), checks=CHECKS)

    sends()


def test_component_names_carry_no_module_path(service):
    """Generated clients use these names for their types: they must not change when a file moves."""
    names = service.document["components"]["schemas"]
    assert len(names) > 300
    assert [name for name in names if "__" in name] == []


# The audit's values depend on the event, a patch step takes any value, and a JSON Schema is described by its own.
_SHAPELESS = {
    *("AuditEventOut.before", "AuditEventOut.after", "PatchStep.value", "read_policy_schema 200"),
    # requests and events of any act
    *("AgreementIn.request", "ProposedRequest.body", "ChangeOut.before", "ChangeOut.after", "Carried.body"),
}


def test_what_has_a_shape_shows_it(service):
    """A generated client has a type for every member, not `unknown`."""
    assert set(untyped(service.document)) == _SHAPELESS


@pytest.fixture(scope="module")
def described(service):
    """Return each operation by its id."""
    paths = service.document["paths"]
    return {one["operationId"]: one for methods in paths.values() for one in methods.values()}


def test_the_document_is_valid_openapi(service):
    definitions.OPENAPI_31_VALIDATOR.validate(service.document)
    assert service.document["servers"]
    assert "itemSchema" not in json.dumps(service.document)


def test_a_client_is_generated_without_a_warning(service, tmp_path):
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(service.document), "utf-8")
    file = ConfigFile.load_from_path(ROOT / "clients" / "openapi-python-client.yaml")
    file.post_hooks = []
    config = Config.from_sources(file, MetaType.NONE, document, "utf-8", False, tmp_path / "client")
    assert [f"{one.header}: {one.detail}" for one in generate(config=config)] == []
    made = {path.stem for path in (tmp_path / "client" / "api").rglob("*.py")}
    assert {one["operationId"] for methods in service.document["paths"].values() for one in methods.values()} <= made


def test_every_operation_says_what_it_does(described):
    for name, operation in described.items():
        assert operation["summary"] and operation["description"], name
        assert operation["summary"] != name.replace("_", " ").title(), name
    assert "DESIGN" not in json.dumps(described)


def test_every_body_has_an_example_that_fits_it(service, described):
    """The example of each request and response is valid under its own schema, where it is JSON."""
    for name, operation in described.items():
        bodies = [operation.get("requestBody", {})]
        bodies += [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        for content in (one for body in bodies for one in body.get("content", {}).items()):
            media, part = content
            assert "example" in part or "examples" in part, (name, media)
            if media == "application/json" and "example" in part:
                schema = {**part["schema"], "components": service.document["components"]}
                errors = list(jsonschema.Draft202012Validator(schema).iter_errors(part["example"]))
                assert not errors, (name, errors[0].message, list(errors[0].absolute_path))


def test_errors_and_headers_stand_once(service, described):
    components = service.document["components"]
    for name, operation in described.items():
        for status, answer in operation["responses"].items():
            if not status.startswith("2"):
                assert answer == {"$ref": f"#/components/responses/{status}"}, name
            else:
                assert answer["headers"]["X-Request-Id"] == {"$ref": "#/components/headers/X-Request-Id"}, name
    assert set(components["headers"]) >= {"ETag", "Location", "Retry-After", "Idempotent-Replayed"}
    assert "Retry-After" in components["responses"]["503"]["headers"]
    assert "ETag" in described["read_bid"]["responses"]["200"]["headers"]
    assert "Location" in described["create_tender"]["responses"]["201"]["headers"]


def test_every_tag_is_described(service, described):
    used = {tag for operation in described.values() for tag in operation["tags"]}
    assert {tag["name"] for tag in service.document["tags"] if tag["description"]} == used
