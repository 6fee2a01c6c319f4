"""The sample project as a whole, and pull requests against it: tox -e project."""
