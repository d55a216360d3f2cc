"""Settings: an unknown variable is refused, since its default would be used unnoticed."""

import pytest
from pydantic import ValidationError

from app.platform.settings import Settings, wrong_settings

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("BIDSCREEN_TRUSTED_HOST", "BIDSCREEN_TRUSTED_HOST is not a setting; did you mean BIDSCREEN_TRUSTED_HOSTS?"),
        ("BIDSCREEN_DATADIR", "BIDSCREEN_DATADIR is not a setting; did you mean BIDSCREEN_DATA_DIR?"),
        ("BIDSCREEN_XYZ", "BIDSCREEN_XYZ is not a setting"),
    ],
)
def test_a_mistyped_variable_is_refused_with_the_nearest_name(monkeypatch, variable, expected):
    monkeypatch.setenv(variable, "secret-value")
    with pytest.raises(ValidationError) as refused:
        Settings()
    message = wrong_settings(refused.value)
    assert message is not None
    assert message.startswith(expected)
    assert "secret-value" not in message


def test_settings_and_variables_of_others_are_taken(monkeypatch):
    monkeypatch.setenv("BIDSCREEN_PORT", "9000")
    monkeypatch.setenv("OTHER_PORT", "1")
    assert Settings().port == 9000
