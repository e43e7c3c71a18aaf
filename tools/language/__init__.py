"""Photography language: briefs, linter, identity block, SAME anchor, prompts and captions.

Text in, text out. Nothing here draws, measures a picture or asks a model.
"""
