from __future__ import annotations

import pytest

from sigcheck.reports.formats.text import render_check
from sigcheck.reports.models.text import render_models
from sigcheck.reports.parts.page import Page, columns
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature

WHOLE = """\
models/encoder#serving_default -> classifier.keras#default
adapts: an adapter makes it fit

  output                       input                       verdict
  pixels: float32[?, 8, 8, 3]  image: float16[?, 3, 8, 8]  adapts

image: warning[layout_mismatch]: required axes in another order
  required  image: float16[?, 3, 8, 8]
  provided  pixels: float32[?, 8, 8, 3]
  help      the adapter does it
  more      sigcheck explain layout_mismatch

mask: note[unused_output]: no input takes it
  help      nothing
  more      sigcheck explain unused_output

plan of image from pixels
      step                          result               loss
  1.  transpose(perm=[0, 3, 1, 2])  float32[?, 3, 8, 8]  exact
  2.  cast(dtype=float16)           float16[?, 3, 8, 8]  rounding
  step 1 assumes axis 3 moves to 1

not checked
  - value range of image: not declared
  declare what is known, as with --fact producer.NAME.range=LOW,HIGH, or have
    data show it: sigcheck observe DATA -o facts.toml

verified: executed, 24 cases
found: 1 warning, 1 note"""

TIED = """\
candidates for image from pixels
  (1)                           (2)
  transpose(perm=[0, 3, 1, 2])  ensure_shape(shape=[?, 3, 8, 8])
  -> float32[?, 3, 8, 8]        -> float32[?, 3, 8, 8]
  assumes axis 3 moves to 1     asserts at run time: axis 1 has size 3
  loss: exact                   loss: exact"""


LISTED = """\
models/encoder (saved_model, 2 signatures)

serving_default (tags gpu, serve)
          name      spec                 facts
  input   image     float32[?, 8, 8, 3]  axes ["batch", "height", "?", "channel"], range [0, 255] (declared),
                                         normalization mean [127.5] std [127.5]
  input?  mask      int32[?, 8]
  output  output_0  float32[?, 10]

empty
  neither inputs nor outputs

notes
  - layer dense: its shape is not recorded"""


def test_the_whole_report_reads_like_this(result):
    assert render_check(result) == WHOLE


def test_tied_plans_stand_side_by_side(undecided):
    assert TIED in render_check(undecided)
    assert "undecided: several plans tie, and nothing declared decides" in render_check(undecided)


def test_a_lone_candidate_stands_as_a_plan(undecided):
    binding = undecided.bindings[0]
    lone = binding.model_copy(update={"candidates": binding.candidates[:1]})
    text = render_check(undecided.model_copy(update={"bindings": (lone,)}))
    assert "candidate for image from pixels\n      step " in text
    assert (
        "\n  1.  transpose(perm=[0, 3, 1, 2])  float32[?, 3, 8, 8]  exact\n  step 1 assumes axis 3 moves to 1\n" in text
    )
    assert "(1)" not in text


def test_many_tied_plans_stand_one_below_the_other(undecided):
    binding = undecided.bindings[0]
    many = binding.model_copy(update={"candidates": binding.candidates * 3})
    text = render_check(undecided.model_copy(update={"bindings": (many,)}))
    assert "  (1) transpose(perm=[0, 3, 1, 2])\n  (2) ensure_shape(shape=[?, 3, 8, 8])\n" in text
    assert "  (6) ensure_shape" in text


def test_what_is_blocked_shows_how_near_it_came(blocked):
    text = render_check(blocked)
    assert "blocked: no adapter within the policy" in text
    assert "nearest for image from pixels, not allowed or not enough" in text
    assert "  1.  truncate(size=100)  int32[?, 100]  truncating" in text
    assert text.endswith("found: 1 error")


def test_verbose_adds_costs_alternatives_and_the_adapter(result):
    text = render_check(result, Page(is_verbose=True))
    assert "  cost: 1 rounding, 1 assumptions, 49152 bytes moved, 2 steps" in text
    assert "alternatives for image from pixels\n  cast(dtype=float16), transpose(perm=[0, 3, 1, 2]) (rounding)" in text
    assert text.endswith('adapter\n  """Adapter."""\n\n  import tensorflow as tf')


def test_quiet_leaves_errors_only(result, blocked):
    assert render_check(result, Page(is_quiet=True)) == ""
    assert render_check(blocked, Page(is_quiet=True)) == (
        "image: error[truncated_rows]: what is beyond is lost\n"
        "  help      allow it\n"
        "  more      sigcheck explain truncated_rows"
    )


def test_failures_and_reasons_of_the_proof_are_told(result):
    from sigcheck.schema.report import Failure, Verification

    failed = Verification(level="traced", cases=1, failures=(Failure(binding="image", case="batch 0", message="no"),))
    assert "verified: traced, 1 case, 1 failed" in render_check(result.model_copy(update={"verification": failed}))
    typed = Verification(level="typed", reason="as asked")
    assert "verified: typed (as asked)" in render_check(result.model_copy(update={"verification": typed}))


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("kind", ["result", "undecided", "blocked", "hostile"])
def test_no_line_is_wider_than_the_page(kind, width, request):
    text = render_check(request.getfixturevalue(kind), Page(width=width, is_verbose=True))
    assert max(map(columns, text.splitlines())) <= width


def test_colours_are_all_that_differs_on_a_terminal(result):
    import re

    plain, coloured = render_check(result), render_check(result, Page(has_colour=True))
    assert "\x1b[" not in plain
    assert "\x1b[33;1mwarning[layout_mismatch]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


@pytest.mark.parametrize("name", ["::stop-commands::x", "##[error]x", "a ##vso[task.complete]", "a ::error::x"])
@pytest.mark.parametrize("width", [40, 80])
def test_no_name_begins_a_command_of_a_build(named, name, width):
    """GitHub obeys `::command::` at the beginning of a line, and older words anywhere."""
    end = Endpoint(name=name, spec=parse_spec("float32[?]"))
    model = Model(source=name, reader="test", signatures=(Signature(key=name, inputs=(end,)),))
    for text in (render_check(named(name), Page(width)), render_models([model], Page(width))):
        assert name.split()[-1][2:] in text
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
        assert "##[" not in text
        assert "##vso[" not in text


def test_untrusted_names_command_nothing(hostile):
    text = render_check(hostile, Page(is_verbose=True))
    assert all(line.isprintable() for line in text.splitlines())
    assert "\nerror: all is well" not in text
    assert r"x\x1b[2J\nerror: all is well \u202e[red]" in text


def test_signatures_are_tables(model):
    text = render_models([model], Page(width=110))
    assert text == LISTED
