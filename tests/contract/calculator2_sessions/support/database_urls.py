"""What DATABASE_URL may be, what is refused, and the PG* variables that say the same."""

URLS = {
    "plain": "postgresql://me:secret@db.example.test:6543/app",
    "the short scheme, no port": "postgres://me:secret@db.example.test/app",
    "every hard character": "postgresql://a%40b:p%40s%3As%2Fw%3F%23%25%26%2B%20%5C%0A%c3%bc@db.example.test/a%2Fb",
    "characters that may stand as they are": "postgresql://me:a:b\\n$HOME`id`'\"#+=;*[x]!~@db.example.test/app",
    "IPv6": "postgresql://me:secret@[2001:db8::1]:5433/app",
    "a socket": "postgresql://me:secret@%2Frun%2Fpg/app",
    "no user": "postgresql://db.example.test/app",
    "no password": "postgresql://me@db.example.test/app",
    "no database": "postgresql://me:secret@db.example.test",
    "parameters": "postgresql:///?host=/run/pg&port=5433&user=me&password=s%26x&dbname=app&sslmode=require"
    "&connect_timeout=5&application_name=a%20b&options=-c%20work_mem%3D1MB",
    "parameters win": "postgresql://me:secret@db.example.test/app?password=other&sslmode=disable",
}
REFUSED = {
    "another scheme": "mysql://me:secret@db.example.test/app",
    "no scheme": "host=db.example.test password=secret",
    "an @ in the password": "postgresql://me:sec@secret@db.example.test/app",
    "a / in the password": "postgresql://me:1/secret@db.example.test/app",
    "a ? in the password": "postgresql://me:1?secret@db.example.test/app",
    "no number for a port": "postgresql://me:x@db.example.test:secret/app",
    "several hosts": "postgresql://me:secret@one.example.test,two.example.test/app",
    "a % that is none": "postgresql://me:secret%zz@db.example.test/app",
    "a % at the end": "postgresql://me:secret%4@db.example.test/app",
    "a NUL": "postgresql://me:secret%00@db.example.test/app",
    "another program's parameter": "postgresql://me:secret@db.example.test/app?pgbouncer=true",
}
VARIABLES = {
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "host": "PGHOST",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "application_name": "PGAPPNAME",
    "options": "PGOPTIONS",
}
