"""Values and rules. Nothing here reads a file, a clock, a network or a random number."""
