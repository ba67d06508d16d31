"""Write rooms for signing: prepared, opened, run, signed in, refused, ended."""
