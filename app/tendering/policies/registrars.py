"""Registration departments 登记管理机关 by name, and the legal forms that are legal persons by statute."""

from app.core.facts.dossier import LegalForm
from app.core.facts.policy import CIVIL_AFFAIRS_AUTHORITIES, CIVIL_AFFAIRS_NATIONAL, Registrar, RegistrationRules
from app.tendering.policies.schema import RegistrarName, RegistrarPart, RegistrationRulePart

# GB 32100-2015, table 1: department (first character) and kind (second) of the code.
_NAMED: dict[RegistrarName, Registrar] = {
    "civil_affairs": Registrar("5", ("51", "52", "53"), CIVIL_AFFAIRS_AUTHORITIES, CIVIL_AFFAIRS_NATIONAL),
    "market_supervision": Registrar(
        "9",
        ("91",),
        ("市场监督管理局", "市场监督管理厅", "工商行政管理局"),
        ("国家市场监督管理总局", "市场监管总局"),
    ),
    "public_institutions": Registrar(
        "1", ("12",), ("事业单位登记管理局", "机构编制委员会办公室"), ("国家事业单位登记管理局",)
    ),
}
# 民法典 第九十条, 第九十二条 (social groups, foundations), 第八十八条 (public institutions); 公司法 第三条 (companies).
_STATUTORY = {
    "5": {LegalForm.SOCIAL_GROUP, LegalForm.FOUNDATION},
    "9": {LegalForm.COMPANY},
    "1": {LegalForm.PUBLIC_INSTITUTION},
}


def registration_rules(part: RegistrationRulePart) -> RegistrationRules:
    """Return the rules for the core; `statutoryPersons` default to those of the departments that are admitted."""
    registrars = tuple(map(_registrar, part.registrars or ())) or (_civil_affairs(part),)
    by_statute = {form for one in registrars for form in _STATUTORY.get(one.department, ())}
    forms = by_statute if part.statutory_persons is None else part.statutory_persons
    return RegistrationRules(tuple(part.agency_keywords), registrars, part.require_legal_person, frozenset(forms))


def _registrar(given: RegistrarName | RegistrarPart) -> Registrar:
    if not isinstance(given, RegistrarPart):
        return _NAMED[given]
    return Registrar(given.department, tuple(given.kinds), tuple(given.authorities), tuple(given.national))


def _civil_affairs(part: RegistrationRulePart) -> Registrar:
    """Rules from the older form: civil affairs by `department` and `kinds`."""
    assert part.department is not None and part.kinds is not None  # the schema guarantees it
    return Registrar(part.department, tuple(part.kinds), CIVIL_AFFAIRS_AUTHORITIES, CIVIL_AFFAIRS_NATIONAL)
