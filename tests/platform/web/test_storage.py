"""A full disk: 507 with its code, nothing changed, and `/health` reports it."""

import errno

import pytest
from obstore.exceptions import GenericError
from sqlalchemy import event

from app.entrypoints.cli.terminal.failures import report
from app.platform.access.roles import Role
from app.platform.files.object_store import ObjectFileStore
from app.platform.problems import is_storage_full
from app.platform.settings import Settings

pytestmark = pytest.mark.sqlite_only
BODY = {"name": "苏州市某社会工作服务社", "identifier": None}
FULL = GenericError("Generic LocalFileSystem error: Unable to create file: No space left on device (os error 28)")


def test_a_full_database_answers_507(client):
    engine = client.platform.engine
    officer, admin = client.as_(Role.OFFICER), client.as_(Role.ADMIN)  # their keys are made while there is room
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    event.listen(engine, "checkout", lambda raw, *_: raw.execute(f"PRAGMA max_page_count = {pages}"))
    answers = [officer.post("/api/v1/organizations", json={**BODY, "name": "社" * 190}) for _ in range(200)]
    (full, *_) = [one for one in answers if one.status_code != 201]
    assert (full.status_code, full.json()["code"], full.headers["retry-after"]) == (507, "storage_full", "60")
    assert admin.get("/api/v1/health").status_code == 200


@pytest.mark.parametrize("error", [FULL, OSError(errno.ENOSPC, "No space left on device"), OSError(errno.EDQUOT, "q")])
def test_a_full_file_store_answers_507(client, monkeypatch, error):
    def fail(*_args, **_options):
        raise error

    officer = client.as_(Role.OFFICER)
    organization = officer.post("/api/v1/organizations", json=BODY).json()["id"]
    monkeypatch.setattr(ObjectFileStore, "put", fail)
    answer = officer.post(
        "/api/v1/documents", files={"files": ("a.pdf", b"%PDF-1.4")}, data={"organizationId": organization}
    )
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")


def test_other_failures_of_the_system_stay_internal_errors(client, monkeypatch):
    def fail(*_args, **_options):
        raise PermissionError(errno.EACCES, "Permission denied")

    officer = client.as_(Role.OFFICER)
    organization = officer.post("/api/v1/organizations", json=BODY).json()["id"]
    monkeypatch.setattr(ObjectFileStore, "put", fail)
    answer = officer.post(
        "/api/v1/documents", files={"files": ("a.pdf", b"%PDF-1.4")}, data={"organizationId": organization}
    )
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")


def test_health_reports_the_storage(client):
    assert client.as_(Role.ADMIN).get("/api/v1/health").json()["storage"] == "ok"


class TestWithoutRoom:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"min_free_bytes": 2**62})

    def test_health_reports_full_storage(self, client):
        assert client.as_(Role.ADMIN).get("/api/v1/health").json()["storage"] == "full"


def test_the_command_line_names_the_full_store(capsys):
    assert report(FULL) == 1
    assert capsys.readouterr().err == "bidscreen: the file store: No space left on device\n"


def test_causes_are_followed():
    try:
        try:
            raise FULL
        except GenericError as inner:
            raise RuntimeError("x") from inner
    except RuntimeError as error:
        assert is_storage_full(error)
    assert not is_storage_full(ValueError("full"))
