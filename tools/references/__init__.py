"""Reference sets: shot plan, layers, sheets, director's photos, audit, export.

Pure logic and data; it neither draws nor reads faces. Workflows hand in what was measured.
"""
