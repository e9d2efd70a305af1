"""A believable, made-up street with its bank files, from a seed. Values and bytes only; nothing here writes a file."""
