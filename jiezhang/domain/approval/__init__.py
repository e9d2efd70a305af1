"""Decisions about the owners' money: procedures, the records of a resolution, votes, seals, vouchers, spending."""
