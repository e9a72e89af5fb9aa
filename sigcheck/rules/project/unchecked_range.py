"""Nobody compared the values of an output with those that the input is made for.

## What it does
Finds an input, and the output that feeds it, of which not both say their value range. Where whole
numbers are cast into a float input it is a warning, whatever else is right; elsewhere a note. Ids,
lengths and masks are no such numbers, nor are the numbers of a quantization and bytes into an input of [0, 255].

## Why is this bad?
A decoder gives bytes of 0 to 255, and the model was trained on 0 to 1: dtype and shape fit, nothing
fails, and every prediction is wrong. A check that could not look is not to pass for one that did.

## Example
    image: warning[unchecked_range]: whole numbers become float32, and the value range is not declared
      required  image: float32[?, 224, 224, 3]
      provided  pixels: uint8[?, 224, 224, 3]
      help      declare range of pixels at decoder and of image at classifier, in the config

## What to do
Declare it on both sides: `outputs.pixels = { range = [0, 255] }` and `inputs.image = { range = [0, 1] }`
at the models of the config; what differs is then converted. `unchecked_range = "error"` under `[rules]`
lets nothing pass that was not compared; where it is right as it is, an ignore says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.rules.views.unseen import Unseen, find_unseen, value_ends
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Signature
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "unchecked_range"
ORDER = 100
LEVEL: Level = "note"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each input whose range was not compared, and for each link that passes."""
    for link in project.links:
        for unseen in find_unseen(link):
            if unseen.fact == "range":
                yield Told(link.name, _finding(unseen, project.signatures))


def _finding(unseen: Unseen, signatures: Mapping[str, Signature]) -> Finding:
    binding = unseen.binding
    said = unseen.sentence
    is_cast = _casts_whole_numbers(binding)
    if is_cast:
        said = f"whole numbers become {binding.required_spec.dtype}, and {said}"
    return unseen.finding(NAME, "warning" if is_cast else LEVEL, said, signatures)


def _casts_whole_numbers(binding: Binding) -> bool:
    """Whether an output of whole numbers that may be measured ends in a float input."""
    required = binding.required_spec
    if required.dtype is None or DTYPES[required.dtype].kind != "float":
        return False
    return any(_is_measured(one.provided_spec, required) for one in value_ends(binding))


def _is_measured(provided: TensorSpec, required: TensorSpec) -> bool:
    if provided.dtype is None or DTYPES[provided.dtype].kind not in {"int", "uint"}:
        return False
    if provided.facts.quantization is not None:
        # They are made real numbers, by what is known of them.
        return False
    if {provided.facts.meaning, required.facts.meaning} & CATEGORICAL or provided.facts.id_count:
        return False
    # Whatever bytes hold lies within an input that is made for all of them.
    dtype = DTYPES[provided.dtype]
    return required.facts.range != (dtype.lowest, dtype.highest)
