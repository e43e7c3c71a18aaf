"""A stored set as a person looks at it: images taken out, the set drawn again."""
