from __future__ import annotations

import doctest

import pytest

from sigcheck.adapters import numpy_calls
from sigcheck.adapters.numpy_calls import UntranslatableError, translate
from sigcheck.transforms.parts.transform import Code


def test_the_examples_hold():
    found = doctest.testmod(numpy_calls)
    assert found.attempted
    assert not found.failed


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("x[:, 2:5]", "x[:, 2:5]"),
        ("tf.reverse(x, axis=[1])", "np.flip(x, tuple([1]))"),
        ('tf.cast(x, "float16")', "x.astype(np.float16)"),
        ("tf.cast(-x, tf.bool)", "(-x).astype(np.bool_)"),
        ("tf.constant('a', tf.string)", "np.array(b'a', np.object_)"),
    ],
)
def test_an_expression_is_said_in_numpy(expression, said):
    assert translate(Code(expression)).expression == said


def test_an_assertion_becomes_a_statement_that_raises():
    code = translate(Code("x", ('tf.debugging.assert_less(x, tf.constant(3, tf.int32), message="too large")',)))
    assert code.lines == ("if not np.all(x < np.array(3, np.int32)):", "    raise ValueError('too large')")


@pytest.mark.parametrize(
    "code",
    [
        Code("tf.strings.length(x)"),
        Code("tf.cast(x, tf.bfloat16)"),
        Code("tf.expand_dims(x, axis=1, name='a')"),
        Code("x", ("tf.print(x)",)),
        Code("x", ("del x",)),
    ],
)
def test_what_is_in_no_table_is_not_guessed(code):
    with pytest.raises(UntranslatableError, match="NumPy has"):
        translate(code)
