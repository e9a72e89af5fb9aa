from __future__ import annotations

from random import Random

from sigcheck.transforms.parts.alignment import align, can_line_up, is_lined_up


def test_what_lines_up_can_line_up():
    """The quick answer never rules out what the layouts show, and is not always yes."""
    random, seen = Random(1), {True: 0, False: 0}
    for _ in range(2_000):
        shape, required = (
            tuple(random.choice((None, 1, 2, 3, 4, 6, 12, 0)) for _ in range(random.randint(0, 5))) for _ in range(2)
        )
        can = can_line_up(shape, required)
        is_shown = any(is_lined_up(layout, shape, required) for layout in align(shape, required))
        assert can or not is_shown, (shape, required)
        seen[can] += 1
    assert min(seen.values()) > 100
