"""All leads of a tender: every family of signals over the same facts, in one order."""

from collections.abc import Iterator

from app.core.integrity.contacts import shared_contacts
from app.core.integrity.control import control_links
from app.core.integrity.facts import TenderFacts
from app.core.integrity.files import shared_origins
from app.core.integrity.guards import DEFAULT, Guards
from app.core.integrity.leads import Lead, Seen, Strength, lead_of, lots_of
from app.core.integrity.mixed import mixed_up_files
from app.core.integrity.network import shared_network
from app.core.integrity.people import shared_persons
from app.core.integrity.prices import price_patterns
from app.core.integrity.ratios import fixed_ratios
from app.core.integrity.text import alike_texts, rare_errors

_ORDER = (Strength.FACT, Strength.STRONG, Strength.WEAK)


def integrity_leads(facts: TenderFacts, guards: Guards = DEFAULT) -> tuple[Lead, ...]:
    """Compute the leads, facts first; each id once.

    Three bids are the usual number, so what two bids have in common is always reported. Only price distributions need
    `few_bids` bids (`price_patterns`, `fixed_ratios`).
    """
    lots = lots_of(facts.bidders)
    leads = {}
    for found in _seen(facts, guards):
        lead = lead_of(found, facts, lots)
        leads[lead.id] = lead
    return tuple(
        sorted(leads.values(), key=lambda lead: (_ORDER.index(lead.strength), lead.code, lead.subjects, lead.id))
    )


def _seen(facts: TenderFacts, guards: Guards) -> Iterator[Seen]:
    yield from shared_persons(facts.bidders)
    yield from shared_contacts(facts.bidders, guards)
    yield from shared_network(facts.bidders, guards)
    yield from control_links(facts.bidders, guards)
    yield from shared_origins(facts, guards)
    yield from mixed_up_files(facts.bidders)
    yield from alike_texts(facts.texts, guards)
    yield from rare_errors(facts.variants, guards)
    yield from price_patterns(facts.bidders, guards)
    yield from fixed_ratios(facts.bidders, facts.ceilings, guards)
