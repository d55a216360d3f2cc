"""Reading plain JSON: hostile keys, duplicate keys, numbers that other parsers accept."""

from typing import Any

import pytest

from app.core.values.json_reader import (
    MOST_FAULTS,
    Fault,
    InputError,
    Node,
    all_differ,
    below,
    each,
    errors_out,
    parse_json,
)


def refused(action: Any) -> Fault:
    with pytest.raises(InputError) as error:
        action()
    return error.value.faults[0]


def test_numbers_without_a_value_keep_their_place() -> None:
    data = Node(parse_json(b'{"a": NaN, "b": 1e400, "c": ' + b"9" * 5000 + b', "d": 7}')).members("a", "b", "c", "d")
    for key in "abc":
        assert refused(lambda part=data[key]: part.whole(0, 9)) == Fault(
            "wrong_type", "Here an integer is expected", f"/{key}"
        )
    assert data["d"].whole(0, 9) == 7


def test_a_repeated_key_is_named() -> None:
    data = Node(parse_json(b'{"a": {"b~": 1, "b~": 2}}')).members("a")["a"]
    assert refused(lambda: data.members("b~")).pointer == "/a/b~0"


def test_keys_that_cannot_be_printed_are_refused_at_their_object() -> None:
    for content in (b'{"\\ud800": 1}', b'{"\\u0000": 1}', b'{"": 1}', b'{"\\ud800": 1, "\\ud800": 2}'):
        assert refused(lambda text=content: Node(parse_json(text), "/x").members("a")).pointer == "/x"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse_json(b"\xef\xbb\xbf{}") == {}


def test_a_place_is_found_again() -> None:
    assert below(below("/bids", 3), "a/b~c") == "/bids/3/a~1b~0c"


def test_money_says_what_is_wrong_with_it() -> None:
    assert refused(lambda: Node("0.001", "/p").money()) == Fault(
        "money_places", "An amount in whole fen (two decimal places) is expected", "/p"
    )
    assert refused(lambda: Node("x", "/p").money()).code == "decimal_malformed"
    assert Node("1", "/p").money().amount == 1


def test_all_faults_come_together_up_to_a_bound() -> None:
    nodes = Node([None, "a", 1] * 1000).entries(3000)
    with pytest.raises(InputError) as error:
        each(nodes, Node.text)
    assert [fault.code for fault in error.value.faults[:2]] == ["required", "wrong_type"]
    assert len(error.value.faults) == MOST_FAULTS
    assert errors_out([Fault("c", "m", "/p")]) == {"errors": [{"code": "c", "message": "m", "pointer": "/p"}]}


def test_the_later_of_two_equals_is_named() -> None:
    assert refused(lambda: all_differ(Node(["a", "b", "a"]).entries(9), "twice", "…")) == Fault("twice", "…", "/2")
    all_differ(Node(["a", "b"]).entries(9), "twice", "…")


def test_flags() -> None:
    assert Node(True).flag() is True


def test_an_id_number_that_is_a_key_is_masked() -> None:
    named, plain = "/bids/0/scores/320508198503050017/t", "/bids/0/scores/成员Ａ/t"
    shown = errors_out([Fault("score_missing", "", place) for place in (named, plain)])
    assert [one["pointer"] for one in shown["errors"]] == ["/bids/0/scores/320508********0017/t", plain]  # type: ignore[attr-defined]
