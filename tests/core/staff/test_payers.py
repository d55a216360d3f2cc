"""Payers of social insurance: the bidder, a name that differs only in form, another unit."""

import pytest

from app.core.facts.dossier import Organization
from app.core.staff.payers import Payer, Payers
from app.evidence.credit.index.lexicon import simplified_characters

NAME = "苏州市姑苏区晨光社会工作服务社"
PAYERS = Payers.of(Organization(NAME, former_names=("苏州晨曦社工站",)), simplified_characters())
OWN, UNCLEAR, OTHER, UNKNOWN = Payer.OWN, Payer.UNCLEAR, Payer.OTHER, Payer.UNKNOWN


@pytest.mark.parametrize(
    ("payer", "expected"),
    [
        (NAME, OWN),
        ("苏州晨曦社工站", OWN),
        ("苏州市姑苏区 晨光社会工作服务社", OWN),
        (f"'{NAME}", OWN),
        (f'="{NAME}"', OWN),
        (f"{NAME}\u200b", OWN),
        (f"\u202a{NAME}\u202c", OWN),
        ("苏州市姑苏区\ufe0f晨光社会工作服务社", OWN),
        ("苏州市姑苏区晨光社会⼯作服务社", OWN),
        ("本单位", OWN),
        ("由本单位缴纳", OWN),
        ("投标人", OWN),
        ("蘇州市姑蘇區晨光社會工作服務社", UNCLEAR),
        ("姑苏区晨光社会工作服务社", UNCLEAR),
        ("晨光社会工作服务社", UNCLEAR),
        ("江苏省苏州市姑苏区晨光社会工作服务社", UNCLEAR),
        ("江苏苏州市姑苏区晨光社会工作服务社", UNCLEAR),
        ("苏州市晨光社会工作服务社", UNCLEAR),
        ("苏州晨光社会工作服务社", UNCLEAR),
        ("晨光社会工作服务社（苏州市姑苏区）", UNCLEAR),
        ("苏州市姑苏区（晨光）社会工作服务社", UNCLEAR),
        ("苏州市姑苏区晨光社会工作服务社（民办非企业单位）", UNCLEAR),
        ("苏州市姑苏区晨光·社会工作服务社", UNCLEAR),
        ("苏州市姑苏区晨光社会工作服务社相城分社", UNCLEAR),
        ("苏州市姑苏区晨光社会工作服务社（相城办事处）", UNCLEAR),
        ("苏州市姑苏区晨光社会工作服务所", UNCLEAR),
        ("苏州市姑苏区晨光社会工作服务", UNCLEAR),
        ("苏州市姑苏区星光社会工作服务社", UNCLEAR),
        ("上海市晨光社会工作服务社", OTHER),
        ("苏州市相城区晨光社会工作服务社", OTHER),
        ("苏州市姑苏区晓阳社会工作服务社", OTHER),
        ("苏州市姑苏区晨光社会工作服务社人力资源有限公司", OTHER),
        ("苏州人力资源有限公司", OTHER),
        ("苏州市姑苏区", OTHER),
        ("", UNKNOWN),
        (None, UNKNOWN),
        ("—", UNKNOWN),
        ("\u200b", UNKNOWN),
        ("待补", UNKNOWN),
    ],
)
def test_who_pays(payer: str | None, expected: Payer) -> None:
    assert PAYERS.match(payer) is expected


def test_a_bidder_without_a_name_rules_nobody_out() -> None:
    unnamed = Payers.of(Organization(None, former_names=(NAME,)), {})
    assert unnamed.match("苏州人力资源有限公司") is UNKNOWN
    assert unnamed.match(NAME) is OWN


def test_short_names_are_not_told_apart_by_one_character() -> None:
    short = Payers.of(Organization("晨光社"), {})
    assert [short.match(payer) for payer in ("晨曦社", "晨光", "晨光社")] == [OTHER, OTHER, OWN]
