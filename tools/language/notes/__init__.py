"""What a director's note on a take changes in its shot, by rules."""
