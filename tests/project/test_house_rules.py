"""The project's rules detect their violations."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = runpy.run_path(str(ROOT / "scripts" / "house_rules.py"))
APP = RULES["APP"]


@pytest.mark.parametrize(
    ("path", "source", "rule"),
    [
        ("core/x.py", "import numpy", "core_is_pure"),
        ("core/x.py", "from app.platform.settings import Settings", "core_is_pure"),
        (
            "tendering/tenders/service.py",
            "from app.administration.api_keys.tables import ApiKey",
            "features_keep_apart",
        ),
        (
            "tendering/tenders/service.py",
            "def f():\n    from app.bidders.rosters.tables import X",
            "features_keep_apart",
        ),
        ("tendering/tenders/utils.py", "", "names_say_something"),
        ("tendering/tenders/service.py", "def f(work):\n    work.session.commit()", "services_do_not_commit"),
        (
            "tendering/tenders/service.py",
            "from app.platform.files.object_store import ObjectFileStore",
            "adapters_are_wired_in_one_place",
        ),
        (
            "tendering/tenders/service.py",
            "from app.entrypoints.bootstrap import build",
            "adapters_are_wired_in_one_place",
        ),
        ("tendering/tenders/service.py", "x = 1\n" * 501, "files_stay_short"),
    ],
)
def test_a_broken_rule_is_found(path, source, rule, monkeypatch, tmp_path):
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(source)
    module_class = RULES["Module"]
    monkeypatch.setitem(module_class.__init__.__globals__, "APP", tmp_path)
    module = module_class(file)
    broken = [name.__name__ for name in RULES["RULES"] if list(name(module))]
    assert broken == [rule]
