"""Every regular expression of the package is linear in the text, in time and in memory.

Patterns are found in the source, so that a new one is tried on arrival. Each is tried on texts that
repeat what it is made of, behind each of the beginnings that it matches, with an end that it does not
match: so are made the texts that take a pattern exponential, cubic or quadratic time.
"""

from __future__ import annotations

import ast
import random
import re
import time
import tracemalloc
from collections.abc import Iterator
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import sigcheck

try:
    from re import _constants as sre  # type: ignore[attr-defined]  # typeshed has no private modules
    from re import _parser as sre_parser  # type: ignore[attr-defined]  # typeshed has no private modules
except ImportError:
    # Python 3.10
    import sre_constants as sre  # type: ignore[no-redef]  # one module under its old name
    import sre_parse as sre_parser  # type: ignore[no-redef]  # one module under its old name

ROOT = Path(sigcheck.__file__).parent
FUNCTIONS = {"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
# Characters of a text, and the seconds that it may take: a linear pattern takes a fiftieth of them for the longest.
# In small steps at first, so that an exponential one is found before it takes for ever.
LENGTHS = (*range(12, 64, 4), 80, 100, 150, 5_000)
MOST_SECONDS = 0.006
# A class of characters is passed a nanosecond each: that takes longer texts, of longer words.
LONGEST, LONGEST_SECONDS = 40_000, 0.03
BYTES_PER_CHARACTER = 100
# In place of what an f-string puts in when it is run: a name, in quotes.
A_NAME = "'name"


class Use(NamedTuple):
    """A pattern, how it is used, and where it stands."""

    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def uses() -> Iterator[Use]:
    for path, source in sources():
        tree = ast.parse(source)
        module = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
        called: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in FUNCTIONS:
                called.setdefault(node.value.id, set()).add(node.attr)
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
                continue
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            if node.func.attr in FUNCTIONS:
                for argument in either(node.args[0]):
                    yield Use(place, written(module, node, argument), frozenset({node.func.attr}))
            elif node.func.attr == "compile":
                name = assigned(tree, node)
                assert name is not None, f"{place}: name the pattern at the top of the module, where it is found"
                yield Use(place, getattr(import_module(module), name), frozenset(called.get(name, FUNCTIONS)))


def sources() -> Iterator[tuple[Path, str]]:
    """The files that can use patterns: to parse every one takes seconds in each process of the tests."""
    for path in sorted(ROOT.rglob("*.py")):
        if re.search(r"^ *import re\b", source := path.read_text("utf-8"), re.MULTILINE):
            yield path, source


def assigned(tree: ast.Module, call: ast.Call) -> str | None:
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and statement.value is call and isinstance(statement.targets[0], ast.Name):
            return statement.targets[0].id
    return None


def either(argument: ast.expr) -> Iterator[ast.expr]:
    """The patterns of `one if condition else other`, else the pattern itself."""
    yield from (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)


def written(module: str, call: ast.Call, argument: ast.expr) -> re.Pattern[Any]:
    """The pattern of a call such as `re.sub(PATTERN, ...)`."""
    flags = re.DOTALL if any(isinstance(one, ast.Attribute) and one.attr == "DOTALL" for one in ast.walk(call)) else 0
    if isinstance(argument, ast.JoinedStr | ast.BinOp):
        return re.compile("".join(parts_of(argument)), flags)
    value = ast.literal_eval(argument) if isinstance(argument, ast.Constant) else None
    if isinstance(argument, ast.Name):
        value = getattr(import_module(module), argument.id)
    assert isinstance(value, str | bytes), f"{module}: a pattern that is not written out"
    return re.compile(value, flags)


def parts_of(argument: ast.expr) -> Iterator[str]:
    """The parts of a pattern that is put together when it is run."""
    if isinstance(argument, ast.JoinedStr):
        yield from (part.value if isinstance(part, ast.Constant) else A_NAME for part in argument.values)
    elif isinstance(argument, ast.BinOp):
        yield from parts_of(argument.left)
        yield from parts_of(argument.right)
    else:
        yield argument.value if isinstance(argument, ast.Constant) else A_NAME


CATEGORIES = {"d": "1", "s": " ", "w": "a"}


def leaves(parsed: Any) -> Iterator[tuple[Any, Any]]:
    """The parts of a parsed pattern that stand for one character each."""
    for op, value in parsed:
        if op in {sre.MAX_REPEAT, sre.MIN_REPEAT}:
            yield from leaves(value[2])
        elif op is sre.BRANCH:
            for branch in value[1]:
                yield from leaves(branch)
        elif op is sre.SUBPATTERN:
            yield from leaves(value[3])
        elif op in {sre.ASSERT, sre.ASSERT_NOT}:
            yield from leaves(value[1])
        elif op is sre.IN:
            yield from leaves(value)
        else:
            yield op, value


def character(op: Any, value: Any) -> str:
    """A character that a part stands for; none where it stands for a place."""
    if op in {sre.LITERAL, sre.RANGE}:
        return chr(value if op is sre.LITERAL else value[0])
    if op is sre.CATEGORY:
        return CATEGORIES[str(value).lower().rsplit("_", 1)[1][0]]
    return "z" if op in {sre.NOT_LITERAL, sre.ANY, sre.NEGATE} else ""


def alphabet(pattern: re.Pattern[Any]) -> list[str]:
    """A character of each kind that the pattern tells apart."""
    parsed = sre_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found = {chr(value) if op is sre.NOT_LITERAL else character(op, value) for op, value in leaves(parsed)} - {""}
    letters = sorted(one for one in found if one.isalpha())
    others = sorted(found - set(letters))
    return [*others[:14], *letters[:3], *({" ", "1"} - found)]


def sample(parsed: Any, generator: random.Random) -> str:
    """A text that the parsed pattern matches, or nearly."""
    text = ""
    for op, value in parsed:
        if op in {sre.MAX_REPEAT, sre.MIN_REPEAT}:
            least, most, body = value
            for _ in range(max(least, min(most, generator.randint(0, 2)))):
                text += sample(body, generator)
        elif op is sre.BRANCH:
            text += sample(generator.choice(value[1]), generator)
        elif op is sre.SUBPATTERN:
            text += sample(value[3], generator)
        elif op is sre.IN:
            # Of a class that leaves some out none of these.
            text += "z" if value[0][0] is sre.NEGATE else character(*generator.choice(value))
        else:
            text += character(op, value)
    return text


def texts(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Yields a beginning, what is repeated behind it, and an end."""
    generator = random.Random(str(pattern.pattern))
    parsed = sre_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    characters = alphabet(pattern)
    whole = [sample(parsed, generator) for _ in range(12)]
    cut = [one[: generator.randint(0, len(one))] for one in whole]
    words = [*characters, *map("".join, product(characters[:9], repeat=2)), *filter(None, [*whole, *cut])]
    beginnings = list(dict.fromkeys(["", *whole[:3], *cut]))[:9]
    for beginning, word in product(beginnings, dict.fromkeys(words)):
        for end in ("", "\0", *characters[:4]):
            yield beginning, word, end


def run(use: Use, method: str, text: str) -> float:
    given: Any = text.encode("utf-8", "replace") if isinstance(use.pattern.pattern, bytes) else text
    call = getattr(use.pattern, method)
    begin = time.thread_time()
    if method in {"sub", "subn"}:
        call(given[:0], given)
    elif method == "finditer":
        for _ in call(given):
            pass
    else:
        call(given)
    return time.thread_time() - begin


def is_slow(use: Use, method: str, text: str, most: float) -> bool:
    # What takes long once may have been interrupted.
    return all(run(use, method, text) > most for _ in range(4))


def slow_text(use: Use) -> tuple[str, str, str] | None:
    """A text for which the pattern takes more than linear time."""
    for method in sorted(use.methods):
        for beginning, word, end in texts(use.pattern):
            is_longest = len(word) > 2 and not end
            for length in (*LENGTHS, LONGEST) if is_longest else LENGTHS:
                most = LONGEST_SECONDS if length == LONGEST else MOST_SECONDS
                text = beginning + word * (length // len(word) + 1) + end
                if run(use, method, text) > most and is_slow(use, method, text, most):
                    return method, text[:60], f"{length} characters"
    return None


USES = list(uses())


@pytest.mark.parametrize("use", USES, ids=[use.place for use in USES])
def test_a_pattern_takes_linear_time(use: Use) -> None:
    assert slow_text(use) is None


@pytest.mark.parametrize("use", USES, ids=[use.place for use in USES])
def test_a_pattern_takes_linear_memory(use: Use) -> None:
    generator = random.Random(use.place)
    every = list(texts(use.pattern))
    tracemalloc.start()
    try:
        for beginning, word, end in generator.sample(every, min(len(every), 60)):
            text = beginning + word * (20_000 // len(word)) + end
            for method in use.methods - {"split", "findall", "sub", "subn"}:
                tracemalloc.reset_peak()
                before = tracemalloc.get_traced_memory()[0]
                run(use, method, text)
                assert tracemalloc.get_traced_memory()[1] - before < BYTES_PER_CHARACTER * len(text) + 2**16, text[:60]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:\s+|#[^\n]*)*\$",
        r"x(?:[_:]?\d+)*",
        r"\s*(?:([^,()=]+)(?:=\s*([0-9]{1,3})\s*)?)\s*(,|$)",
        r"\d+\.?\d*e",
        r"\{\{function [^}]*\}\} ?",
        r"(a|a)*b",
    ],
)
def test_patterns_that_are_not_linear_are_found(pattern: str) -> None:
    use = Use("here", re.compile(pattern), frozenset({"fullmatch", "sub"}))
    assert slow_text(use) is not None


def test_patterns_are_found_in_all_of_the_package() -> None:
    assert len(USES) > 50
    assert any(use.place.startswith("encodings/text_format") for use in USES)
