"""The web face: Fava for each compound behind our own guard, with the page 本月. No rule of bookkeeping in it."""
