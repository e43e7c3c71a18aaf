"""Train the networks of the drawn embedder on a folder of labelled pictures.

Knows pictures, heads and people as numbers; must not know characters, thresholds or jobs.
"""
