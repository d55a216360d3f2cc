import pytest

from app.sample.write import Sample, make_sample


@pytest.fixture(scope="session")
def sample() -> Sample:
    return make_sample()
