"""What the rosters of a batch or tender share: persons whom several bidders claim, certificate numbers of several persons."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from app.core.facts.dossier import Dossier, RosterLine, SharedFacts
from app.core.facts.policy import Policy
from app.core.staff.certificates import certificate_numbers
from app.core.staff.lines import own_codes, valid_id, without_unread
from app.core.staff.payers import Payers, dittos_resolved
from app.core.values.months import insurance_window


def shared_facts(dossiers: Sequence[Dossier], policy: Policy, as_of: date) -> list[SharedFacts]:
    """Return what each dossier shares with the others, in the order given.

    A valid resident ID that another dossier claims by a line that its own content does not exclude; a certificate
    number that another person holds too.
    """
    lines_of: dict[str, list[tuple[int, int]]] = defaultdict(list)
    holder_of: dict[str, str] = {}
    numbers_of_several: set[str] = set()
    own = []
    for position, dossier in enumerate(dossiers):
        persons, numbers = set(), set()
        for index, line in enumerate(dossier.roster):
            person = valid_id(line.resident_id, as_of)
            if person:
                persons.add(person)
                lines_of[person].append((position, index))
            for number in certificate_numbers(line.certificates) if line.certificates else ():
                holder = person or f"{position}/roster/{index}"
                numbers.add(number)
                if holder_of.setdefault(number, holder) != holder:
                    numbers_of_several.add(number)
        own.append((persons, numbers))
    claimed = _Claims(dossiers, policy, as_of).by_person(lines_of)
    return [
        SharedFacts(
            frozenset(person for person in persons if claimed.get(person, _NOBODY) - {position}),
            frozenset(numbers & numbers_of_several),
        )
        for position, (persons, numbers) in enumerate(own)
    ]


_NOBODY: frozenset[int] = frozenset()


class _Claims:
    """Which dossiers claim a person; only lines of persons on several dossiers are assessed."""

    def __init__(self, dossiers: Sequence[Dossier], policy: Policy, as_of: date) -> None:
        self._dossiers, self._policy, self._as_of = dossiers, policy, as_of
        self._window = insurance_window(as_of, policy.staff.insurance_months)
        self._known: dict[int, tuple[Payers, Sequence[RosterLine]]] = {}

    def by_person(self, lines_of: dict[str, list[tuple[int, int]]]) -> dict[str, frozenset[int]]:
        """Return the positions of the dossiers that claim each person who is on several."""
        return {
            person: frozenset(position for position, index in places if self._claims(position, index))
            for person, places in lines_of.items()
            if any(position != places[0][0] for position, _ in places)
        }

    def _claims(self, position: int, index: int) -> bool:
        payers, roster = self._of(position)
        line = without_unread(roster[index])
        excluding, _ = own_codes(line, payers, self._window, self._as_of, self._policy.staff)
        return not excluding

    def _of(self, position: int) -> tuple[Payers, Sequence[RosterLine]]:
        if position not in self._known:
            dossier = self._dossiers[position]
            payers = Payers.of(dossier.organization, self._policy.folding)
            self._known[position] = (payers, dittos_resolved(dossier.roster))
        return self._known[position]
