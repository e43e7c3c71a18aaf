"""Who is in the production: creating, changing and casting characters; its style."""
