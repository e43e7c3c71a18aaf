"""The command line: one file a verb. Reads arguments, calls a workflow, prints its answer."""
