"""The demo and the folder, sheets and numbers of a finished run."""
