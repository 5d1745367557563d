"""What the stages of the workflow do; a script and a notebook call the same."""
