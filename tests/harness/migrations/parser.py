"""Find out whether PostgreSQL's grammar can be run on a text, in a process that may die of it.

The grammar is C, and what it makes is as deep as the text nests: a chain of 40,000 operators ends the process with a
signal, and comments within comments take it a time that grows with the square of their depth. A text is tried here
first, on a smaller stack than any thread of the gate has; what passes is harmless everywhere.
"""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import threading

import pglast

# Below this length nothing nests so deep: a level takes two characters at least, and a stack holds 20,000 levels.
HARMLESS_CHARACTERS = 20_000
# A thread of Python has 8 MiB or more on Linux and macOS.
STACK_BYTES = 2 * 1024 * 1024
# Of the processor's time, so that a busy machine says the same: a file that is good needs a tenth of it.
SECONDS = 5


def trouble(text: str) -> str | None:
    """Say what becomes of the parser on this text; None if it comes to an end, be it with a syntax error."""
    if len(text) <= HARMLESS_CHARACTERS:
        return None
    # Not subprocess.run(text=True): the text is handed over as it is, line ends included.
    ended = subprocess.run([sys.executable, "-I", __file__], input=text.encode(), check=False).returncode
    if ended == -signal.SIGXCPU:
        return f"PostgreSQL's parser had not read it after {SECONDS} s"
    return "PostgreSQL's parser runs out of stack on it" if ended else None


def _parse() -> None:
    try:
        pglast.parse_sql(sys.stdin.buffer.read().decode())
    except pglast.parser.ParseError:
        # The server is the one to say why.
        return


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    threading.stack_size(STACK_BYTES)
    parsing = threading.Thread(target=_parse)
    parsing.start()
    parsing.join()
