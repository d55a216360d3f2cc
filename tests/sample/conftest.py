from pathlib import Path

import pytest

from app.sample.write import Sample, make_sample


@pytest.fixture(scope="session")
def sample() -> Sample:
    return make_sample()


@pytest.fixture(scope="session")
def folder(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as files, read-only."""
    path = tmp_path_factory.mktemp("sample")
    sample.write(path)
    return path
