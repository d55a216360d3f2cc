"""Registration requirements: professional agency, registered with civil affairs at county level or above, valid.

民办非企业单位登记管理暂行条例 第五条 (registrar: civil affairs, county level or above), 第十二条 (法人, 合伙, 个体);
GB 32100-2015 (the code names the department and the division of the registrar).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.core.facts.dossier import Organization, Personality, Registration, RegistrationKind
from app.core.facts.outcome import Finding, Outcome, finding
from app.core.facts.policy import Policy, Registrar
from app.core.values import divisions
from app.core.values.identity import normalised_code, normalised_name, parse_uscc

_AUTHORITY = "/organization/registration/authority"
_CODE = "/organization/identifier/id"
_NATIONAL = "100000"

_APPROVAL = re.compile(r"(?P<division>.*?)(行政审批(服务)?局|行政审批\(服务\)局|社会事业局|社会发展局|社区管理局)")
# The registrar of a sub-district, town or community; 景德镇 and 新乡 alone are cities that lost their 市.
_TOWNSHIP_UNIT = re.compile(r".+(街道|社区)|.*[市县区旗].+[镇乡]")
_TOWNSHIP_OFFICE = re.compile(
    r".*街道.*"
    r"|.*社区(居民委员会|居民委|居委会|居委|工作站|工作委员会|委员会|党委|党总支|党群服务中心|服务中心|服务站)?"
    r"|.+[镇乡](人民政府|政府|党委|办事处|民政(办|科|所).*|社会事[务业].*|便民.*|公共服务.*|综合服务.*|.*(村|居)民?委员?会)?"
)


def professional_agency(organization: Organization, policy: Policy) -> list[Finding]:
    """Met where the name or the business scope contains one of the policy's keywords, else undetermined."""
    texts = (normalised_name(organization.name), normalised_name(organization.registration.business_scope))
    if any(word in text for word in policy.registration.agency_keywords for text in texts):
        return []
    words = "、".join(policy.registration.agency_keywords)
    return [
        finding(Outcome.UNDETERMINED, "agency_words_missing", "/organization/registration/businessScope", words=words)
    ]


def registration_authority(organization: Organization, policy: Policy, as_of: date) -> list[Finding]:
    """Met where the organization is registered (not only filed), with a code and an authority that qualify and agree."""
    findings = _kind(organization.registration)
    findings += _code(organization, policy, as_of)
    findings += _authority(organization, policy, as_of)
    return findings


def _kind(registration: Registration) -> list[Finding]:
    if registration.kind is None:
        return [finding(Outcome.UNDETERMINED, "registration_kind_missing", "/organization/registration/kind")]
    if registration.kind is RegistrationKind.FILED:
        return [finding(Outcome.NOT_MET, "filed_only", "/organization/registration/kind")]
    return []


def _code(organization: Organization, policy: Policy, as_of: date) -> list[Finding]:
    if not normalised_code(organization.code):
        return [finding(Outcome.UNDETERMINED, "code_missing", _CODE)]
    code = parse_uscc(organization.code)
    if code is None:
        return [finding(Outcome.UNDETERMINED, "code_invalid", _CODE)]
    admitted = [one for one in policy.registration.registrars if one.department == code.department]
    if not admitted:
        names = "、".join(name for one in policy.registration.registrars for name in one.authorities)
        return [finding(Outcome.NOT_MET, "code_of_other_department", _CODE, character=code.department, admitted=names)]
    found = []
    if not any(code.kind in one.kinds for one in admitted):
        found.append(finding(Outcome.UNDETERMINED, "code_of_other_kind", _CODE, characters=code.kind))
    if not divisions.is_known(policy.divisions, code.division, *_years(organization.registration, as_of)):
        found.append(finding(Outcome.UNDETERMINED, "division_unknown", _CODE, division=code.division))
    return found


def _years(registration: Registration, as_of: date) -> tuple[int, int]:
    first = registration.registered_on or as_of
    return first.year, as_of.year


def _authority(organization: Organization, policy: Policy, as_of: date) -> list[Finding]:
    text = normalised_name(organization.registration.authority)
    if not text:
        return [finding(Outcome.UNDETERMINED, "authority_missing", _AUTHORITY)]
    read = _read_authority(text, policy.registration.registrars)
    if isinstance(read, str):
        return [finding(_AUTHORITY_DOUBTS[read], read, _AUTHORITY)]
    return _agreement(read, organization, policy, as_of)


_AUTHORITY_DOUBTS = {
    "authority_below_county": Outcome.NOT_MET,
    "authority_is_approval_bureau": Outcome.UNDETERMINED,
    "authority_unknown": Outcome.UNDETERMINED,
}


@dataclass(frozen=True, slots=True)
class _Authority:
    """A parsed name of an admitted registering authority: its department, its division ("" where it names none)."""

    department: str
    division: str
    is_national: bool = False


@lru_cache(maxsize=4096)  # the bidders of a tender share few registrars
def _read_authority(text: str, registrars: tuple[Registrar, ...]) -> _Authority | str:
    """Parse the authority's name, or return the reason code against it."""
    for registrar in registrars:
        if text in registrar.national:
            return _Authority(registrar.department, "", is_national=True)
        for end in registrar.authorities:
            if text.endswith(end):
                division = text.removesuffix(end)
                below = _TOWNSHIP_UNIT.fullmatch(division)
                return "authority_below_county" if below else _Authority(registrar.department, division)
    approval = _APPROVAL.fullmatch(text)
    if _TOWNSHIP_UNIT.fullmatch(approval["division"]) if approval else _TOWNSHIP_OFFICE.fullmatch(text):
        return "authority_below_county"
    return "authority_is_approval_bureau" if approval else "authority_unknown"


def _agreement(authority: _Authority, organization: Organization, policy: Policy, as_of: date) -> list[Finding]:
    code = parse_uscc(organization.code)
    if code is None:
        return []
    if authority.is_national:
        agrees = code.division == _NATIONAL
    elif not authority.division:
        agrees = True
    else:
        years = _years(organization.registration, as_of)
        agrees = authority.division in divisions.full_names(policy.divisions, code.division, *years)
    departments = {one.department for one in policy.registration.registrars}
    is_admitted = code.department in departments  # otherwise the code's department is the reason
    if agrees and (authority.department == code.department or not is_admitted):
        return []
    return [finding(Outcome.UNDETERMINED, "authority_and_code_disagree", _AUTHORITY, division=code.division)]


def with_unread(findings: list[Finding], fields: Sequence[str], registration: Registration) -> list[Finding]:
    """Return the findings of a requirement that rests on these fields, where some are stated but could not be read.

    An unread field is undetermined (`value_unreadable`): it is neither missing nor held against the bidder, so its own
    findings are dropped.
    """
    unread = [f"/organization/registration/{field}" for field in fields if field in registration.unread]
    if not unread:
        return findings
    kept = [one for one in findings if not any(f"{one.pointer}/".startswith(f"{pointer}/") for pointer in unread)]
    return kept + [
        finding(Outcome.UNDETERMINED, "value_unreadable", pointer, field=pointer.rpartition("/")[2])
        for pointer in unread
    ]


def registration_valid(registration: Registration, as_of: date) -> list[Finding]:
    """Check validFrom ≤ as-of ≤ validTo; `open_ended` (长期) replaces a missing end, never a missing start."""
    pointer = "/organization/registration/"
    found = []
    if registration.valid_from is None:
        found.append(finding(Outcome.UNDETERMINED, "valid_from_missing", pointer + "validFrom"))
    elif as_of < registration.valid_from:
        day = registration.valid_from.isoformat()
        found.append(finding(Outcome.NOT_MET, "registration_not_begun", pointer + "validFrom", day=day))
    if registration.valid_to is None:
        if not registration.open_ended:
            found.append(finding(Outcome.UNDETERMINED, "valid_to_missing", pointer + "validTo"))
    elif as_of > registration.valid_to:
        day = registration.valid_to.isoformat()
        found.append(finding(Outcome.NOT_MET, "registration_expired", pointer + "validTo", day=day))
    return found


def legal_person(registration: Registration, policy: Policy) -> list[Finding]:
    """Check the legal personality: 社会团体 and 基金会 have it by statute (民法典 第九十条, 第九十二条); others must state 法人.

    合伙 and 个体 have no separate liability: undetermined (采购法 第二十一条 admits other organizations), or not met where the
    tender documents require a legal person.
    """
    pointer = "/organization/registration/personality"
    unincorporated = registration.personality in (Personality.PARTNERSHIP, Personality.INDIVIDUAL)
    if unincorporated and policy.registration.require_legal_person:
        return [finding(Outcome.NOT_MET, "not_a_legal_person", pointer)]
    if registration.legal_form in policy.registration.statutory_persons:
        return []
    if registration.personality is Personality.LEGAL_PERSON:
        return []
    return [finding(Outcome.UNDETERMINED, "not_a_legal_person" if unincorporated else "personality_missing", pointer)]
