"""Box size: what to do where only the size of an image is missing that pixels of boxes are counted on."""

from __future__ import annotations

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import bind_option
from sigcheck.schema.facts import Boxes

_SIZE = "declare the size of the image that the pixels are counted on, size = [HEIGHT, WIDTH]"


def size_cure(match: MatchView, output: str, name: str, boxes: tuple[Boxes, Boxes]) -> str:
    """The junction that reads the size in the run where the image is in scope, else the declaration that is wanted.

    `boxes` are what both sides declare.
    """
    image = _image(match, boxes)
    if image is None or boxes[0].unit == boxes[1].unit:
        return _SIZE
    option = bind_option(f"scale_boxes({output}, {image})", name)
    return f"read the size of {image} in the run, with {option}; or {_SIZE}"


def _image(match: MatchView, boxes: tuple[Boxes, Boxes]) -> str | None:
    """What links call the image that one of the sides names; an input of the consumer is what feeds it."""
    ours, theirs = boxes
    if theirs.unit == "pixels" and theirs.size is None and theirs.image is not None:
        fed = (one for one in match.bindings if one.required == theirs.image and one.junction is None)
        return next((one.provided for one in fed), None)
    known = [one.name for one in match.outputs] + [one.name for one in match.passed]
    wanted = (ours.image, f"input.{ours.image}") if ours.image is not None else ()
    return next((one for one in wanted if one in known), None)
