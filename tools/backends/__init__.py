"""What draws, trains and films; a Protocol where two real backends exist."""
