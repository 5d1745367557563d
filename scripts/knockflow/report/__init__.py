"""The report: one self-contained page with what was asked, promised, guaranteed and proven."""
