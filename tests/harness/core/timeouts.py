"""Every bound on time: one table, in seconds.

Where several bound the same thing, they end it in this order:

1. A wait for another session of the same test, after `session`: the test itself says so.
2. A migration file, after `statement`: the process that sent it ends its session, and names the statement.
3. A statement of a test, after `statement` and a second at most: the watchdog ends its session from outside.
4. A test, or an example of a property, after `test`: the process that runs it stops it, and says where it was.
5. A whole run, after `server_life`: the guardian ends the server.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timeouts:
    """The bounds; those of a run come from pytest's settings where there is one."""

    # PostgreSQL's parser reads a file: time of the processor, so that a busy machine says the same.
    parser: int = 5
    # A program of PostgreSQL says its version.
    program: float = 30.0
    # initdb is done; then, counted anew, postgres is ready.
    server_start: float = 60.0
    server_life: float = 3600.0
    # postgres ends when it is told to; then it is killed.
    server_stop: float = 10.0
    # A process waits for the guardian to say why the server is gone: more than server_stop, which comes before.
    exit_reason: float = 15.0
    # The guardian goes on answering why the server is gone.
    exit_reason_kept: float = 60.0
    # A migration file has run to its end; and so has a statement of a test. A file takes some hundredths of a second.
    statement: float = 60.0
    # The same, once a statement of the run had to be ended: what else hangs need not be waited for as long.
    statement_after_the_first: float = 3.0
    # A session that was terminated sends its error.
    termination: float = 5.0
    # What waits for a lock or for another session has ended: far beyond any lock_timeout that lets an application live.
    session: float = 15.0
    # A phase of a test, or an example of a property, has ended.
    test: float = 300.0
    # The same, once a test was stopped and goes on.
    test_after_the_first: float = 5.0
    # The look at what the server does while a test hangs, and each of its queries.
    hang_report: int = 5
    # A live database: the connection, each query, each lock, and the transaction without a query.
    live_connection: int = 15
    live_statement: int = 15
    live_lock: int = 2
    live_idle: int = 60


TIMEOUTS = Timeouts()
