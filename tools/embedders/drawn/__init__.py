"""Our own detector, reader and embedder for drawn people; the weights ship beside the code."""
