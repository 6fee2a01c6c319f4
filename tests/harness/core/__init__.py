"""What every other package uses: paths, roles, versions of PostgreSQL, timestamps, outcomes, time-outs."""
