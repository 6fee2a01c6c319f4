"""What bounds a run: the first application of the migrations, statements and tests that do not end."""
