"""Load policies from YAML; every error has a pointer and says what was expected."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from app.core.facts.policy import (
    SUPPORTING_PAPERS,
    CertificateRule,
    CreditList,
    CreditRules,
    FigureRule,
    Policy,
    Requirement,
    RetirementAge,
    StaffRule,
    StaffRules,
    Term,
)
from app.core.values.canonical import canonical_json, sha256_hex
from app.core.values.divisions import DivisionName
from app.core.values.text import Text
from app.evidence.credit.index.lexicon import simplified_characters
from app.tendering.policies.divisions import PublicDivisions
from app.tendering.policies.parts import BilingualPart
from app.tendering.policies.registrars import registration_rules
from app.tendering.policies.schema import (
    AlternativePart,
    CertificateRulePart,
    DivisionPart,
    FigureRulePart,
    PolicyDocument,
    RequirementPart,
    StaffRulePart,
)

_LARGEST = 1024 * 1024
_DEEPEST = 30
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PolicyInvalid(ValueError):
    """A policy that cannot be used; `errors` are (JSON pointer, what was expected)."""

    def __init__(self, name: str, errors: Iterable[tuple[str, str]]) -> None:
        self.name, self.errors = name, tuple(errors)
        lines = "; ".join(f"{pointer or '/'}: {expected}" for pointer, expected in self.errors)
        super().__init__(f"policy {name}: {lines}")


def presets() -> list[str]:
    """Return ids of the policies that come with the service."""
    names = (entry.name for entry in resources.files("app.tendering.policies").iterdir())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


@lru_cache(maxsize=32)
def preset(policy_id: str) -> Policy:
    """Return a policy that comes with the service; PolicyInvalid where there is none of that id."""
    return read_policy(preset_text(policy_id), policy_id)


def preset_text(policy_id: str) -> bytes:
    """Return the YAML of a preset."""
    if policy_id not in presets():
        raise PolicyInvalid(policy_id, [("", f"one of {', '.join(presets())}, or a file")])
    return resources.files("app.tendering.policies").joinpath(f"{policy_id}.yaml").read_bytes()


def find_policy(name: str) -> Policy:
    """Return a preset by its id, or a policy from a YAML file by its path."""
    path = Path(name)
    if name in presets():
        return preset(name)
    if not path.is_file():
        raise PolicyInvalid(name, [("", f"one of {', '.join(presets())}, or a file")])
    return read_policy(path.read_bytes(), path.name)


def read_policy(text: bytes, name: str) -> Policy:
    """Parse and validate a policy, and convert it for the core."""
    return policy_of(parse_yaml(text, name), name)


def parse_yaml(text: bytes, name: str) -> Any:
    """YAML (or JSON) as plain values; PolicyInvalid with line and column where it is broken."""
    if len(text) > _LARGEST:
        raise PolicyInvalid(name, [("", "a file of at most 1 MiB")])
    try:
        _check_shape(text, name)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, the C one where it is built
    except PolicyInvalid:
        raise
    except yaml.MarkedYAMLError as error:
        raise PolicyInvalid(name, [("", f"well-formed YAML{_place(error.problem_mark)}")]) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        raise PolicyInvalid(name, [("", "well-formed YAML in UTF-8")]) from None


def _place(mark: Any) -> str:
    return f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""


def _check_shape(text: bytes, name: str) -> None:
    """Check depth and keys: deep nesting would crash the C loader, which also drops duplicate keys silently."""
    within: list[_Keys | None] = []
    for event in yaml.parse(text, Loader=_Loader):
        keys = within[-1] if within else None
        if keys is not None and isinstance(event, yaml.NodeEvent) and not keys.take(event):
            raise PolicyInvalid(name, [("", f"each key once{_place(event.start_mark)}")])
        if isinstance(event, yaml.CollectionStartEvent):
            within.append(_Keys() if isinstance(event, yaml.MappingStartEvent) else None)
        elif isinstance(event, yaml.CollectionEndEvent):
            within.pop()
        if len(within) > _DEEPEST:
            raise PolicyInvalid(name, [("", f"values nested at most {_DEEPEST} deep")])


class _Keys:
    """The keys of a mapping, whose events alternate between key and value."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._is_key = False

    def take(self, part: yaml.NodeEvent) -> bool:
        """Return whether the node is allowed here: a value, or a key that is not a duplicate."""
        self._is_key = not self._is_key
        if not self._is_key or not isinstance(part, yaml.ScalarEvent):
            return True
        is_new = part.value not in self._seen
        self._seen.add(part.value)
        return is_new


def policy_of(data: Any, name: str) -> Policy:
    """Validate a policy given as plain values; its hash is that of its canonical JSON."""
    try:
        document = PolicyDocument.model_validate(data)
        sha256 = sha256_hex(canonical_json(data))
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise PolicyInvalid(name, dict.fromkeys(_error(one, data) for one in problems)) from None
    except (TypeError, ValueError, RecursionError):
        raise PolicyInvalid(name, [("", "plain values with text keys")]) from None
    return _build(document, sha256)


_EXPECTED = {
    "missing": "this key is required",
    "extra_forbidden": "a known key; this key is not permitted here",
}


def _error(problem: Any, data: Any) -> tuple[str, str]:
    """Pointer and what was expected."""
    kind = problem["type"]
    expected = _EXPECTED.get(kind, problem["msg"].removeprefix("Value error, "))
    return _pointer(problem["loc"], data, names_key=kind in _EXPECTED), expected


def _pointer(place: Sequence[int | str], data: Any, *, names_key: bool) -> str:
    """Return the location as a JSON pointer, without steps that the document lacks (names of variants).

    `names_key`: the last step names a key that is missing or unknown.
    """
    steps = []
    for number, step in enumerate(place, 1):
        is_there = isinstance(data, Mapping) and step in data
        if not is_there and isinstance(data, list) and isinstance(step, int):
            is_there = step < len(data)
        if is_there or (names_key and number == len(place)):
            steps.append(str(step).replace("~", "~0").replace("/", "~1"))
            data = data[step] if is_there else None
    return "".join(f"/{step}" for step in steps)


def _build(document: PolicyDocument, sha256: str) -> Policy:
    tender = document.tender.model_dump(mode="json", by_alias=True) if document.tender else {}
    return Policy(
        id=document.id,
        version=document.version,
        sha256=sha256,
        title=_text(document.title),
        requirements=tuple(map(_requirement, document.requirements)),
        registration=registration_rules(document.registration),
        staff=_staff(document),
        credit=_credit(document),
        divisions=PublicDivisions(_extension(document.divisions)),
        folding=simplified_characters(),
        term=_term(document),
        approvals=tuple(act.value for act in document.approvals),
        tender=tender,
    )


def _text(words: BilingualPart) -> Text:
    return Text(words.zh, words.en)


def _requirement(part: AlternativePart) -> Requirement:
    assert part.check is not None  # the schema guarantees it
    return Requirement(
        part.id,
        part.check,
        _text(part.title),
        tuple(part.legal_basis),
        part.weight,
        part.minimum,
        part.declaration,
        _staff_rule(part.staff),
        _certificate(part.document),
        _figure(part.figure),
        tuple(map(_requirement, part.any_of or ())) if isinstance(part, RequirementPart) else (),
        tuple(part.documented_by) or SUPPORTING_PAPERS.get(part.check, ()),
    )


def _staff_rule(part: StaffRulePart | None) -> StaffRule | None:
    if part is None:
        return None
    return StaffRule(part.column, tuple(part.contains), _certificate(part.certificate))


def _certificate(part: CertificateRulePart | None) -> CertificateRule | None:
    return None if part is None else CertificateRule(part.kind, frozenset(part.levels), part.must_be_valid)


def _figure(part: FigureRulePart | None) -> FigureRule | None:
    if part is None:
        return None
    return FigureRule(part.name, part.minimum, part.maximum, part.unit, part.years, part.max_age_years)


def _staff(document: PolicyDocument) -> StaffRules:
    part = document.staff
    return StaffRules(
        part.insurance_months,
        part.minimum_age,
        part.retirement_age,
        part.rehired_counts,
        frozenset(part.social_worker_levels),
        tuple(RetirementAge(one.years, one.months, one.sex, one.born_from) for one in part.retirement_ages),
    )


def _term(document: PolicyDocument) -> Term:
    schedule = document.tender.schedule if document.tender else None
    return Term(schedule.term_from, schedule.term_to) if schedule else Term()


def _credit(document: PolicyDocument) -> CreditRules:
    part = document.credit
    lists = tuple(CreditList(one.name, one.nature, _text(one.title), tuple(one.legal_basis)) for one in part.lists)
    threshold = int(part.candidate_threshold * 1000)
    return CreditRules(lists, part.max_age_days, part.cut_off, threshold, part.most_candidates)


def _extension(parts: Iterable[DivisionPart]) -> Mapping[str, tuple[DivisionName, ...]]:
    names: dict[str, tuple[DivisionName, ...]] = {}
    for part in parts:
        names[part.code] = (*names.get(part.code, ()), DivisionName(part.name, part.from_, part.to))
    return names
