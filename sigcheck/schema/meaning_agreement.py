"""Values that cannot be of a meaning: what a side that names none says of them is enough to tell."""

from __future__ import annotations

from sigcheck.schema.facts import Facts

# Meanings whose values lie between 0 and 1.
_OF_SHARES = frozenset({"mask", "probabilities"})
# What numbers of a narrow float miss 1 by.
_SLACK = 0.01


def beyond_meaning(provided: Facts, required: Facts) -> str | None:
    """What is known of values of no declared meaning that no value of the required one can be, in words; else None.

    Of a consumer that declares a range its range is compared.

    >>> from sigcheck.schema.facts import Padding
    >>> mask = Facts(meaning="mask")
    >>> beyond_meaning(Facts(id_count=30522), mask), beyond_meaning(Facts(padding=Padding(value=-1)), mask)
    ('ids up to 30521', 'rows filled with -1')
    >>> beyond_meaning(Facts(range=(0, 255)), Facts(meaning="probabilities")), beyond_meaning(Facts(range=(0, 1)), mask)
    ('values in [0, 255]', None)
    """
    if provided.meaning is not None or required.meaning not in _OF_SHARES or required.range is not None:
        return None
    # Stored and normalized numbers are others than those that are meant.
    if any(one.quantization is not None or one.normalization is not None for one in (provided, required)):
        return None
    if provided.id_count is not None and provided.id_count > len((0, 1)):
        return f"ids up to {provided.id_count - 1}"
    if provided.range is not None and not (provided.range[0] >= -_SLACK and provided.range[1] <= 1 + _SLACK):
        return f"values in [{provided.range[0]:g}, {provided.range[1]:g}]"
    value = None if provided.padding is None else provided.padding.value
    # Probabilities may be filled with what is none; what a mask is filled with is one of its two values.
    if required.meaning == "mask" and required.padding is None and value is not None and value not in {0, 1}:
        return f"rows filled with {value!r}" if isinstance(value, str) else f"rows filled with {value:g}"
    return None
