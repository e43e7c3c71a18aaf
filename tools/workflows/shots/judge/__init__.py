"""Hold pictures against a reference set, and say why one was judged as it was."""
