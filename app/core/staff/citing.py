"""Which documents support the persons that count: insurance proofs and certificates, by roster line."""

from collections.abc import Iterator, Sequence

from app.core.facts.documents import Place
from app.core.facts.dossier import RosterLine
from app.core.staff.proofs import Person, Proofs
from app.core.staff.roster import StaffRow
from app.core.staff.standing import Standing
from app.core.values.identity import normalised_code

Cited = tuple[int, Place]


def cited(
    roster: Sequence[RosterLine], rows: Sequence[StaffRow], proofs: Proofs, *, social_workers: bool
) -> tuple[Cited, ...]:
    """Return for each countable line its index and the places of its insurance proof; for social workers the
    certificate too.
    """
    return tuple(_cited(roster, rows, proofs, social_workers=social_workers))


def _cited(
    roster: Sequence[RosterLine], rows: Sequence[StaffRow], proofs: Proofs, *, social_workers: bool
) -> Iterator[Cited]:
    for row in rows:
        standing = row.social_worker if social_workers else row.full_time
        if standing is not Standing.COUNTABLE:
            continue
        line = roster[row.index]
        places = proofs.insurance_places(line)
        if social_workers:
            code = normalised_code(line.resident_id)
            own = [one for one in roster if one is line or (code and normalised_code(one.resident_id) == code)]
            person = Person.of(own)
            places += [
                place for one in own for held in one.certificates for place in proofs.certificate_places(person, held)
            ]
        yield from ((row.index, place) for place in dict.fromkeys(places))
