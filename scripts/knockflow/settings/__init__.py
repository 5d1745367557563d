"""The configuration as it is written: read strictly, and checked for what has to be there before any job runs."""
