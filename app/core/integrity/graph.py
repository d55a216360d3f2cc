"""Leads as a graph: bidders, the persons and documents between them, and what joins them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.integrity.leads import Lead, Pointer

_PERSONS = frozenset({"roster", "representative", "agent", "contacts.phone", "contacts.email"})


@dataclass(frozen=True, slots=True)
class Node:
    """A bidder, a person or a document; `id` is unique in the graph, `label` is for people."""

    id: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One lead between two nodes."""

    source: str
    target: str
    lead: str
    code: str
    strength: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges, each once, in order."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(leads: Iterable[Lead], names: Mapping[str, str]) -> Graph:
    """Edges run from each bidder to the person or document it shares; where nothing stands between them, to each other."""
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str, str], Edge] = {}
    for lead in leads:
        for subject in lead.subjects:
            nodes[subject] = Node(subject, "bidder", names.get(subject, subject))
        for source, target, middle in _joins(lead):
            if middle is not None:
                nodes[middle.id] = middle
            edges[source, target, lead.id] = Edge(source, target, lead.id, lead.code, lead.strength)
    return Graph(
        tuple(sorted(nodes.values(), key=lambda node: (node.kind, node.id))),
        tuple(edges[key] for key in sorted(edges)),
    )


def _joins(lead: Lead) -> Iterable[tuple[str, str, Node | None]]:
    found = False
    for pointer in lead.evidence:
        middle = _middle(lead, pointer)
        if middle is not None:
            found = True
            yield pointer.organization, middle.id, middle
    if not found:
        first, *others = lead.subjects
        for other in others:
            yield first, other, None


def _middle(lead: Lead, pointer: Pointer) -> Node | None:
    if pointer.what in _PERSONS:
        return Node(f"person:{lead.id}", "person", pointer.shown or "")
    if pointer.spot is not None:
        return Node(f"document:{pointer.spot.document}", "document", pointer.spot.document[:12])
    return None
