"""The household ledger (分户账): replayed from the ledger and the register, never written by hand."""
