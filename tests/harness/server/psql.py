"""How a person enters the throwaway server: a script beside its socket starts psql as the role that it is given."""

import shutil
from pathlib import Path

from tests.harness.core.roles import API_ROLES, AUTHENTICATOR, MIGRATOR, SUPERUSER
from tests.harness.server.connection import PORT
from tests.harness.server.lifecycle import Server

LOGIN_ROLES = (SUPERUSER, MIGRATOR, AUTHENTICATOR)
ROLES = (*LOGIN_ROLES, *API_ROLES)
NO_PSQL = "There is no psql on this machine: install it (Debian, Ubuntu: apt-get install postgresql-client)."
# It is run by `sh`, as a folder in memory may be no place for programs.
SCRIPT = """\
# psql as a role: sh {script} ROLE [OPTION ...]
role=${{1:-{role}}}
[ $# = 0 ] || shift
PGSERVICEFILE='{services}' PGSERVICE="$role" PGOPTIONS='' exec '{program}' --pset=pager=off "$@"
"""


def write_script(server: Server, dbname: str) -> Path | None:
    """Write the script, and the file of each role's connection; they are for this account alone. None without psql."""
    folder = Path(server.socket_dir)
    script, services, own = folder / "enter", folder / "services", Path(server.bindir) / "psql"
    program = str(own) if own.is_file() else shutil.which("psql")
    if program is None:
        return None
    # An API role does not log in: PostgREST's role becomes it, for each request.
    text = "\n".join(
        f"[{role}]\nhost={folder}\nport={PORT}\ndbname={dbname}\npassword={server.password}\n"
        + (f"user={role}\n" if role in LOGIN_ROLES else f"user={AUTHENTICATOR}\noptions=-c role={role}\n")
        for role in ROLES
    )
    services.touch(mode=0o600)
    services.write_text(text, encoding="utf-8")
    script.write_text(SCRIPT.format(script=script, services=services, program=program, role=MIGRATOR), encoding="utf-8")
    return script
