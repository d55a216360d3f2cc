"""Headcounts that a policy adds as data: full-time staff with a word in a roster column, a certificate, or both."""

from collections.abc import Iterable, Sequence

from app.core.facts.dossier import RosterLine, StaffCertificate
from app.core.facts.policy import CertificateRule, StaffRule
from app.core.staff.lines import CERTIFICATES, POSITION, RosterContext
from app.core.staff.roster import Count, RosterAssessment, count_of, persons_of
from app.core.staff.standing import Standing, best, worse
from app.core.values.identity import normalised_code, normalised_name


def count_selected(
    roster: Sequence[RosterLine], assessed: RosterAssessment, rule: StaffRule, context: RosterContext
) -> Count:
    """Count the persons who are full-time staff and satisfy every condition of the rule.

    A person's standing combines the counted line with the best of the person's lines and certificates: a condition
    known to fail excludes, one that cannot be decided makes doubtful.
    """
    standings = []
    for indices in persons_of(roster, context.as_of).values():
        own = [roster[index] for index in indices]
        full_time = best(assessed.rows[index].full_time for index in indices)
        standings.append(worse(full_time, _selected(own, rule, context)))
    return count_of(standings)


def _selected(own: Sequence[RosterLine], rule: StaffRule, context: RosterContext) -> Standing:
    found = Standing.COUNTABLE
    if rule.column is not None:
        found = best(_in_column(line, rule.column, rule.words) for line in own)
    if rule.certificate is not None:
        found = worse(found, _certified(own, rule.certificate, context))
    return found


def _in_column(line: RosterLine, column: str, words: Iterable[str]) -> Standing:
    """Whether the column contains one of the words; doubtful where it is empty or could not be read."""
    stated = line.position if column == POSITION else dict(line.columns).get(column)
    text = normalised_name(stated)
    if not text or column in line.unread:
        return Standing.DOUBTFUL
    return Standing.COUNTABLE if any(normalised_name(word) in text for word in words) else Standing.EXCLUDED


def _certified(own: Sequence[RosterLine], rule: CertificateRule, context: RosterContext) -> Standing:
    unread = Standing.DOUBTFUL if any(CERTIFICATES in line.unread for line in own) else Standing.EXCLUDED
    return best([unread, *(_certificate(one, rule, context) for line in own for one in line.certificates)])


def _certificate(one: StaffCertificate, rule: CertificateRule, context: RosterContext) -> Standing:
    """Assess a certificate: excluded by kind, level or a known day; doubtful where one of them or the number is
    missing.

    Under `documented` it is doubtful at best: no reader extracts certificates of other kinds.
    """
    if one.kind is not None and one.kind != rule.kind:
        return Standing.EXCLUDED
    known_level = not rule.levels or one.level in rule.levels
    expired = one.valid_to is not None and one.valid_to < context.as_of
    if (one.level is not None and not known_level) or expired or _is_later(one, context):
        return Standing.EXCLUDED
    lacking = one.kind is None or not known_level or not normalised_code(one.number)
    lacking = lacking or (rule.must_be_valid and one.valid_to is None) or context.documented
    return Standing.DOUBTFUL if lacking else Standing.COUNTABLE


def _is_later(one: StaffCertificate, context: RosterContext) -> bool:
    return one.approved_on is not None and one.approved_on > context.as_of
