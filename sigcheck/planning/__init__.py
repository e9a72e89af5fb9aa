"""Planning: binds names, grows the graph of specs and transforms, finds the cheapest path."""

from __future__ import annotations

from sigcheck.planning.binding import bind
from sigcheck.planning.matching import Match
from sigcheck.planning.search import Outcome, search

__all__ = ["Match", "Outcome", "bind", "search"]
