"""Why there is no design, in facts that programs read: diagnosis.json."""
