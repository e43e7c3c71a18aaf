"""Photos of a person: taken in as a set, or held against the guidelines."""
