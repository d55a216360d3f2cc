"""Registration requirements: professional agency, registered with civil affairs at county level or above, valid.

民办非企业单位登记管理暂行条例 第五条 (registrar: civil affairs, county level or above), 第十二条 (法人, 合伙, 个体);
GB 32100-2015 (the code names the department and the division of the registrar).
"""

import re
from datetime import date
from functools import lru_cache

from app.core.facts.dossier import LegalForm, Organization, Personality, Registration, RegistrationKind
from app.core.facts.outcome import Finding, Outcome, finding
from app.core.facts.policy import Policy
from app.core.values import divisions
from app.core.values.identity import normalised_code, normalised_name, parse_uscc

_AUTHORITY = "/organization/registration/authority"
_CODE = "/organization/identifier/id"
_NATIONAL = "100000"

_CIVIL_AFFAIRS = re.compile(r"(?P<division>.*?)民政(?P<rank>局|厅|部)")
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
    """Registered (not only filed), with a code and an authority that qualify and agree with each other."""
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
    if code.department != policy.registration.department:
        return [finding(Outcome.NOT_MET, "code_of_other_department", _CODE, character=code.department)]
    found = []
    if code.kind not in policy.registration.kinds:
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
    doubt, division, rank = _read_authority(text)
    if doubt:
        return [finding(_AUTHORITY_DOUBTS[doubt], doubt, _AUTHORITY)]
    return _agreement(division, rank, organization, policy, as_of)


_AUTHORITY_DOUBTS = {
    "authority_below_county": Outcome.NOT_MET,
    "authority_is_approval_bureau": Outcome.UNDETERMINED,
    "authority_unknown": Outcome.UNDETERMINED,
}


@lru_cache(maxsize=4096)  # the bidders of a tender have few registrars
def _read_authority(text: str) -> tuple[str, str, str]:
    """(reason code against it, "" for a civil affairs department; its division; 局, 厅 or 部)."""
    civil, approval = _CIVIL_AFFAIRS.fullmatch(text), _APPROVAL.fullmatch(text)
    kind = civil or approval
    if _TOWNSHIP_UNIT.fullmatch(kind["division"]) if kind else _TOWNSHIP_OFFICE.fullmatch(text):
        return "authority_below_county", "", ""
    if civil and not approval:
        return "", civil["division"], civil["rank"]
    return "authority_is_approval_bureau" if approval else "authority_unknown", "", ""


def _agreement(division: str, rank: str, organization: Organization, policy: Policy, as_of: date) -> list[Finding]:
    code = parse_uscc(organization.code)
    if code is None:
        return []
    if rank == "部":
        agrees = code.division == _NATIONAL and division in ("", "国家", "中华人民共和国")
    elif not division:
        agrees = True
    else:
        years = _years(organization.registration, as_of)
        agrees = division in divisions.full_names(policy.divisions, code.division, *years)
    if agrees:
        return []
    return [finding(Outcome.UNDETERMINED, "authority_and_code_disagree", _AUTHORITY, division=code.division)]


def registration_valid(registration: Registration, as_of: date) -> list[Finding]:
    """validFrom ≤ as-of ≤ validTo; `open_ended` (长期) replaces a missing end, never a missing start."""
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
    """社会团体 and 基金会 are legal persons by statute (民法典 第九十条, 第九十二条); others must say 法人.

    合伙 and 个体 have no separate liability: undetermined (采购法 第二十一条 admits other organizations), or not met where the
    tender documents require a legal person.
    """
    pointer = "/organization/registration/personality"
    unincorporated = registration.personality in (Personality.PARTNERSHIP, Personality.INDIVIDUAL)
    if unincorporated and policy.registration.require_legal_person:
        return [finding(Outcome.NOT_MET, "not_a_legal_person", pointer)]
    if registration.legal_form in (LegalForm.SOCIAL_GROUP, LegalForm.FOUNDATION):
        return []
    if registration.personality is Personality.LEGAL_PERSON:
        return []
    return [finding(Outcome.UNDETERMINED, "not_a_legal_person" if unincorporated else "personality_missing", pointer)]
