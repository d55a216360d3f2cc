"""Every route × every role, straight from the table: what isn't declared is closed."""

import pytest
from fastapi import APIRouter

from app import main
from app.access.permissions import PERMISSIONS, PUBLIC
from app.access.roles import Role
from app.database.identifiers import new_id
from app.features import ROUTERS
from app.main import create_app

ROUTES = [route for router in ROUTERS for route in router.routes]


def test_every_route_is_declared_and_every_declaration_has_its_route():
    names = [route.name for route in ROUTES]
    assert sorted(names) == sorted(set(names)), "route names are permission keys: each exists once"
    assert set(names) - PUBLIC == set(PERMISSIONS)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("role", list(Role))
def test_the_table_is_what_happens(client, role):
    caller = client.as_(role)
    for route in ROUTES:
        path = route.path_format.format_map(_Anything())
        for method in route.methods:
            answer = caller.request(method, path)
            refused = answer.status_code == 403
            rule = PERMISSIONS.get(route.name)
            assert refused == (rule is not None and (role not in rule.roles or rule.person)), (
                f"{role} {method} {path}: {answer.status_code}"
            )
            assert answer.status_code < 500, f"{role} {method} {path}: {answer.text}"


@pytest.mark.sqlite_only
def test_no_route_answers_without_a_key(client):
    for route in ROUTES:
        path = route.path_format.format_map(_Anything())
        for method in route.methods:
            status = client.anonymous.request(method, path).status_code
            assert (status == 401) == (route.name not in PUBLIC), f"{method} {path}"


@pytest.mark.sqlite_only
def test_an_undeclared_route_is_closed_to_everybody(client, monkeypatch):
    monkeypatch.delitem(PERMISSIONS, "list_audit_events")
    for role in Role:
        assert client.as_(role).get("/api/v1/audit").status_code == 403


@pytest.mark.sqlite_only
def test_an_unguarded_route_keeps_the_service_from_starting(platform, monkeypatch):
    careless = APIRouter()
    careless.get("/careless")(lambda: None)
    monkeypatch.setattr(main, "ROUTERS", (*ROUTERS, careless))
    with pytest.raises(TypeError, match="not guarded"):
        create_app(platform)


class _Anything(dict):
    def __missing__(self, name):
        return new_id("any")
