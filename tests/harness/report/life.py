"""The life of a row as a picture: its parts, one after the other, and what each viewer gets to see in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Seen:
    """What a viewer is answered in a part of a row's life, and whether the row is seen or touched by that."""

    words: str
    is_there: bool


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks in every part of a row's life."""

    name: str
    seen: Sequence[Seen]

    @property
    def bars(self) -> list[tuple[int, int, Seen]]:
        """The answers, the same ones joined: at which part each begins, and over how many parts it lasts."""
        bars, begin = [], 0
        for each, group in groupby(self.seen):
            parts = len(list(group))
            bars.append((begin, parts, each))
            begin += parts
        return bars


@dataclass(frozen=True)
class Life:
    """The life of one row: a title, its parts with the moment that each begins at, and who sees it in each of them."""

    title: str
    parts: Sequence[str]
    begins: Sequence[str]
    viewers: Sequence[Viewer]
