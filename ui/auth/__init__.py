"""Who may do what: passwords, logins, and the one guard that every handler asks."""
