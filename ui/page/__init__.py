"""The page: what a director and the reviewers see. Reads the store, talks through the agent."""
