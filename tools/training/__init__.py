"""Trainers: pictures and captions in, weights out. They know tensors, never characters."""
