"""Finds out whether PostgreSQL's parser can be run on a text, in a process that may crash.

The parser is C, and its tree is as deep as the text nests: a chain of 40,000 operators ends the process with a signal,
and comments within comments take a time that grows with the square of their depth. A long text is parsed here first, on
a smaller stack than any thread of the gate has; what passes is harmless everywhere.
"""

import resource
import signal
import subprocess
import sys
import threading

import pglast

# Below this length nothing nests so deep: a level takes two characters at least, and a stack holds 20,000 levels.
HARMLESS_CHARACTERS = 20_000
# A thread of Python has 8 MiB or more.
STACK_BYTES = 2 * 1024 * 1024


def parser_failure(text: str, seconds: int) -> str | None:
    """Say how the parser fails on this text; None if it ends within so many seconds, be it with a syntax error."""
    if len(text) <= HARMLESS_CHARACTERS:
        return None
    # Not subprocess.run(text=True): the text is handed over as it is, line ends included.
    command = [sys.executable, "-I", __file__, str(seconds)]
    ended = subprocess.run(command, input=text.encode(), check=False).returncode
    if ended == -signal.SIGXCPU:
        return f"PostgreSQL's parser had not read it after {seconds} s"
    return "PostgreSQL's parser runs out of stack on it" if ended else None


def _parse() -> None:
    try:
        text = sys.stdin.buffer.read().decode()
        # Statement by statement, so that a large file's trees are not all kept.
        for each in pglast.parser.split(text, only_slices=True):
            pglast.parse_sql(text[each])
    except pglast.parser.ParseError:
        # The server says why, when the file is applied.
        return


if __name__ == "__main__":
    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    threading.stack_size(STACK_BYTES)
    parsing = threading.Thread(target=_parse)
    parsing.start()
    parsing.join()
