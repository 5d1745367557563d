"""What a target is: the kinds of interventions, as the configuration and the tables name them."""

KNOCK_OUT, KNOCK_IN, REGULATION, MEDIUM = "knock_out", "knock_in", "regulation", "medium"
KINDS = (KNOCK_OUT, KNOCK_IN, REGULATION, MEDIUM)
