"""What-if analysis: judge a stored case with changes; the result is never stored and is no decision."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jsonpatch
from jsonpointer import JsonPointerException

from app.core.facts.policy import Policy
from app.examination.screening.case_building import checked
from app.examination.screening.inputs import Inputs, inputs_of
from app.examination.screening.judging import judge
from app.examination.screening.rules import preset_rules
from app.examination.screening.schemas import WhatIfIn
from app.examination.screening.service import find, stored_policy
from app.examination.screening.tables import ScreeningRun
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.problems import Fault, Forbidden, Invalid
from app.platform.unit_of_work import UnitOfWork

NUMBER = "residentId"
_WRONG_STEP = Fault(
    "patch", "A path that exists in the dossier, and a step that can be applied to it, are expected", "/patch"
)


class NumbersFixed(Forbidden):
    """A client key's what-if must not set ID numbers: trying one after the other would find a masked number."""

    code, title = "numbers_fixed", "ID numbers cannot be changed by a client key"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The stored answer and the changed one."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


def what_if(work: UnitOfWork, asked: WhatIfIn) -> WhatIf:
    """Judge the stored case again with the requested changes; a newer policy is allowed only here."""
    run = find(work, asked.screening)
    _count_guesses(work, run, asked)
    stored, policy, name = inputs_of(run.inputs), stored_policy(work, run), run.inputs["name"]
    before = judge(stored.case, policy, name)
    after = judge(_changed(stored, asked).case, _policy(asked, policy), name)
    return WhatIf(json.loads(before), json.loads(after))


def _count_guesses(work: UnitOfWork, run: ScreeningRun, asked: WhatIfIn) -> None:
    """Refuse a client key that sets ID numbers, and record how many an officer sets: each could be a guess."""
    numbers = sum(numbers_set(step.path, step.value) for step in asked.patch)
    if not numbers:
        return
    if work.principal.role is not Role.OFFICER:
        raise NumbersFixed
    work.record(
        Event.OFFICER_SCREENING_WHAT_IF, subject=run.id, tender=run.tender_id, after={"numbersChanged": numbers}
    )


def numbers_set(path: str, value: Any) -> int:
    """Return how many ID numbers a step of a JSON Patch sets: by its path, or within its value."""
    if path.rsplit("/", 1)[-1] == NUMBER:
        return int(value is not None)
    match value:
        case Mapping():
            return sum(numbers_set(str(name), item) for name, item in value.items())
        case list():
            return sum(numbers_set("", item) for item in value)
    return 0


def _policy(asked: WhatIfIn, stored: Policy) -> Policy:
    return preset_rules(asked.policy).policy if asked.policy else stored


def _changed(inputs: Inputs, asked: WhatIfIn) -> Inputs:
    dossier = checked(_patched(inputs.dossier.data, asked), "/patch") if asked.patch else inputs.dossier
    return replace(
        inputs, dossier=dossier, as_of=asked.as_of or inputs.as_of, assurance=asked.assurance or inputs.assurance
    )


def _patched(data: dict[str, Any], asked: WhatIfIn) -> Any:
    steps = [step.model_dump(exclude_unset=step.op == "remove") for step in asked.patch]
    try:
        return jsonpatch.JsonPatch(steps).apply(copy.deepcopy(data))
    except (jsonpatch.JsonPatchException, JsonPointerException, TypeError, ValueError):
        raise Invalid(faults=[_WRONG_STEP]) from None
