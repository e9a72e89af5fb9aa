"""Expression text: an expression as people write it, from which it is parsed again."""

from __future__ import annotations

from typing import Protocol, TypeAlias, cast


class Atom(Protocol):
    """What is multiplied: a variable, or an operation of this kind."""

    @property
    def kind(self) -> str:
        """`floordiv` of a division."""


# Factors with their powers.
Product: TypeAlias = tuple[tuple[Atom, int], ...]


class Sum(Protocol):
    """An expression as far as its text depends on it."""

    @property
    def terms(self) -> tuple[tuple[Product, int], ...]:
        """Products, each with its coefficient."""

    @property
    def number(self) -> int | None:
        """The number that it is; None where it depends on a variable."""

    def branches(self) -> tuple[Sum, Sum, bool] | None:
        """Two of which it is the greater, or the less where the last is False."""


class Division(Atom, Protocol):
    """A division rounded down."""

    @property
    def left(self) -> Sum:
        """What is divided."""

    @property
    def right(self) -> Sum:
        """What it is divided by."""


def expression_text(expression: Sum) -> str:
    """The text of a sum of products; of what a division leaves `x % k`, of a choice `max(a, b)` or `min(a, b)`."""
    return _remainder(expression) or _choice(expression) or _sum(expression.terms)


def operation_text(kind: str, left: Sum, right: Sum) -> str:
    """The text of an operation, without brackets around it."""
    if kind == "floordiv":
        return f"{_bracketed(left)} // {_bracketed(right)}"
    return f"{kind}({left}, {right})"


def _choice(expression: Sum) -> str | None:
    """The greater or the less of two, where that is no longer than the sum."""
    try:
        found = expression.branches()
    except ValueError:
        # It grew too large.
        return None
    if found is None or not found[0].terms:
        return None
    one, other, is_greater = found
    told = sorted((str(one), str(other)), key=lambda text: (len(text), text))
    is_short = sum(map(len, told)) + len("max(, )") <= len(_sum(expression.terms))
    return f"{'max' if is_greater else 'min'}({told[0]}, {told[1]})" if is_short else None


def _sum(terms: tuple[tuple[Product, int], ...]) -> str:
    if not terms:
        return "0"
    # A sum that begins with what is taken away reads badly.
    ordered = sorted(terms, key=lambda term: term[1] < 0) if terms[0][1] < 0 else list(terms)
    text = ""
    for product, number in ordered:
        # A sign in front would be that of what is divided.
        told = _term(product, abs(number), is_first=not text and number < 0)
        sign = ("-" if number < 0 else "") if not text else (" - " if number < 0 else " + ")
        text += f"{sign}{told}"
    return text


def _term(product: Product, number: int, *, is_first: bool) -> str:
    is_alone = number == 1 and len(product) == 1 and not is_first
    factors = [_factor(atom, power, is_alone=is_alone) for atom, power in product]
    if number != 1 or not factors:
        factors.insert(0, str(number))
    return "*".join(factors)


def _factor(atom: Atom, power: int, *, is_alone: bool) -> str:
    text = str(atom) if _division(atom) is None or (is_alone and power == 1) else f"({atom})"
    return text if power == 1 else f"{text}**{power}"


def _bracketed(expression: Sum) -> str:
    text = str(expression)
    is_plain = len(expression.terms) == 1 and expression.terms[0][1] == 1 and len(expression.terms[0][0]) == 1
    is_plain |= _remainder(expression) is None and _choice(expression) is not None
    return text if is_plain or expression.number is not None else f"({text})"


def _remainder(expression: Sum) -> str | None:
    """The expression as `x % k`, where it is what a division leaves."""
    for product, number in expression.terms:
        if len(product) != 1 or product[0][1] != 1:
            continue
        division = _division(product[0][0])
        if division is None or division.right.number != -number:
            continue
        if division.left.terms == tuple(term for term in expression.terms if term[0] != product):
            return f"{_bracketed(division.left)} % {-number}"
    return None


def _division(atom: Atom) -> Division | None:
    return cast("Division", atom) if atom.kind == "floordiv" else None
