"""Division codes: the public table, its dated changes, and the comparison with other sources."""

import json

import pytest
from typer.testing import CliRunner

from app.core.values.divisions import full_names, is_known
from app.entrypoints.cli.main import cli
from app.tendering.policies.division_check import compare, installed_sources, read_csv, redundant_changes
from app.tendering.policies.divisions import PublicDivisions, changes
from app.tendering.policies.loader import preset

PUBLIC = PublicDivisions({})


@pytest.mark.parametrize("name", ["suzhou-2017", "suzhou-current"])
@pytest.mark.parametrize(("code", "district"), [("330113", "临平区"), ("330114", "钱塘区")])
def test_the_districts_of_2021_are_known_from_their_year_on(name, code, district):
    divisions = preset(name).divisions
    assert is_known(divisions, code, 2021, 2026) and not is_known(divisions, code, 2000, 2020)
    expected = {district, f"杭州市{district}", f"浙江省{district}", f"浙江省杭州市{district}"}
    assert full_names(divisions, code, 2021, 2026) == expected


def test_levels_may_be_left_out_before_a_name_but_never_the_name():
    names = full_names(PUBLIC, "320583", 2010, 2026)
    assert {"昆山市", "苏州市昆山市", "江苏省昆山市", "江苏省苏州市昆山市"} == names
    assert full_names(PUBLIC, "999999", 2010, 2026) == frozenset()


@pytest.mark.parametrize(
    ("code", "name", "first"),
    [
        ("130505", "任泽区", 2020), ("320614", "海门区", 2020), ("410307", "偃师区", 2021), ("350404", "三元区", 2021),
        ("440704", "江海区", 1994), ("540581", "错那市", 2023), ("500157", "两江新区", 2025), ("330383", "龙港市", 2019),
    ],
)  # fmt: skip
def test_changes_that_the_table_carries(code, name, first):
    assert name in {one.name for one in PUBLIC.names(code) if one.held_between(2026, 2026)}
    assert is_known(PUBLIC, code, first, 2026)


def test_each_change_is_still_needed():
    assert redundant_changes() == ()
    assert changes().source and changes().compared_on


def test_what_a_source_has_and_the_service_does_not_know():
    found = compare("x", {"330113": "临平区", "320508": "姑苏区", "320599": "新设区", "heading": "名称"}, 2026)
    assert [(one.code, one.name, one.known) for one in found.differences] == [("320599", "新设区", ())]
    assert found.codes == 3
    renamed = compare("x", {"540581": "错那县"}, 2026)
    assert renamed.differences[0].known == ("错那市",)


def test_the_command(tmp_path):
    file = tmp_path / "divisions.csv"
    file.write_text("代码,名称\n330113,临平区\n330114,钱塘区\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["divisions", "check", "--against", str(file)])
    assert result.exit_code == 0 and json.loads(result.stdout)["sources"][0]["codes"] == 2
    file.write_text("330113,临平区\n330199,某某区\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["divisions", "check", "--against", str(file)])
    assert result.exit_code == 3
    assert json.loads(result.stdout)["sources"][0]["unknown"] == [{"code": "330199", "name": "某某区", "known": []}]


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00"])
def test_nothing_to_compare_with(tmp_path, content):
    file = tmp_path / "divisions.csv"
    if content is not None:
        file.write_bytes(content)
    result = CliRunner().invoke(cli, ["divisions", "check", "--against", str(file)])
    assert result.exit_code == 2 and "bidscreen: " in result.stderr


def test_a_csv_and_packages_that_may_be_installed():
    assert read_csv("code,name\n110101, 东城区 \n1,x\n110102") == {"110101": "东城区"}
    assert all(names for _, names in installed_sources())
