"""Something is known now that links were not compared by.

## What it does
Finds a fact that the new version of an input or output has and the old one had not.

## Why is this bad?
It is not, if it was true before: whoever agrees with it is compared now. A link that passed because
nobody compared it may need a conversion, or be refused. In a project `sigcheck diff` says which.

## Example
    image: warning[fact_added]: range is [0, 1], and was not known
      help      see that those who are linked with it agree, then agree with `sigcheck lock`

## What to do
Look at the links of the model. Agree to it with `sigcheck lock`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.fact_course import facts_that
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level

NAME = "fact_added"
ORDER = 110
LEVEL: Level = "warning"

_HELP = "see that those who are linked with it agree, then agree with `sigcheck lock`"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each fact of each input and output that was not known."""
    for pair, said in facts_that("added", upgrade):
        yield pair.finding(NAME, LEVEL, said, _HELP)
