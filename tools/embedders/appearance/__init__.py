"""Figures whose face no detector reads, by how they look as a whole."""
