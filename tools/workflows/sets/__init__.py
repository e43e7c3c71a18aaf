"""Reference sets: from photos or layer by layer, reviewed, gated, drawn again."""
