"""What the office keeps beside the street's books: accounts, sessions, the operation log, and the repository of every
act. Kept secrets never lie in the street's folder."""
