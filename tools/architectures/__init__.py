"""One folder an architecture: how it draws, reads text, learns, and is exported."""
