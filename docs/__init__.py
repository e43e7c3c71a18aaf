"""The documents, and the two scripts that write the parts of them that the code knows better."""
