"""The text of a size and of what must hold of sizes: `2*(height // 2)`, `height % 4 == 0`, `t <= 64`.

A small part of Python's own notation: whole numbers, names, `+ - * // % **`, `min(a, b)`, `max(a, b)`,
brackets; comparisons by `==`, `>=`, `<=`, `>`, `<`, `!=` that may be chained, joined by `and`, and those by `or`.
It is read in one pass, and nothing of it is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

# No size that a person could follow is longer, and nothing that is nested deeper.
MOST_CHARACTERS = 400
_MOST_DEPTH = 20
_MOST_DIGITS = 19
_MOST_POWER = 8

# A number, a name, or an operation on two of them, by its sign.
Tree: TypeAlias = "int | str | tuple[str, Tree, Tree]"
# All of one clause must hold, of one clause at least.
Clauses: TypeAlias = tuple[tuple[tuple[str, Tree, Tree], ...], ...]

_NAME = r"[^\W\d]\w*(?:\.\w+)*"
_TOKEN = re.compile(rf"(\d+)|({_NAME})|(\*\*|//|==|>=|<=|!=|[-+*%(),<>])")
_WORDS = frozenset({"and", "or", "min", "max", "not", "in", "if", "else"})
_COMPARISONS = frozenset({"==", ">=", "<=", "!=", "<", ">"})


def is_name(text: str) -> bool:
    """Whether a size may be called so: letters, digits and underscores, and parts of these joined by points."""
    return text not in _WORDS and re.fullmatch(_NAME, text) is not None


def parse_size(text: str) -> Tree:
    """The size that a text says. Raises ValueError where it is none.

    >>> parse_size("2*(h // 2) + 1")
    ('+', ('*', 2, ('//', 'h', 2)), 1)
    """
    reader = _Reader(text, "a size")
    found = reader.sum(0)
    reader.end()
    return found


def parse_constraint(text: str) -> Clauses:
    """What a text demands of sizes. Raises ValueError where it is no comparison of sizes.

    >>> parse_constraint("h % 4 == 0 and h >= 8 or h == 2")
    ((('==', ('%', 'h', 4), 0), ('>=', 'h', 8)), (('==', 'h', 2),))
    """
    reader = _Reader(text, "a comparison of sizes")
    clauses = [_clause(reader)]
    while reader.take("or"):
        clauses.append(_clause(reader))
    reader.end()
    return tuple(clauses)


def names_in(tree: Tree) -> frozenset[str]:
    """The names that stand in a size."""
    if isinstance(tree, tuple):
        return names_in(tree[1]) | names_in(tree[2])
    return frozenset({tree}) if isinstance(tree, str) else frozenset()


def names_of(constraint: str) -> frozenset[str]:
    """The names of sizes that a constraint speaks of.

    >>> sorted(names_of("min(h, w) >= 3 or w == 1"))
    ['h', 'w']
    """
    clauses = parse_constraint(constraint)
    return frozenset().union(*(names_in(side) for clause in clauses for _, *pair in clause for side in pair))


def rename(text: str, named: Callable[[str], str]) -> str:
    """The text of a size or of a constraint with other names in it, by what each is called now.

    >>> rename("min(h, 2) % 4 == 0 and h >= 8", lambda name: f"a.{name}")
    'min(a.h, 2) % 4 == 0 and a.h >= 8'
    """
    return _TOKEN.sub(lambda found: named(found[0]) if found[2] and found[2] not in _WORDS else found[0], text)


def _clause(reader: _Reader) -> tuple[tuple[str, Tree, Tree], ...]:
    found = _compared(reader)
    while reader.take("and"):
        found += _compared(reader)
    return tuple(found)


def _compared(reader: _Reader) -> list[tuple[str, Tree, Tree]]:
    left = reader.sum(0)
    found: list[tuple[str, Tree, Tree]] = []
    while (sign := reader.take(*_COMPARISONS)) is not None:
        right = reader.sum(0)
        found.append((sign, left, right))
        left = right
    if not found:
        raise reader.error("a comparison")
    return found


class _Reader:
    """The words of a text, from the first on."""

    def __init__(self, text: str, wanted: str) -> None:
        self._text, self._wanted, self._at = text, wanted, 0
        if len(text) > MOST_CHARACTERS:
            raise ValueError(f"{text[:40]!r} and more: {len(text)} characters, expected at most {MOST_CHARACTERS}")
        self._words: list[str] = []
        at = 0
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            found = _TOKEN.match(text, at)
            if found is None or (found[1] and len(found[1]) > _MOST_DIGITS):
                raise ValueError(f"{text[:80]!r} is not {wanted}: found {text[at : at + 20]!r}")
            self._words.append(found[0])
            at = found.end()

    def error(self, expected: str) -> ValueError:
        found = repr(self._words[self._at]) if self._at < len(self._words) else "the end"
        return ValueError(f"{self._text[:80]!r} is not {self._wanted}: found {found}, expected {expected}")

    def take(self, *signs: str) -> str | None:
        """The next word, where it is one of these."""
        if self._at < len(self._words) and self._words[self._at] in signs:
            self._at += 1
            return self._words[self._at - 1]
        return None

    def end(self) -> None:
        """Raises ValueError where something is left."""
        if self._at < len(self._words):
            raise self.error("no more")

    def sum(self, depth: int) -> Tree:
        if depth > _MOST_DEPTH:
            raise ValueError(f"{self._text[:80]!r} is nested deeper than {_MOST_DEPTH} brackets")
        found: Tree = ("-", 0, self._product(depth)) if self.take("-") else self._product(depth)
        while (sign := self.take("+", "-")) is not None:
            found = (sign, found, self._product(depth))
        return found

    def _product(self, depth: int) -> Tree:
        found = self._power(depth)
        while (sign := self.take("*", "//", "%")) is not None:
            found = (sign, found, self._power(depth))
        return found

    def _power(self, depth: int) -> Tree:
        found = self._atom(depth)
        if self.take("**") is None:
            return found
        power = self._atom(depth)
        if not isinstance(power, int) or not 1 <= power <= _MOST_POWER:
            raise ValueError(f"{self._text[:80]!r} is not {self._wanted}: a power is a number from 1 to {_MOST_POWER}")
        return ("**", found, power)

    def _atom(self, depth: int) -> Tree:
        if self._at >= len(self._words):
            raise self.error("a size")
        word = self._words[self._at]
        self._at += 1
        if word.isdecimal():
            return int(word)
        if word in {"min", "max"} and self.take("("):
            one = self.sum(depth + 1)
            if self.take(",") is None:
                raise self.error("','")
            found: Tree = (word, one, self.sum(depth + 1))
        elif word == "(":
            found = self.sum(depth + 1)
        elif is_name(word):
            return word
        else:
            self._at -= 1
            raise self.error("a size")
        if self.take(")") is None:
            raise self.error("')'")
        return found
