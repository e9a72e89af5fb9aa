"""Symbols: names of sizes, and expressions that are solved for what they name."""

from __future__ import annotations

from sigcheck.readers.live.parts.symbolic import Symbolic, Symbols


def tensor(name, *sizes):
    return Symbolic(name, "float32", sizes)


def test_an_axis_of_its_own_gives_a_symbol_its_size():
    symbols = Symbols([tensor("x", "b", 4), tensor("y", "b + 1", "2*b")], 1)
    assert symbols.endpoint(tensor("y", "b + 1", "2*b")).sizes == ("y_size_0", "y_size_1")
    assert symbols.constraints == ["b >= 1", "y_size_0 == b + 1", "y_size_1 == 2 * b"]
    assert not symbols.unread


def test_a_symbol_that_no_axis_has_alone_is_solved_for():
    symbols = Symbols([tensor("x", "3*b - 1"), tensor("y", "b"), tensor("z", "4*c + 2"), tensor("w", "4*c+2")], 1)
    assert symbols.constraints == ["b >= 1", "x_size_0 == 3 * b - 1", "(z_size_0 - 2) % 4 == 0", "z_size_0 >= 6"]
    assert symbols.endpoint(tensor("w", "4*c + 2")).sizes == ("z_size_0",)
    assert symbols.endpoint(tensor("out", "c", "c + b")).sizes == ("(z_size_0 - 2) // 4", "(z_size_0 - 2) // 4 + b")


def test_symbols_are_solved_whatever_stands_first():
    symbols = Symbols([tensor("x", "a*b"), tensor("y", "2*a"), tensor("z", "b")], 0)
    assert symbols.constraints == ["y_size_0 % 2 == 0", "x_size_0 == y_size_0 // 2 * b"]


def test_what_is_not_solved_is_told():
    symbols = Symbols([tensor("x", "a*b"), tensor("y", "a + b")], 0)
    assert symbols.unread == ("a * b", "a + b")
    assert Symbols([tensor("x", "7 - a")], 0).unread == ("7 - a",)
    assert Symbols([tensor("x", "sqrt(n)", 3, "4", True, "n")], 0).unread == ("sqrt(n)",)


def test_names_of_inputs_that_are_no_names_of_sizes():
    assert Symbols([tensor("a/b:0", "2*n"), tensor("0", "3*m")], 0).constraints == [
        "a_b_0_size_0 % 2 == 0",
        "size_0_size_0 % 3 == 0",
    ]


def test_names_of_axes_are_those_of_no_other_axis_or_symbol():
    symbols = Symbols([tensor("a.b", "2*p"), tensor("a_b", "3*q"), tensor("c", "2*r"), tensor("d", "c_size_0")], 0)
    assert symbols.constraints == ["a_b_size_0 % 2 == 0", "a_b_size_0_2 % 3 == 0", "c_size_0_2 % 2 == 0"]
    assert Symbols([tensor("c", "2*r"), tensor("d", "3*c_size_0")], 0).constraints == [
        "c_size_0_2 % 2 == 0",
        "d_size_0 % 3 == 0",
    ]


def test_numbers_and_what_cannot_be_said():
    (end,) = [Symbols([], 0).endpoint(tensor("x", 3, "4", "n", "sqrt(n)", True))]
    assert end.sizes == (3, 4, "n", None, None)
    assert end.spec.shape == (3, 4, None, None, None)
