"""Every design again, by COBRApy on the original model; nothing of the search is used here."""
