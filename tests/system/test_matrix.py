"""Every route × role × credential × {own, another's, nonexistent} × state, against the permission table.

The test changes nothing: units of work are flushed, with every constraint, and rolled back.
"""

import asyncio
import json
import traceback
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest

from app.administration.users.second_factor import OBLIGED
from app.core.procedure.tender_state import TenderState
from app.entrypoints.asgi import create_app
from app.entrypoints.features import ROUTERS
from app.platform.access.permissions import PERMISSIONS, PUBLIC, ScopeMissing
from app.platform.access.roles import Role, Stage
from app.platform.database.identifiers import new_id
from app.platform.unit_of_work import UnitOfWork
from app.platform.web import edge
from app.tendering.envelopes.age import new_identity
from app.tendering.envelopes.ceremony import hold
from tests.making.api.asking import Answer, Bodies, ask
from tests.making.api.world import build

ROUTES = {route.name: route for router in ROUTERS for route in router.routes}
METHOD = {name: next(iter(route.methods)) for name, route in ROUTES.items()}
KNOWN = {
    "lotId": "lot_id", "organizationId": "organization_id", "bid": "bid_id",
    "screening": "screening_id", "scenario": "scenario_id", "award": "award_id",
    "ranking": "ranking_id", "snapshotId": "snapshot_id", "tenderId": "tender_id",
}  # fmt: skip
"""Names of ids in bodies and queries."""
CHOSEN = {
    "move_tender": lambda _: {"to": "unsuccessful", "reason": "r"},
    "change_bid": lambda _: {"price": "1.00", "reason": "r"},
    "record_score_sheet": lambda objects: {"scores": {objects["bid_id"]: {"x": "1"}}},
    "put_opening_key": lambda _: hold({name: new_identity()[1] for name in "ab"}, 2).document(),
}
"""Bodies where the minimal one requests nothing."""


@pytest.fixture
def walk(platform, monkeypatch):
    """The world, and the application to query."""
    world = build(platform)

    def keep_nothing(work):
        work.flush()
        work.close()

    monkeypatch.setattr(UnitOfWork, "commit", keep_nothing)
    walk = Walk(world, create_app(platform))
    failed = SimpleNamespace(exception=lambda *_said, **_more: walk.failures.append(traceback.format_exc(limit=-2)))
    monkeypatch.setattr(edge, "log", failed)
    return walk


class Walk:
    def __init__(self, world, app):
        self.world, self.app = world, app
        self.bodies = Bodies(app.openapi())
        self.cells = Counter()
        self.wrong, self.failures = [], []

    def ask(self, name, headers, objects, *, body_of=None, content=None, query=None):
        given, made = self.bodies.of(name, {key: (body_of or objects)[part] for key, part in KNOWN.items()})
        if name in CHOSEN:
            made = json.dumps(CHOSEN[name](body_of or objects)).encode()
        path = ROUTES[name].path_format.format_map(objects)
        headers = {**headers, **given}
        if query is None:
            query = {one: objects[KNOWN[one]] for one in self._asked(name)}
        request = ask(self.app, METHOD[name], path, headers, made if content is None else content, query)
        return asyncio.wait_for(request, 60)

    def _asked(self, name):
        """Return the query parameters without which the operation answers nothing."""
        parameters = self.bodies.operation(name).get("parameters", ())
        return [one["name"] for one in parameters if one["in"] == "query" and one.get("required")]

    def expect(self, kind, right, *said):
        """Count the cell; all deviations are reported together at the end."""
        self.cells[kind] += 1
        if not right:
            self.wrong.append(" ".join(str(one) if not isinstance(one, Answer) else shown(one) for one in said))

    def done(self, least):
        self.wrong += sorted(set(self.failures))[:9]
        assert not self.wrong, f"{len(self.wrong)} cells are not as the table says:\n" + "\n".join(self.wrong[:60])
        assert sum(self.cells.values()) >= least, self.cells


def shown(answer):
    return f"{answer.status} {answer.code or ''} {answer.body[:160]!r}"


class Nobody(dict):
    """Ids that do not exist, in an existing tender where there is an object below it."""

    def __init__(self, name, objects):
        super().__init__()
        parts = ROUTES[name].param_convertors
        below = [part for part in parts if part not in ("tender_id", "number", "page", "paper", "name", "policy_id")]
        self._kept = {} if parts.keys() == {"tender_id"} else {"tender_id": objects["tender_id"]}
        if below and below[0] != below[-1] and "tender_id" not in parts:
            self._kept = {below[0]: objects[below[0]]}  # as a milestone below its contract
        self._objects = objects

    def __getitem__(self, part):
        if part in self._kept:
            return self._kept[part]
        prefix = self._objects[part].partition("_")[0]
        return new_id(prefix) if "_" in self._objects[part] else "987"


def state_for(name):
    rule = PERMISSIONS[name]
    return (
        min(rule.states, key=lambda state: (state is not TenderState.EVALUATION, state))
        if rule.states
        else (TenderState.EVALUATION)
    )


def has_object(name):
    return bool(ROUTES[name].param_convertors.keys() - {"tender_id", "name", "policy_id"})


# Responses other than 200 for one's own object, for want of more than a row in the database.
NEEDS_MORE = {"read_document_page": 409, "read_document_page_unmasked": 404, "list_bad_rows": 404}


# Steps in a person's login on what belongs to the tender, not to that person.
SECOND_PERSONS = {"agree_approval", "decline_approval"}


def _expected(name, role):
    if name == "read_approval" and role in (Role.EVALUATOR, Role.ADMIN):
        return 404  # they see the acts that they may propose or agree to
    if name == "read_envelope_content" and role is not Role.BIDDER:
        return 409  # the envelope was not opened
    return NEEDS_MORE.get(name, 200)


@pytest.mark.sqlite_only
def test_every_cell_of_the_table(walk):
    """Roles, credentials, own and others' objects; nonexistent objects and those of others get the same response."""

    async def every_cell():
        for name in PERMISSIONS:
            for (role, credential), headers in walk.world.credentials.items():
                await _cell(walk, name, role, credential, headers)

    asyncio.run(every_cell())
    walk.done(4500)


def test_a_sample_of_the_cells_on_each_database(walk):
    """The same on PostgreSQL, where keys are looked up each time."""

    async def some_cells():
        for name in sorted(PERMISSIONS)[::9]:
            for (role, credential), headers in walk.world.credentials.items():
                await _cell(walk, name, role, credential, headers)

    asyncio.run(some_cells())
    walk.done(350)


async def _cell(walk, name, role, credential, headers):
    rule, state = PERMISSIONS[name], state_for(name)
    own, other = walk.world.own[state], walk.world.other[state]
    nobody = Nobody(name, own)
    where = (name, role, credential)
    answers = [await walk.ask(name, headers, objects, body_of=own) for objects in (own, other, nobody)]  # sequentially
    mine, theirs, nones = answers
    if role not in rule.roles or (rule.person and credential == "key"):
        for answer in answers:
            code = "programs_propose" if rule.decides and role is Role.CLIENT else "forbidden"
            walk.expect("refused", answer.status == 403 and answer.code == code, *where, answer)
        return
    for whose, answer in zip(("own", "other", "nobody"), answers, strict=True):
        let_in = answer.status not in (401, 403) or (role is Role.CLIENT and answer.code == "programs_propose")
        walk.expect("no failure", answer.status < 500 and let_in, *where, whose, answer)
    if not has_object(name):
        return
    walk.expect("nobody's", nones.status in (404, 422), *where, "nobody", nones)
    if role in rule.own or (rule.person and name not in SECOND_PERSONS):
        walk.expect("another's", theirs.status == 404, *where, "other", theirs)
        same = theirs.without_request_id() == nones.without_request_id()
        walk.expect("another's like nobody's", same, *where, "other", theirs, "nobody", nones)
        if METHOD[name] == "GET":
            walk.expect("own", mine.status == _expected(name, role), *where, "own", mine)
    elif METHOD[name] == "GET":
        for whose, answer in (("own", mine), ("other", theirs)):
            walk.expect("any", answer.status == _expected(name, role), *where, whose, answer)


@pytest.mark.sqlite_only
def test_lists_hold_what_is_own(walk):
    """No list contains anything of another bidder, or of other lots."""
    hidden = {
        *("bid_id", "qualification_id", "sheet_id", "ranking_id", "flag_id", "envelope_id", "question_id"),
        *("clarification_id", "consortium_id", "clock_id", "review_id", "contract_id", "screening_id", "document_id"),
        *("job_id", "milestone_id"),
    }

    async def every_list():
        for name, rule in PERMISSIONS.items():
            if METHOD[name] == "GET" and rule.own and "application/json" in str(walk.bodies.operation(name)):
                for role in rule.own:
                    await _list(walk, name, role, hidden | ({"organization_id"} if role is Role.BIDDER else set()))

    asyncio.run(every_list())
    walk.done(100)


async def _list(walk, name, role, hidden):
    asked = [part["name"] for part in walk.bodies.operation(name).get("parameters", ()) if part["in"] == "query"]
    for state in (TenderState.EVALUATION, TenderState.AWARDED):
        own, other = walk.world.own[state], walk.world.other[state]
        queries = [{}, *({one: other[KNOWN[one]]} for one in asked if one in KNOWN)]
        for credential in ("key", "session"):
            for query in queries:
                answer = await walk.ask(name, walk.world.credentials[role, credential], own, query=query)
                found = [part for part in hidden if other[part].encode() in answer.body]
                walk.expect("hidden", answer.status < 500 and not found, name, role, query, found, answer)


@pytest.mark.sqlite_only
def test_states_are_as_the_table_says(walk):
    """Outside the declared states a route does nothing; inside it is not refused for the state."""

    async def every_state():
        for name, rule in PERMISSIONS.items():
            if rule.states is not None:
                for role in rule.roles:
                    for state in TenderState:
                        await _state(walk, name, role, state)

    asyncio.run(every_state())
    walk.done(340)


STATE_CODES = {
    *("wrong_phase", "policy_frozen", "state_forbids", "bidding_closed", "step_refused"),
}
DRAFTS_HIDDEN = {Role.BIDDER, Role.EVALUATOR}


async def _state(walk, name, role, state):
    rule, objects = PERMISSIONS[name], walk.world.own[state]
    answer = await walk.ask(name, walk.world.credentials[role, "session" if rule.person else "key"], objects)
    if state in rule.states:
        walk.expect("in state", answer.code not in STATE_CODES, name, role, state, answer)
        return
    refused = answer.code in STATE_CODES | {"list_first"} or (
        state is TenderState.DRAFT and role in DRAFTS_HIDDEN and answer.status == 404
    )
    walk.expect("out of state", refused, name, role, state, answer)


@pytest.mark.sqlite_only
def test_what_does_not_count_opens_nothing(walk):
    """Expired and revoked keys, disabled users, old sessions: 401 everywhere, with the same response."""

    async def everywhere():
        for name, route in ROUTES.items():
            if name in PUBLIC:
                continue
            objects = walk.world.own[TenderState.EVALUATION]
            for why, headers in walk.world.broken.items():
                answer = await walk.ask(name, headers, objects)
                walk.expect(why, (answer.status, answer.code) == (401, "unauthenticated"), name, why, answer)
            assert route.name in PERMISSIONS

    asyncio.run(everywhere())
    walk.done(1000)


@pytest.mark.sqlite_only
def test_scopes_stages_and_csrf(walk):
    """A client key within its scopes; a person who must first change a password; a browser directed by another site."""
    platform = walk.world.platform
    strict = replace(platform, settings=platform.settings.model_copy(update={"totp_required": True}))
    obliged = Walk(walk.world, create_app(strict))

    async def everywhere():
        for name, rule in PERMISSIONS.items():
            objects = walk.world.own[state_for(name)]
            await _staged(walk, name, rule, objects)
            await _obliged(obliged, name, rule, objects)
            if METHOD[name] != "GET":
                await _csrf(walk, name, rule, objects)

    asyncio.run(everywhere())
    walk.done(300)
    obliged.done(600)


async def _staged(walk, name, rule, objects):
    for who, headers in walk.world.staged.items():
        role = Role(who.partition(" ")[0])
        answer = await walk.ask(name, headers, objects)
        if role not in rule.roles:
            walk.expect("stage", answer.code == "forbidden", name, who, answer)
        elif Stage.PASSWORD in rule.stages:
            walk.expect("stage", answer.status != 403, name, who, answer)
        else:
            walk.expect("stage", answer.code == "password_change_needed", name, who, answer)


async def _obliged(walk, name, rule, objects):
    """Where a second factor is mandatory, officers, evaluators and auditors without one can only enrol."""
    for role in rule.roles - {Role.CLIENT}:
        answer = await walk.ask(name, walk.world.credentials[role, "session"], objects)
        enrolling = role in OBLIGED and Stage.ENROL not in rule.stages
        walk.expect("enrol", (answer.code == "second_factor_obligatory") == enrolling, name, role, answer)
        if not rule.person:
            answer = await walk.ask(name, walk.world.credentials[role, "key"], objects)
            walk.expect("key", answer.code != "second_factor_obligatory", name, role, answer)


async def _csrf(walk, name, rule, objects):
    for role in rule.roles - {Role.CLIENT}:
        headers = walk.world.credentials[role, "session"]
        answer = await walk.ask(name, {"cookie": headers["cookie"]}, objects)
        walk.expect("csrf", (answer.status, answer.code) == (403, "csrf_token_needed"), name, role, answer)
        answer = await walk.ask(name, {**headers, "origin": "https://elsewhere.example"}, objects)
        walk.expect("cross-site", (answer.status, answer.code) == (403, "cross_site"), name, role, answer)


@pytest.mark.sqlite_only
def test_a_program_s_key_covers_its_scopes(walk, monkeypatch):
    """A key with one scope: that scope's routes and no other."""
    scopes = sorted({rule.scope for rule in PERMISSIONS.values() if rule.scope})
    monkeypatch.undo()
    keys = {scope: walk.world.client_key(scope) for scope in scopes}

    async def everywhere():
        for name, rule in PERMISSIONS.items():
            if Role.CLIENT in rule.roles and METHOD[name] == "GET":
                assert rule.scope, f"{name} is open to programs and names no scope"
                for scope, headers in keys.items():
                    answer = await walk.ask(name, headers, walk.world.own[state_for(name)])
                    right = (answer.code == ScopeMissing.code) == (scope != rule.scope)
                    walk.expect("scope", right, name, scope, answer)

    asyncio.run(everywhere())
    walk.done(800)


@pytest.mark.sqlite_only
def test_what_the_service_owns_is_never_taken_from_a_body(walk):
    """Mass assignment: each field of a response, sent back, is refused with its pointer unless the body declares it."""

    async def everywhere():
        for name, rule in PERMISSIONS.items():
            taken = walk.bodies.properties(name)
            if taken is None:
                continue
            role = min(rule.roles)
            headers = walk.world.credentials[role, "session" if rule.person else "key"]
            objects = walk.world.own[state_for(name)]
            _, made = walk.bodies.of(name, {key: objects[part] for key, part in KNOWN.items()})
            for extra in sorted((walk.bodies.answered(name) | OWNED) - taken):
                content = json.dumps({**json.loads(made), extra: "x"}).encode()
                answer = await walk.ask(name, headers, objects, content=content)
                pointers = [fault["pointer"] for fault in json.loads(answer.body).get("errors", ())]
                walk.expect("owned", answer.status == 422 and f"/{extra}" in pointers, name, extra, answer)

    asyncio.run(everywhere())
    walk.done(600)


OWNED = {
    "id",
    "version",
    "createdAt",
    "state",
    "tenderId",
    "recordedBy",
    "decidedBy",
    "role",
    "organizationId",
    "price",
}
