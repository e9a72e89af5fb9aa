"""Progress bar: what is done, how much of it in a second, and how long the rest takes, in one line on stderr."""

from __future__ import annotations

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

_BYTES = "bytes"
_MINUTE, _HOUR = 60, 3600


class ProgressBar:
    """The line, from now until it is stopped; then it is gone."""

    def __init__(self, message: str, total: int, unit: str, done: int = 0) -> None:
        """Shown at once; `done` parts were done before, in a time that nobody measured."""
        text = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1))
        columns = (SpinnerColumn(), text, BarColumn(), _Counts(table_column=Column(no_wrap=True)))
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True, expand=True)
        self._task = self._progress.add_task(message, total=_known(total), completed=done, unit=unit)
        self._progress.start()

    def begin(self, message: str, total: int, unit: str) -> None:
        """Shows other work."""
        self._progress.reset(self._task, description=message, total=_known(total), unit=unit)

    def advance(self, count: int) -> None:
        """So many more parts are done."""
        self._progress.advance(self._task, count)

    def stop(self) -> None:
        """Takes the line away."""
        self._progress.stop()


class _Counts(ProgressColumn):
    """Such as `1,200/20,000 links, 830/s, 23 s left`."""

    # Rates of the first moments say nothing, and nobody reads numbers that change with each look.
    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """The counts; nothing of work in one part."""
        if task.total is None:
            return Text()
        unit = task.fields["unit"]
        is_bytes = unit == _BYTES
        done, total = (decimal(int(one)) if is_bytes else f"{one:,.0f}" for one in (task.completed, task.total))
        told = [f"{done}/{total}" if is_bytes or not unit else f"{done}/{total} {unit}"]
        if task.speed:
            told.append(f"{decimal(int(task.speed))}/s" if is_bytes else f"{task.speed:,.3g}/s")
        if task.time_remaining is not None and not task.finished:
            told.append(f"{_time(task.time_remaining)} left")
        return Text(", ".join(told))


def _known(total: int) -> int | None:
    """How many parts there are; None of work in one part, of which nobody knows how much is done: the bar wanders."""
    return total if total > 1 else None


def _time(seconds: float) -> str:
    """A time as people say it.

    >>> _time(7), _time(125), _time(7300)
    ('7 s', '2 min', '2 h 1 min')
    """
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds // _HOUR:.0f} h {seconds % _HOUR // _MINUTE:.0f} min"
