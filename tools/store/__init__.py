"""What the studio remembers: tables, queries and content-addressed files."""
