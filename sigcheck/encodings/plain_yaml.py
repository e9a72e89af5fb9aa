"""Plain YAML: values as they stand, without tags, each alias for a value that was written out before. Needs PyYAML."""

from __future__ import annotations

from typing import Any

import yaml

from sigcheck.encodings.table import distinct


def plain_value(text: str, most: int) -> Any:
    """The value of a text that a program wrote, whose aliases may make it one of `most` values; 0 for one of a person.

    Raises ValueError and what PyYAML raises.
    """
    loader = _Loader(text)
    loader.most = most
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML is not installed everywhere: its classes are Any
    """Counts what is composed: a node with aliases has as many values as one that is written out."""

    most = 0

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._count = 0
        # Of each node that is whole; its aliases may stand behind it alone.
        self._counts: dict[int, int] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node of the text. Raises ValueError for an alias that is none, or one too many."""
        before, line = self._count, self.peek_event().start_mark.line + 1
        if not self.check_event(yaml.events.AliasEvent):
            node = super().compose_node(parent, index)
            self._count += 1
            self._counts[id(node)] = self._count - before
            return node
        if not self.most:
            raise ValueError(f"line {line}: an alias, expected a value. Write it out")
        node = super().compose_node(parent, index)
        if id(node) not in self._counts:
            raise ValueError(f"line {line}: an alias of what it stands in, expected a value")
        self._count += self._counts[id(node)]
        if self._count > self.most:
            raise ValueError(f"line {line}: aliases that stand for more than {self.most} values. Write them out")
        return node

    def construct_mapping(self, node: Any, *_: Any, **__: Any) -> Any:
        """A table, of whose keys none stands twice."""
        pairs = [[self.construct_object(part, deep=True) for part in pair] for pair in node.value]
        # What a program keeps by a number, its text stands for: a person may have left out the quotes.
        is_number = [self.most and isinstance(key, int | float) for key, _ in pairs]
        return distinct([(str(key) if is_it else key, one) for is_it, (key, one) in zip(is_number, pairs, strict=True)])
