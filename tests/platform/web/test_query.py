"""Unknown query parameters and members are refused by name."""

import pytest

from app.entrypoints.features import ROUTERS
from app.platform.access.roles import Role
from app.platform.web.query import query_names

ROUTES = [route for router in ROUTERS for route in router.routes]
pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    ("path", "parameter", "detail"),
    [
        ("documents", "organization", "Unknown query parameter; use organizationId"),
        ("screenings", "tender", "Unknown query parameter; use tenderId"),
        ("screenings", "verdit", "Unknown query parameter; did you mean verdict?"),
        ("tenders", "colour", "Unknown query parameter"),
    ],
)
def test_an_unknown_query_parameter_is_refused_by_name(client, path, parameter, detail):
    answer = client.as_(Role.OFFICER).get(f"/api/v1/{path}", params={parameter: "1"})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"], error["source"]) == (422, "unknown_parameter", "query")
    assert (error["pointer"], error["detail"]) == (f"/{parameter}", detail)


def test_an_id_number_as_a_parameter_is_masked(client):
    answer = client.as_(Role.OFFICER).get("/api/v1/tenders", params={"110101199003070732": "1"})
    assert answer.status_code == 422
    assert "110101199003070732" not in answer.text


def test_the_former_name_of_an_id_in_a_body_leads_to_the_new_one(client):
    answer = client.as_(Role.OFFICER).post("/api/v1/screenings", json={"tender": "ten_1"})
    assert "Unknown member; use tenderId" in [one["detail"] for one in answer.json()["errors"]]


def test_ids_of_organizations_tenders_and_lots_have_one_spelling(client):
    """Queries and bodies; a member that is not an id (a name, a whole dossier) keeps its name."""
    former = {"organization", "tender", "lot"}
    assert [route.name for route in ROUTES if query_names(route.dependant) & former] == []
    document = client.as_(Role.OFFICER).get("/api/v1/openapi.json").json()
    wrong = [
        f"{name}/{member}"
        for name, schema in document["components"]["schemas"].items()
        if name.endswith("In") or name.startswith("Body_")
        for member, part in schema.get("properties", {}).items()
        if member in former and "pattern" in str(part)
    ]
    assert wrong == []
