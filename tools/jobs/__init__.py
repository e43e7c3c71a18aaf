"""The job table's runner: what costs time or money is claimed, run, counted and never run twice."""
