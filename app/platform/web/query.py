"""Refuse unknown query parameters, since ignoring them would answer another question."""

from collections.abc import Iterable

from fastapi.dependencies.models import Dependant

from app.platform.problems import Fault, Invalid
from app.platform.web.validation import MOST, pointer, unknown


def query_names(dependant: Dependant) -> frozenset[str]:
    """Return the names of the query parameters of a route, those of its dependencies included."""
    own = {parameter.alias for parameter in dependant.query_params}
    return frozenset(own.union(*(query_names(one) for one in dependant.dependencies)))


def require_known(given: Iterable[str], known: frozenset[str]) -> None:
    """Raise Invalid with the unknown parameters, each with the nearest known name."""
    strange = sorted(set(given) - known)
    if not strange:
        return
    faults = [
        Fault("unknown_parameter", unknown("query parameter", name, known), pointer([name]), "query")
        for name in strange[:MOST]
    ]
    raise Invalid(faults=faults)
