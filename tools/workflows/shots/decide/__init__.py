"""What a person decides about takes."""
