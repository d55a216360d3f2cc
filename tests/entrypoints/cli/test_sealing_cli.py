"""The key ceremony, peeling and sealing on the command line."""

import hashlib
import json
from base64 import b64encode
from itertools import permutations

import pytest
from typer.testing import CliRunner

from app.core.bids.sealing import SealRefused, envelope_fault, read_contents
from app.entrypoints.cli.main import cli
from app.tendering.envelopes import age
from app.tendering.envelopes.ceremony import TenderKey, hold, peel, wiped
from app.tendering.envelopes.pins import fingerprint

RUN = CliRunner()
NAMES = ("公证处", "采购人", "代理机构")


def run(*arguments, status=0):
    done = RUN.invoke(cli, [str(one) for one in arguments])
    assert done.exit_code == status, done.output
    return done.output.strip()


@pytest.fixture
def held(tmp_path):
    """Three custodians with key files of their own, and a tender's key of which any two hold the private part."""
    keys = [run("keys", "new", "--out", tmp_path / f"{name}.key") for name in NAMES]
    options = [f"--custodian={name}={key}" for name, key in zip(NAMES, keys, strict=True)]
    public = run("keys", "ceremony", *options, "--threshold", "2", "--out", tmp_path / "ceremony.json")
    return tmp_path, public


def test_any_two_custodians_hand_in_the_key_and_nobody_alone(held):
    where, public = held
    written = (where / "ceremony.json").read_text()
    assert "AGE-SECRET-KEY" not in written
    assert json.loads(written)["publicKey"] == public
    for number, (first, second) in enumerate([NAMES[:2], (NAMES[0], NAMES[2]), NAMES[1:]]):
        half, whole = where / f"half{number}", where / f"whole{number}"
        wrap = ["keys", "peel", where / "ceremony.json", "--with", f"{second},{first}", "--out"]
        assert run(*wrap, half, "--identity", where / f"{first}.key") == f"next: {second}"
        assert "AGE-SECRET-KEY" not in half.read_text()
        half_of = ("keys", "peel", half, "--ceremony", where / "ceremony.json", "--out", whole, "--identity")
        run(*half_of, where / f"{first}.key", status=3)
        assert not whole.exists()
        run(*half_of, where / f"{second}.key")
        key = json.loads(whole.read_text())
        assert age.recipient_of(key["identity"]) == public
        assert whole.stat().st_mode & 0o077 == 0


def test_a_forged_share_is_named(held):
    where, _ = held
    ceremony, half = where / "ceremony.json", where / "half"
    first, second = NAMES[0], NAMES[2]
    own = ("--identity", where / f"{first}.key")
    run("keys", "peel", ceremony, "--with", f"{first},{second}", *own, "--out", half)
    rest = ("--ceremony", ceremony, "--identity", where / f"{second}.key", "--out", where / "whole")
    passed = json.loads(half.read_text())
    forged = age.seal(b'{"identity": "x", "drawSecret": "y"}', recipient(where, second))
    half.write_text(json.dumps({**passed, "wrap": b64encode(forged).decode()}))
    told = run("keys", "peel", half, *rest, status=3)
    assert "share_forged" in told and first in told and second not in told
    half.write_text(json.dumps({**passed, "subset": [NAMES[1], second]}))
    told = run("keys", "peel", half, *rest, status=3)
    assert "share_forged" in told and NAMES[1] in told, "the share of another subset is none of this one"
    half.write_text(json.dumps({**passed, "subset": [second]}))
    assert "no_such_subset" in run("keys", "peel", half, *rest, status=3)
    half.write_text(json.dumps(passed))
    assert "--ceremony" in run("keys", "peel", half, *rest[2:], status=2), "never without the ceremony"
    run("keys", "peel", half, *rest)
    wrong = json.loads(ceremony.read_text())
    wrong["wraps"][1]["layers"][0] = "0" * 64
    (where / "wrong").write_text(json.dumps(wrong))
    told = run("keys", "peel", where / "wrong", "--with", f"{first},{second}", *own, "--out", where / "z", status=3)
    assert "share_forged" in told and "the ceremony" in told


def recipient(where, name):
    return age.recipient_of(age.identity_in((where / f"{name}.key").read_text()))


def test_every_wrap_holds_the_same_key_and_buffers_are_wiped():
    pairs = {name: age.new_identity() for name in "abcd"}
    held = hold({name: pair[1] for name, pair in pairs.items()}, 3)
    assert len({wrap.layers[-1] for wrap in held.wraps}) == 1
    assert all(len(wrap.layers) == len(wrap.custodians) for wrap in held.wraps)
    buffer = bytearray(b"secret")
    with pytest.raises(RuntimeError), wiped(buffer) as secret:
        assert bytes(secret) == b"secret"
        raise RuntimeError
    assert buffer == bytes(6), "also where it fails"


def test_a_sealed_bid_opens_with_the_tenders_key_only(held):
    where, public = held
    plan = where / "plan.pdf"
    plan.write_bytes(b"%PDF plan")
    shown = json.loads(
        run("seal", "--tender-key", public, "--fingerprint", fingerprint(public), "--keep", where / "kept",
            "--tender", "ten_1", "--lot", "lot_1", "--bidder", "org_1", "--price", "98.5万元",
            "--words", "玖拾捌万伍仟元整", "--item", "2*492500", "--document", plan, "--out", where / "bid.age")
    )  # fmt: skip
    assert shown["price"] == {"status": "stated", "yuan": "985000.00"}
    envelope = (where / "bid.age").read_bytes()
    assert envelope_fault(envelope) is None
    assert hashlib.sha256((where / "kept").read_bytes()).hexdigest() == shown["contentsSha256"]
    assert (where / "kept").stat().st_mode & 0o077 == 0
    assert b"985000" not in envelope
    with pytest.raises(SealRefused):
        age.unseal(envelope, age.new_identity()[0])
    for name in NAMES:
        with pytest.raises(SealRefused):
            age.unseal(envelope, age.identity_in((where / f"{name}.key").read_text()))


def test_what_a_command_refuses(held):
    where, public = held
    pinned = ["--tender-key", public, "--fingerprint", fingerprint(public)]
    seal = ["seal", "--tender", "t", "--lot", "l", "--bidder", "b", "--out", where / "x.age"]
    assert "recipient_malformed" in run(
        *seal, "--tender-key", "age1nonsense", "--fingerprint", fingerprint("age1nonsense"), status=3
    )
    other = age.new_identity()[1]
    assert "fingerprint_differs" in run(*seal, "--tender-key", other, "--fingerprint", fingerprint(public), status=3)
    assert "number_malformed" in run(*seal, *pinned, "--item", "1*NaN", status=3)
    assert "number_malformed" in run(*seal, *pinned, "--unit", "0", status=3)
    assert "offered_malformed" in run(*seal, *pinned, "--offered", "1e5", status=3)
    assert not (where / "x.age").exists()
    run("keys", "new", "--out", where / f"{NAMES[0]}.key", status=2)
    run("keys", "ceremony", f"--custodian=a={public}", f"--custodian=b={public}", "--out", where / "c2", status=3)
    run("keys", "ceremony", "--custodian=a", "--out", where / "c2", status=2)
    one = ["keys", "peel", where / "ceremony.json", "--identity", where / f"{NAMES[0]}.key", "--out", where / "y"]
    assert "no_such_subset" in run(*one, "--with", NAMES[0], status=3)
    assert "--with" in run(*one, status=2), "a whole ceremony needs --with"
    run("keys", "peel", where / "nowhere", "--identity", where / f"{NAMES[0]}.key", "--out", where / "y", status=2)
    (where / "bad").write_text("[]")
    assert "wrap_malformed" in run("keys", "peel", where / "bad", *one[3:], "--with", "a", status=3)
    bad = ("keys", "peel", where / "bad", *one[3:], "--ceremony", where / "ceremony.json")
    assert "wrap_malformed" in run(*bad, status=3)
    assert "identity_malformed" in run(
        "keys",
        "peel",
        where / "ceremony.json",
        "--with",
        ",".join(NAMES[:2]),
        "--identity",
        where / "bad",
        "--out",
        where / "y",
        status=3,
    )


def test_every_order_but_the_wraps_own_is_refused():
    pairs = {name: age.new_identity() for name in "abcd"}
    held = hold({name: pair[1] for name, pair in pairs.items()}, 3)
    assert len(held.wraps) == 4
    for wrap in held.wraps:
        for order in permutations(wrap.custodians):
            layer = wrap
            try:
                for name in order:
                    layer = peel(layer, pairs[name][0])
                assert order == wrap.custodians
                assert isinstance(layer, TenderKey) and age.recipient_of(layer.identity) == held.public_key
            except SealRefused:
                assert order != wrap.custodians


def test_contents_say_what_was_offered(held):
    identity, public = age.new_identity()
    where = held[0]
    spaced = fingerprint(public).upper().replace("-", " ")
    run("seal", "--tender-key", public, "--fingerprint", spaced, "--tender", "t", "--lot", "l", "--bidder", "b",
        "--price", "98.5", "--unit", "10000", "--offered", "2080", "--out", where / "o.age")  # fmt: skip
    contents = read_contents(age.unseal((where / "o.age").read_bytes(), identity))
    assert (contents.tender, contents.price.sheet.figures, contents.price.sheet.unit, contents.offered) == (
        "t",
        "98.5",
        10000,
        2080,
    )
