"""Many compounds: parallel runs and what a street sees. Nothing here posts across compounds."""
