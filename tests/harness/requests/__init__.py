"""Requests as PostgREST makes them, statements with values, and a table compared with its model."""
