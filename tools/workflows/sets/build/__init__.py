"""A set drawn layer by layer, whole or one layer at a time."""
