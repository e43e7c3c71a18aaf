"""Pre-train a small SDXL-shaped base from a folder of pictures and captions.

Knows tensors, captions and face boxes; must not know characters, detectors or jobs.
"""
