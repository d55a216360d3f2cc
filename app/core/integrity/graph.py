"""Leads as a graph: bidders, persons and documents as nodes, leads as edges."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_PERSONS = frozenset(
    {"roster", "representative", "agent", "contacts.phone", "contacts.email", "address", "bond", "submission"}
)
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of evidence, reduced to what the graph shows."""

    organization: str
    what: str
    document: str | None = None
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A lead, reduced to what the graph shows."""

    id: str
    code: str
    strength: str
    subjects: tuple[str, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A bidder, a person (or a number, address or account that identifies one) or a document; `label` is for display."""

    id: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One lead between two nodes."""

    source: str
    target: str
    tie: str
    code: str
    strength: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges, each once, in order."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(ties: Iterable[Tie], names: Mapping[str, str]) -> Graph:
    """Build the graph: an edge runs from each bidder to the person or document it shares, or directly between the
    bidders where there is none.
    """
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str, str], Edge] = {}
    for tie in ties:
        for subject in tie.subjects:
            nodes[subject] = Node(subject, "bidder", names.get(subject, subject))
        for source, target in _joins(tie, nodes):
            edges[source, target, tie.id] = Edge(source, target, tie.id, tie.code, tie.strength)
    ordered = sorted(nodes.values(), key=lambda node: (node.kind, node.id))
    return Graph(tuple(ordered), tuple(edges[key] for key in sorted(edges)))


def _joins(tie: Tie, nodes: dict[str, Node]) -> Iterator[tuple[str, str]]:
    """Return both ends of each edge; persons and documents in between are added to the nodes."""
    between = [(link, middle) for link in tie.links if (middle := _middle(tie, link)) is not None]
    for link, middle in between:
        nodes[middle.id] = middle
        yield link.organization, middle.id
    joined = {link.organization for link, _ in between}
    first, *others = tie.subjects
    for other in others:
        if other not in joined or first not in joined:
            yield first, other


def _middle(tie: Tie, link: Link) -> Node | None:
    if link.what in _PERSONS:
        return Node(f"person:{tie.id}", "person", link.shown or "")
    if link.document is not None:
        return Node(f"document:{link.document}", "document", link.document[:_SHORT])
    return None
