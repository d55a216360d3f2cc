"""Determine which instance a command works on: its data directory, and the settings file in it."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from app.platform.settings import Settings

SETTINGS_FILE = "settings.env"
DATABASE_FILE = "bidscreen.db"
DEMO = Path("demo") / "data"
_PREFIX = "BIDSCREEN_"
_DATA = f"{_PREFIX}DATA_DIR"
_DEFAULT = Path(str(Settings.model_fields["data_dir"].default))


class InstanceUnclear(ValueError):
    """It is not clear which instance is meant, or its settings file cannot be read; one line states what to do."""


def use(directory: Path | None) -> None:
    """Load the settings of an instance into the environment; variables already set take precedence. InstanceUnclear.

    Without a directory it is that of BIDSCREEN_DATA_DIR, else `data` in the working directory.
    """
    if directory is not None:
        os.environ[_DATA] = str(directory)
    file = Path(os.environ.get(_DATA) or _DEFAULT) / SETTINGS_FILE
    try:
        stated = dotenv_values(file, interpolate=False, encoding="utf-8") if file.is_file() else {}
    except (OSError, UnicodeDecodeError):
        raise InstanceUnclear(f"{file} cannot be read") from None
    for name, value in stated.items():
        if not name.startswith(_PREFIX) or name == _DATA or value is None:
            raise InstanceUnclear(f"{file}: {name} is not a setting; lines must read BIDSCREEN_NAME=VALUE")
        os.environ.setdefault(name, value)


def require_clear(settings: Settings) -> None:
    """Raise InstanceUnclear if a new instance would be created in `data` although the demo's is probably meant."""
    stated = "data_dir" in settings.model_fields_set
    if stated or not settings.embedded or exists(settings.data_dir) or not exists(DEMO):
        return
    raise InstanceUnclear(
        f"there is no instance in {settings.data_dir}; the demo's is in {DEMO}. Name one with `bidscreen --instance "
        f"{DEMO} …`, or make one with `bidscreen init {settings.data_dir}`"
    )


def exists(data: Path) -> bool:
    """Whether there is an embedded instance in this data directory."""
    return (data / DATABASE_FILE).is_file()


def described(settings: Settings) -> str:
    """Describe the instance in one line: the data directory, or host and name of the database, without credentials."""
    if settings.embedded:
        return str(settings.data_dir.absolute())
    url = urlsplit(settings.database_url)
    return f"{url.hostname or 'localhost'}{url.path} (PostgreSQL)"
