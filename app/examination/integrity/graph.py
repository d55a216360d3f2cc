"""Build the graph of a tender's flags from the stored rows."""

from sqlalchemy import select

from app.bidders.organizations.registry import visible as organization_of
from app.core.integrity.flag_state import State
from app.core.integrity.graph import Graph, Link, Tie, graph_of
from app.core.integrity.leads import Strength
from app.examination.integrity.schemas import EdgeOut, GraphOut, NodeOut
from app.examination.integrity.service import in_sight
from app.examination.integrity.tables import Flag
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.procedure import procedure_of


def tender_graph(work: UnitOfWork, tender_id: str) -> GraphOut:
    """Return the current flags as nodes and edges."""
    procedure_of(work, tender_id)
    query = select(Flag).where(Flag.tender_id == tender_id, Flag.current.is_(True), in_sight(work)).order_by(Flag.id)
    flags = list(work.session.scalars(query))
    names = {one: organization_of(work, one).name for one in sorted({one for flag in flags for one in flag.subjects})}
    states = {flag.id: flag.state for flag in flags}
    return _wire(graph_of(map(_tie, flags), names), states)


def _tie(flag: Flag) -> Tie:
    links = tuple(
        Link(one["organization"], one["what"], one.get("document"), one.get("shown"))
        for one in flag.finding["evidence"]
    )
    return Tie(flag.id, flag.code, flag.strength, tuple(flag.subjects), links)


def _wire(graph: Graph, states: dict[str, str]) -> GraphOut:
    return GraphOut(
        nodes=[NodeOut.model_validate(node, from_attributes=True) for node in graph.nodes],
        edges=[
            EdgeOut(
                source=edge.source,
                target=edge.target,
                flag=edge.tie,
                code=edge.code,
                strength=Strength(edge.strength),
                state=State(states[edge.tie]),
            )
            for edge in graph.edges
        ],
    )
