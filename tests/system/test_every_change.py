"""Every route that changes something records an event: determined from the code, for all routes.

A route that is not in SILENT and from which no call of `record` or `enqueue` can be reached fails here.
"""

import ast
import inspect
from functools import cache
from pathlib import Path

import pytest

from app.entrypoints.features import ROUTERS
from app.platform.audit.events import Event

APP = Path(inspect.getfile(Event)).parents[2]
SILENT = {
    "preview_ranking": "computes from what is sent; nothing is kept",
    "replay_ranking": "computes again and compares; nothing is kept",
    "replay_screening": "computes again and compares; nothing is kept",
    "check_service_plan": "judges what is sent; nothing is kept",
}
CHANGING = {
    route.name: inspect.unwrap(route.endpoint) for router in ROUTERS for route in router.routes if route._writes
}  # routes that write with GET, too


class Module:
    """The functions of a module, and what its names refer to."""

    def __init__(self, name):
        path = APP.parent / Path(*name.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        tree = ast.parse(file.read_text("utf-8")) if file.exists() else ast.Module([], [])
        self.functions, self.names = {}, {}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions.setdefault(node.name, node)
                self.names.setdefault(node.name, (name, node.name))
            elif isinstance(node, ast.ImportFrom):
                for one in node.names:
                    self.names[one.asname or one.name] = (node.module, one.name)


@cache
def module(name):
    return Module(name)


def leads_on(place):
    """Return the functions that a function refers to, and whether it records an event itself."""
    name, function = place
    found = module(name)
    node = found.functions.get(function)
    following, writes = set(), False
    for part in ast.walk(node) if node else ():
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            keywords = {keyword.arg for keyword in part.keywords}
            writes |= part.func.attr == "enqueue" or (part.func.attr == "record" and "subject" in keywords)
        if isinstance(part, ast.Name) and part.id in found.names:
            following.add(found.names[part.id])
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in found.names:
            base, own = found.names[part.value.id]
            following.add((f"{base}.{own}", part.attr))
        if isinstance(part, ast.Attribute) and part.attr in found.functions:
            following.add((name, part.attr))  # a method of the same class
    return {one for one in following if str(one[0]).startswith("app.")}, writes


def reaches_an_event(place):
    seen, waiting = {place}, [place]
    while waiting:
        following, writes = leads_on(waiting.pop())
        if writes:
            return True
        waiting += following - seen
        seen |= following
    return False


@pytest.mark.parametrize("name", sorted(CHANGING))
def test_a_change_leads_to_an_event(name):
    endpoint = CHANGING[name]
    found = reaches_an_event((endpoint.__module__, endpoint.__name__))
    assert found is not (name in SILENT), SILENT.get(name, "no event can be reached from it")


def test_what_keeps_nothing_is_still_there():
    assert set(SILENT) <= set(CHANGING)


def test_every_event_is_written_somewhere():
    written = {
        node.attr
        for file in APP.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Event"
    }
    assert {event.name for event in Event} == written & {event.name for event in Event}


def test_events_have_the_form_of_their_enum():
    for event in Event:
        subject, thing, action = event.value.split(":")
        assert subject in {"admin", "officer", "client", "bidder", "evaluator", "worker", "user", "person"}, event
        assert thing and action
