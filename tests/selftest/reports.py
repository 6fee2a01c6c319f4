"""A run as values, for tests of the reports: one cause at a statement, one at none, and words that try to be markup."""

from dataclasses import replace

from tests.contract.calculator2_sessions.life import lives
from tests.harness.report.failures import BrokenClause, Place, failure
from tests.harness.report.run import ClauseResult, Lock, Mutants, Report, Run, State, Survivor

# What a migration may say: markup, quotes, ends of blocks, another direction, a bell, a command of a CI service.
HOSTILE = (
    "<script>alert('x')</script> \"><img src=x onerror=alert(1)> & ]]> -->\n```\n~~~\n| a | `b` |\n"
    "</details> [link](javascript:alert(1)) ![i](http://x.example/i) @everyone {{ 7 * 7 }}\n"
    "::error::no \u202eesrever\u202c \x07\x1b[31m"
)
# What of it must not reach a page: these characters change how others are shown.
CONTROLS = "\u202e\u202c\x07\x1b"
FILE = "migrations/014_create_calculator2_sessions.sql"
POLICY = Place(FILE, 53, "CREATE POLICY read_calculator2_sessions ON public.calculator2_sessions")
R3 = BrokenClause("calculator2_sessions R3", "Nothing but the exact token opens a row: no `prefix`.", (POLICY,))
A1 = BrokenClause("A1", "What each role can do is what `access.txt` says.")
P1 = BrokenClause("calculator2_sessions P1", "Look-up by token reads through its index.")
SENTENCE = 'anon could read no row of public.calculator2_sessions; now it reads all rows, by policy "read"'


def red(hostile: str = "nothing odd") -> Run:
    """Return a run that is red, with these words wherever a migration has its say."""
    said = f"E   AssertionError: {FILE}:53: {SENTENCE}"
    odd = Place(f"migrations/{hostile.splitlines()[0]}.sql", 2, hostile)
    at_a_statement = failure("tests/access/test_access.py::test_record[explicit]", said, [A1])
    by_rows = replace(
        failure("tests/contract/calculator2_sessions/test_exact_token.py::test_no_guess[anon]", f"E   {hostile}", [R3]),
        counterexample=f"SET LOCAL ROLE anon;\nSELECT '{hostile}' FROM public.calculator2_sessions;",
    )
    nowhere = failure("tests/contract/calculator2_sessions/test_query_plans.py::test_plan", f"E   {hostile}", [P1])
    at_an_odd_place = replace(nowhere, nodeid=f"test_x.py::test_y[{hostile}]", sentences=((odd, hostile),))
    return Run(
        verdict="calculator2_sessions R3, P1; A1 are broken.",
        status=1,
        failures=[by_rows, at_a_statement, nowhere, at_an_odd_place],
        clauses=[
            ClauseResult("calculator2_sessions", "R3", R3.words, State.BROKEN, 172, 171, 4000),
            ClauseResult("calculator2_sessions", "P1", P1.words, State.BROKEN, 2, 2),
            ClauseResult("calculator2_sessions", "S1", "It is a table.", State.HELD, 2),
            ClauseResult("calculator2_sessions", "D1", f"TO BE CONFIRMED: {hostile}", State.TO_BE_CONFIRMED, 1, 1),
            ClauseResult("", "A1", A1.words, State.BROKEN, 2, 1),
            ClauseResult("", "I9", "No silent success.", State.NOT_CHECKED),
        ],
        errors=[f"tests/x.py::y (setup): {hostile}"],
        notes=[f"an event trigger: not checked here. {hostile}"],
        access=["table public.calculator2_sessions", f"  anon  select  all rows ({hostile})"],
        access_changes=[f"anon could read no row of {hostile}; now it reads all rows"],
        locks=[
            Lock(FILE, 12, f"ALTER TABLE {hostile}", "first run", "public.t", "AccessExclusiveLock", "reads 9 rows")
        ],
        environment={"PostgreSQL": "18.6", "server": "embedded", "Python": "3.11.2", "migrations": hostile},
        lives=lives(),
        newest=FILE,
    )


def green(version: str, hostile: str = "nothing odd") -> Run:
    """Return a run that is green, on a version of PostgreSQL."""
    of_it = [replace(each, state=State.HELD, failed=0) for each in red(hostile).clauses]
    return replace(
        red(hostile),
        verdict="All held: 6 clauses, 179 tests, 4000 examples.",
        status=0,
        failures=[],
        clauses=of_it,
        errors=[],
        environment={**red(hostile).environment, "PostgreSQL": version},
    )


def mutants(hostile: str = "nothing odd") -> Mutants:
    """Return what became of mutants, one of which survived."""
    survivor = Survivor("a1b2", f"{FILE}:53", f"USING removed: {hostile}", f"-old\n+{hostile}", "tox -e mutants")
    return Mutants({"killed": 412, "survived": 1}, 412, 413, 300, 301, [survivor], ["R9: no mutant is killed by it"])


def several(hostile: str = "nothing odd") -> Report:
    """Return a report of several runs and of mutants."""
    return Report([green("13.23", hostile), red(hostile), green("17.10", hostile)], mutants(hostile))
