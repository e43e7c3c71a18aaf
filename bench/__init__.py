"""Benchmarks: ratios in one run on one machine, never tests with a clock in them."""
