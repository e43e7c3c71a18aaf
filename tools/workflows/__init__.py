"""The verbs of the studio: one file a verb, typed in, typed out. Faces of the program call only these."""
