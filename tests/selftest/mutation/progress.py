"""How far a run over mutants is: a bar on a terminal, a line now and then elsewhere; counts, and the time left."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

# Where there is no terminal.
MOST_LINES = 10


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """Yield what is to be told, of each, what became of it."""
    counts: Counter[str] = Counter()
    tell = _bar if sys.stdout.isatty() else _lines
    with tell(what, total) as show:

        def took(word: str) -> None:
            counts[word] += 1
            show(counts)

        yield took


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[Counter[str]], None]]:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[counts]}")
    # Without a thread of its own: processes are forked meanwhile. What is printed appears above it.
    with Progress(*columns, TimeRemainingColumn(), auto_refresh=False, transient=True) as bar:
        task = bar.add_task(what, total=total, counts="")
        bar.refresh()
        yield lambda counts: bar.update(task, completed=counts.total(), counts=_words(counts), refresh=True)


@contextmanager
def _lines(what: str, total: int) -> Iterator[Callable[[Counter[str]], None]]:
    began = time.monotonic()

    def show(counts: Counter[str]) -> None:
        done = counts.total()
        if done < total and done * MOST_LINES // total > (done - 1) * MOST_LINES // total:
            left = (time.monotonic() - began) * (total - done) / done
            print(f"{what}: {done} of {total} ({_words(counts)}), {left:.0f} s left", flush=True)

    yield show


def _words(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.most_common())
