"""The domain of Samecast: everything that draws, trains, measures and stores.

Rows import only rows below them (see `[tool.importlinter]` in pyproject.toml). Nothing here knows a
chat framework, and importing this package loads nothing heavy.
"""
