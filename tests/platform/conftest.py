"""An S3 server for the adapters that need one: moto's, over HTTP, on this machine."""

import secrets
import urllib.request

import pytest
from moto.server import ThreadedMotoServer


@pytest.fixture(scope="session")
def s3_address():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_address, monkeypatch):
    """Return the URL of an empty bucket; address and credentials come from the usual variables, as in operation."""
    name = f"bucket-{secrets.token_hex(6)}"
    urllib.request.urlopen(urllib.request.Request(f"{s3_address}/{name}", method="PUT")).close()
    variables = {
        "AWS_ENDPOINT_URL": s3_address,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "tester",
        "AWS_SECRET_ACCESS_KEY": "invented",
        "AWS_REGION": "us-east-1",
    }
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    return f"s3://{name}/files"
