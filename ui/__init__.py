"""The faces of the program: the command line now, the web page next. No domain logic."""
