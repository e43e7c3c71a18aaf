"""The faces of the program: the command line and the web page. No domain logic."""
