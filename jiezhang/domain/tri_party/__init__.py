"""Three parties on one month: figures, differences, what each party signed, and the seal over all of it."""
