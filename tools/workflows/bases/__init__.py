"""Bases and what they are measured and judged with: installing, pre-training, calibration."""
