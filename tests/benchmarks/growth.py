"""What the gate costs as a project grows: files, tables, rows, examples and workers; drawn, and where it bends."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pygal

from tests.benchmarks.examples import by_gate, kinds
from tests.benchmarks.measuring import Effort, Table, alternately, run_gate
from tests.benchmarks.server import copies, throwaway
from tests.harness.core.paths import MIGRATIONS
from tests.harness.core.roles import AUTHENTICATOR
from tests.harness.migrations.folder import MigrationsFolder

HEAD = ["", "how many", "seconds", "bends"]
# It bends where one more costs so many times what one more did before; less than this many seconds are noise.
BEND, NOISE = 1.5, 0.5
CREATE = """CREATE TABLE IF NOT EXISTS public.{name} (id bigint PRIMARY KEY, words text);
ALTER TABLE public.{name} ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.{name} FROM public, anon, authenticated, service_role;
"""
ROOMS = ("tests/upgrade", "tests/access")


@dataclass(frozen=True)
class Project:
    """A generated project: files that are applied already, tables of the first, rows in one of them; and a new file."""

    files: int = 1
    tables: int = 1
    rows: int = 1

    def write(self, folder: Path) -> None:
        """Write its folder of migrations."""
        made = "".join(CREATE.format(name=name) for name in ["growth", *(f"t{n}" for n in range(1, self.tables))])
        self._file(folder / "0001_first.sql", made)
        for number in range(2, self.files + 1):
            self._file(folder / f"{number:04}_more.sql", f"COMMENT ON TABLE public.growth IS '{number}';\n")
        digests = [
            f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(folder.iterdir())
        ]
        (folder / "applied.sha256").write_text("".join(digests), encoding="ascii")
        self._file(folder / "9999_new.sql", "ALTER TABLE public.growth ADD COLUMN IF NOT EXISTS more text;\n")
        (folder / "rows").mkdir()
        rows = f"INSERT INTO public.growth SELECT n, 'some words' FROM generate_series(1, {self.rows}) AS n;\n"
        (folder / "rows" / "public.growth.sql").write_text(rows, encoding="ascii")

    @staticmethod
    def _file(path: Path, text: str) -> None:
        path.write_text(f"BEGIN;\nSET LOCAL lock_timeout = '2s';\n{text}COMMIT;\n", encoding="ascii")

    def seconds(self) -> float:
        """Gate it, by all rules for files and objects."""
        with TemporaryDirectory() as name:
            self.write(Path(name))
            return run_gate("-n", "0", f"--migrations={name}", *ROOMS)[0].seconds


@dataclass(frozen=True)
class Series:
    """How many of something, and the seconds of so many."""

    name: str
    numbers: Sequence[int]
    seconds: Callable[[int], float]


def _examples(number: int) -> float:
    """Try so many examples of the first kind, as the gate does."""
    files = MigrationsFolder(MIGRATIONS).read()
    with (
        throwaway() as server,
        copies(server, files) as copy,
        closing(copy().connect(AUTHENTICATOR)) as connection,
    ):
        return alternately(1, lambda: by_gate(kinds()[0], connection, number))[0]


EVERY = (
    Series("migrations", (1, 10, 100, 1000), lambda number: Project(files=number).seconds()),
    Series("tables", (1, 10, 100), lambda number: Project(tables=number).seconds()),
    Series("rows", (100, 1000, 10_000, 100_000, 1_000_000), lambda number: Project(rows=number).seconds()),
    Series("examples", (10, 100, 1000), _examples),
    Series("workers", (1, 2, 4), lambda number: run_gate("-n", str(number))[0].seconds),
)


def run(effort: Effort) -> Table:
    """Measure each series, each point once; where only to see that it runs, one of them, and the first two points."""
    chosen = [Series("rows", (100, 1000), EVERY[2].seconds)] if effort.is_quick else EVERY
    rows, pictures = [], {}
    for each in chosen:
        points = [(number, each.seconds(number)) for number in each.numbers]
        seconds = ", ".join(f"{taken:.1f}" for _, taken in points)
        rows.append([each.name, ", ".join(f"{number:,}" for number in each.numbers), seconds, bend(points)])
        pictures[f"{each.name}.svg"] = _drawn(each.name, points)
    return Table(HEAD, rows, pictures=pictures)


def bend(points: Sequence[tuple[int, float]]) -> str:
    """Say from where on one more costs clearly more than before."""
    least = 0.0
    for (number, before), (more, after) in pairwise(points):
        one_more = (after - before) / (more - number)
        if least and after - before > NOISE and one_more > BEND * least:
            return f"from {number:,} on, one more costs {1000 * one_more:.3g} ms in the place of {1000 * least:.3g} ms"
        if after - before > NOISE:
            least = one_more
    return "no"


def _drawn(name: str, points: Sequence[tuple[int, float]]) -> bytes:
    """Draw seconds over numbers, both by powers of ten: what grows in proportion rises by one for one."""
    chart = pygal.Line(
        title=f"{name}: seconds",
        logarithmic=True,
        show_legend=False,
        x_labels=[f"{number:,}" for number, _ in points],
        width=640,
        height=320,
        js=(),
        no_prefix=True,
    )
    chart.add(name, [round(seconds, 2) for _, seconds in points])
    drawn: bytes = chart.render()
    return drawn
