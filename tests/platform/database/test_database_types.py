"""Values are read from a column as written, and sensitive ones are not readable on disk."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, select

from app.platform.database.engine import make_engine
from app.platform.database.keys import CannotDecrypt, Keyring, read_or_create
from app.platform.database.sensitive import Sensitive, mask_numbers
from app.platform.database.types import (
    CanonicalJson,
    Digest,
    EncryptedJson,
    EncryptedText,
    KeyedHash,
    Money,
    UtcDateTime,
)

RESIDENT_ID = "110101199003070732"  # invented
metadata = MetaData()
sample = Table(
    "sample_types",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("money", Money),
    Column("at", UtcDateTime),
    Column("data", CanonicalJson),
    Column("secret", EncryptedText("sample.secret")),
    Column("facts", EncryptedJson("sample.facts")),
    Column("digest", KeyedHash("resident_id")),
)


@pytest.fixture
def engine(platform):
    metadata.create_all(platform.engine)
    yield platform.engine
    metadata.drop_all(platform.engine)


def stored(engine, column, value):
    with engine.begin() as connection:
        connection.execute(sample.delete())
        connection.execute(sample.insert().values({column.name: value}))
        return connection.execute(select(column)).scalar_one()


@pytest.mark.parametrize("amount", ["0.00", "0.01", "1000000.00", "9999999999999.99", "-5.10"])
def test_money_is_exact(engine, amount):
    assert str(stored(engine, sample.c.money, Decimal(amount))) == amount


def test_money_adds_up_in_the_database(engine):
    with engine.begin() as connection:
        connection.execute(sample.insert(), [{"money": Decimal("0.10")}] * 3)
        assert connection.execute(select(func.sum(sample.c.money))).scalar_one() == Decimal("0.30")


def test_money_is_never_rounded_by_the_database(engine):
    with pytest.raises(Exception, match="two places"):
        stored(engine, sample.c.money, Decimal("0.001"))


def test_instants_keep_their_moment(engine):
    moment = datetime(2017, 5, 31, 9, 30, 0, 123456, timezone(timedelta(hours=8)))
    found = stored(engine, sample.c.at, moment)
    assert found == moment
    assert found.tzinfo is UTC
    with pytest.raises(Exception, match="without a zone"):
        stored(engine, sample.c.at, datetime(2017, 5, 31))  # noqa: DTZ001


def test_json_is_stored_as_it_is_hashed(engine):
    value = {"b": [1, None, True], "a": "中文\n\u0000", "c": Decimal("1.50")}
    assert stored(engine, sample.c.data, value) == {**value, "c": "1.50"}


def test_an_encrypted_text_comes_back_masked(engine):
    found = stored(engine, sample.c.secret, RESIDENT_ID)
    assert found.reveal() == RESIDENT_ID
    assert RESIDENT_ID not in f"{found} {found!r} {[found]}"
    assert str(found) == "110101********0732"


def test_what_is_encrypted_is_not_in_clear_in_the_database(platform, engine, tmp_path):
    stored(engine, sample.c.secret, RESIDENT_ID)
    stored(engine, sample.c.facts, {"residentId": RESIDENT_ID})
    with engine.connect() as connection:
        for row in connection.exec_driver_sql("SELECT secret, facts, digest FROM sample_types"):
            assert not any(RESIDENT_ID.encode() in bytes(str(value), "utf-8") for value in row if value is not None)
    for file in tmp_path.rglob("*.db*"):
        assert RESIDENT_ID.encode() not in file.read_bytes()


def test_equal_numbers_have_equal_hashes_however_they_are_written(engine):
    found = stored(engine, sample.c.digest, " 11010119900307０73x ")
    assert isinstance(found, Digest)
    assert stored(engine, sample.c.digest, "11010119900307073X") == found
    with engine.connect() as connection:
        assert connection.execute(select(sample.c.digest).where(sample.c.digest == "11010119900307073X")).all()
        assert connection.execute(select(sample.c.digest).where(sample.c.digest == found)).all()


def test_equal_texts_have_different_ciphertexts():
    keyring = Keyring("k" * 32)
    assert keyring.encrypt(b"same", "a.b") != keyring.encrypt(b"same", "a.b")


def test_a_ciphertext_moved_to_another_column_does_not_open():
    keyring = Keyring("k" * 32)
    with pytest.raises(CannotDecrypt):
        keyring.decrypt(keyring.encrypt(b"x", "a.b"), "a.c")


@pytest.mark.parametrize("place", [0, 8, 20, -1])
def test_a_changed_ciphertext_does_not_open(place):
    keyring = Keyring("k" * 32)
    body = bytearray(keyring.encrypt(b"x", "a.b"))
    body[place] ^= 1
    with pytest.raises(CannotDecrypt):
        keyring.decrypt(bytes(body), "a.b")


def test_a_former_key_still_opens_and_the_new_one_closes():
    old, new = Keyring("o" * 32), Keyring("n" * 32, ["o" * 32])
    assert new.decrypt(old.encrypt(b"x", "a.b"), "a.b") == b"x"
    with pytest.raises(CannotDecrypt):
        old.decrypt(new.encrypt(b"x", "a.b"), "a.b")


def test_the_key_file_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "secret.key"
    made = read_or_create(path)
    assert len(made) >= 32
    assert read_or_create(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret.key"]


def test_an_engine_without_keys_stores_no_secret(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'x.db'}", Keyring("k" * 32))
    del engine.dialect.keyring
    metadata.create_all(engine)
    with pytest.raises(Exception, match="without keys"), engine.begin() as connection:
        connection.execute(sample.insert().values(secret="x"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RESIDENT_ID, "110101********0732"),
        ("证件11010119900307073X，", "证件110101********073X，"),
        ("1101011990030707321", "110101********07321"),  # beside a digit: still a resident ID
        ("short", "short"),
    ],
)
def test_numbers_in_a_text_are_masked(text, expected):
    assert mask_numbers(text) == expected


def test_a_short_secret_shows_nothing():
    assert str(Sensitive("123")) == "********"


def test_sqlite_is_tuned_to_lose_nothing(platform):
    if platform.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own settings")
    with platform.engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
