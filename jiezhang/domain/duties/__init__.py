"""Who may do what for which compound: one table, asked by every command and page."""
