"""One file with all of a run: what it was asked, by what it was done, and what came of it."""
