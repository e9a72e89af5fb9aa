"""Observation: what data shows of its tensors, in one pass, in states that merge in any order to the same bytes."""
