"""The permission table: every route is in it, and a route that is not is denied. test_matrix.py tests its cells."""

import pytest
from fastapi import APIRouter

from app.entrypoints import asgi as main
from app.entrypoints.asgi import create_app
from app.entrypoints.features import ROUTERS
from app.platform.access.permissions import PERMISSIONS, PUBLIC
from app.platform.access.roles import Role

ROUTES = [route for router in ROUTERS for route in router.routes]


def test_every_route_is_declared_and_every_declaration_has_its_route():
    names = [route.name for route in ROUTES]
    assert sorted(names) == sorted(set(names)), "route names are permission keys: each exists once"
    assert set(names) - PUBLIC == set(PERMISSIONS)


def test_the_rules_hold_together():
    for name, rule in PERMISSIONS.items():
        assert rule.roles, f"{name} is open to nobody"
        assert rule.own <= rule.roles & {Role.BIDDER, Role.EVALUATOR}, name
        assert (rule.scope is not None) == (Role.CLIENT in rule.roles), f"{name}: a program needs a scope"
        assert rule.states != frozenset(), name


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
