"""How a course of treatment ends, what the client keeps, and what they say of it."""
