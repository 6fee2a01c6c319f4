#!/usr/bin/env bash
# Applies migrations with psql, in the order given, then runs every verify file. Exit status: 0 only if applied and
# verified,
#     1 a migration did not apply          2 applied, but a verification failed
#     3 no connection to the server        64 nothing tried: wrong usage, or no connection set
# The connection is never printed: neither here, nor in the list of processes, which shows arguments to everybody.

{ set +x; } 2>/dev/null # a trace would print the password
set -uo pipefail

usage="Usage: ${0##*/} MIGRATION.sql…
Give all that are not applied yet, in their order: the verify files beside them, verify/*.sql, are true after the last.
Set the connection in the environment:
    DATABASE_URL    postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or
    PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE (or PGSERVICE, PGPASSFILE, as for any psql)."

stop() {
    printf '%s: %s\n' "${0##*/}" "$2" >&2
    exit "$1"
}

bad_url() {
    stop 64 "DATABASE_URL $1. (It is not shown here.) Or set PGHOST, PGUSER, PGPASSWORD and PGDATABASE in its place."
}

# Exports the variable $1 as $2 with its %XX decoded, by builtins alone.
set_decoded() {
    local text=$2 decoded
    if [[ $text =~ %($|[^0-9A-Fa-f]|.$|.[^0-9A-Fa-f]) || $text == *%00* ]]; then
        bad_url 'has a % that begins no character; write a % itself as %25'
    fi
    text=${text//\\/\\\\}
    printf -v decoded '%b' "${text//%/\\x}"
    export "$1=$decoded"
}

# psql takes a URL as an argument only, where everybody can read it; the PG* variables are for the user's own eyes.
# What the grammar leaves in doubt is refused: libpq would take part of a password for a host, and print it.
translate_database_url() {
    local rest=${DATABASE_URL#*://} parameters='' path='' user='' pair
    local bracketed='^\[([0-9A-Fa-f:.%]+)\](:([0-9]*))?$' plain='^([^],:[]*)(:([0-9]*))?$'
    case $DATABASE_URL in
        postgresql://* | postgres://*) ;;
        *) bad_url 'does not begin with postgresql://' ;;
    esac
    # These would win over what the URL says.
    unset PGSERVICE PGHOSTADDR
    if [[ $rest == *\?* ]]; then
        parameters=${rest#*\?}
        rest=${rest%%\?*}
    fi
    if [[ $rest == */* ]]; then
        path=${rest#*/}
        rest=${rest%%/*}
    fi
    if [[ $rest == *@*@* || $path == *[/@]* ]]; then
        bad_url 'is ambiguous; write @ / : ? in a user or password as %40 %2F %3A %3F'
    fi
    if [[ $rest == *@* ]]; then
        user=${rest%@*}
        rest=${rest#*@}
        if [[ $user == *:* ]]; then
            set_decoded PGPASSWORD "${user#*:}"
        fi
        set_decoded PGUSER "${user%%:*}"
    fi
    if [[ $rest =~ $bracketed || $rest =~ $plain ]]; then
        local host=${BASH_REMATCH[1]} number=${BASH_REMATCH[3]}
        [[ -z $host ]] || set_decoded PGHOST "$host"
        [[ -z $number ]] || export PGPORT=$number
    else
        bad_url 'has no single HOST or HOST:PORT where that belongs; write @ / : ? in a password as %40 %2F %3A %3F'
    fi
    [[ -z $path ]] || set_decoded PGDATABASE "$path"
    while [[ -n $parameters ]]; do
        pair=${parameters%%&*}
        parameters=${parameters#"$pair"}
        parameters=${parameters#&}
        case $pair in
            host=*) set_decoded PGHOST "${pair#*=}" ;;
            port=*) set_decoded PGPORT "${pair#*=}" ;;
            user=*) set_decoded PGUSER "${pair#*=}" ;;
            password=*) set_decoded PGPASSWORD "${pair#*=}" ;;
            dbname=*) set_decoded PGDATABASE "${pair#*=}" ;;
            options=*) set_decoded PGOPTIONS "${pair#*=}" ;;
            application_name=*) set_decoded PGAPPNAME "${pair#*=}" ;;
            connect_timeout=*) set_decoded PGCONNECT_TIMEOUT "${pair#*=}" ;;
            channel_binding=*) set_decoded PGCHANNELBINDING "${pair#*=}" ;;
            target_session_attrs=*) set_decoded PGTARGETSESSIONATTRS "${pair#*=}" ;;
            sslmode=*) set_decoded PGSSLMODE "${pair#*=}" ;;
            sslrootcert=*) set_decoded PGSSLROOTCERT "${pair#*=}" ;;
            sslcert=*) set_decoded PGSSLCERT "${pair#*=}" ;;
            sslkey=*) set_decoded PGSSLKEY "${pair#*=}" ;;
            *) bad_url 'has something after its ? that psql does not know, or that has no PG* variable' ;;
        esac
    done
}

# Runs psql and keeps what it says in $said.
run() {
    said=$(psql -X -w -q -A -t -v ON_ERROR_STOP=1 "$@" 2>&1 </dev/null)
    local status=$?
    # 2: no connection, or no longer. The message names host and user.
    [[ $status -ne 2 ]] || stop 3 "$(why_no_connection "$said")"
    return $status
}

why_no_connection() {
    case $1 in
        *'server closed the connection'* | *'terminating connection'* | *'connection to server was lost'*)
            echo 'The connection was lost. Run this again: a migration that is there already is not made twice.'
            ;;
        *'password authentication failed'* | *'no password supplied'* | *'Tenant or user not found'*)
            echo 'No connection: the server refused the user or the password.'
            ;;
        *'could not translate host name'*) echo 'No connection: the host name is not known.' ;;
        *'timeout expired'*) echo 'No connection: the server did not answer in time.' ;;
        *'onnection refused'* | *'No such file or directory'*) echo 'No connection: no server at that host and port.' ;;
        *'database "'*'" does not exist'*) echo 'No connection: the server has no such database.' ;;
        *SSL* | *certificate*) echo 'No connection: no agreement on TLS; see sslmode (PGSSLMODE).' ;;
        *) echo 'No connection: the server cannot be reached, or let nobody in with these settings.' ;;
    esac
}

[[ $# -gt 0 ]] || stop 64 "No migration is given.
$usage"
for migration in "$@"; do
    [[ -f $migration ]] || stop 64 "There is no file $migration.
$usage"
done
verify_files=("$(dirname "$migration")"/verify/*.sql)
[[ -f ${verify_files[0]} ]] \
    || stop 64 "There is no file ${verify_files[0]}, so nothing could be verified, and nothing was applied."
command -v psql >/dev/null || stop 64 'There is no psql in the PATH. Install the PostgreSQL client.'

if [[ -n ${DATABASE_URL-} ]]; then
    translate_database_url
    unset DATABASE_URL
elif [[ -z ${PGHOST-}${PGHOSTADDR-}${PGSERVICE-} ]]; then
    stop 64 "No connection is set: neither DATABASE_URL nor PGHOST.
$usage"
fi
export PGCONNECT_TIMEOUT=${PGCONNECT_TIMEOUT:-15}
# The files are UTF-8, and the cases of why_no_connection are English.
export PGCLIENTENCODING=UTF8 LC_ALL=C

run -c '' || stop 3 'No connection: psql failed before it had said a word to the server.'
for migration in "$@"; do
    if ! run -o /dev/null -f "$migration"; then
        printf '%s\n' "$said" >&2
        stop 1 "${migration##*/} did not apply: psql stopped at the error above, and nothing after it was tried."
    fi
done
failed=
for file in "${verify_files[@]}"; do
    if run -f "$file"; then
        printf '%s\n' "$said"
    else
        printf '%s\n' "$said" >&2
        failed=1
    fi
done
[[ -z $failed ]] || stop 2 "The migrations ran to their end, but the verification failed: see above.
It holds after the last migration of the folder: give all that are not applied yet, in one call."
printf '%s: applied and verified.\n' "${@##*/}"
