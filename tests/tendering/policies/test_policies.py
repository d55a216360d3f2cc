"""The presets over HTTP."""

import pytest

from app.core.values.canonical import canonical_json, sha256_hex
from app.platform.access.roles import Role
from app.tendering.policies.loader import preset, presets

pytestmark = pytest.mark.sqlite_only


def test_presets_are_listed_and_shown_whole(client):
    bidder = client.as_(Role.BIDDER)
    listed = bidder.get("/api/v1/policies").json()
    assert [one["id"] for one in listed] == presets()
    for one in listed:
        shown = bidder.get(f"/api/v1/policies/{one['id']}").json()
        assert shown["sha256"] == preset(one["id"]).sha256 == sha256_hex(canonical_json(shown["document"]))


@pytest.mark.parametrize(("name", "status"), [("suzhou-1999", 404), ("Suzhou", 422), ("a%00b", 422)])
def test_an_unknown_preset_is_not_found(client, name, status):
    assert client.as_(Role.OFFICER).get(f"/api/v1/policies/{name}").status_code == status
