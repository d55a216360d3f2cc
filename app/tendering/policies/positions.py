"""Locate a JSON pointer in a policy file by line and column, so that an editor can jump there."""

from dataclasses import dataclass

import yaml


@dataclass(frozen=True, slots=True)
class Position:
    """Line and column, counted from 1."""

    line: int
    column: int


def position(text: bytes, pointer: str) -> Position | None:
    """Return the position of a pointer, or of its nearest existing ancestor; None if the text is not YAML."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        return None
    if node is None:
        return None
    mark = node.start_mark
    for step in pointer.split("/")[1:]:
        found = _child(node, step.replace("~1", "/").replace("~0", "~"))
        if found is None:
            break
        mark, node = found
    return Position(mark.line + 1, mark.column + 1)


def _child(node: yaml.Node, step: str) -> tuple[yaml.Mark, yaml.Node] | None:
    """Return where a member begins (at its key), and its value."""
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        found: yaml.Node = node.value[int(step)]
        return found.start_mark, found
    return None
