"""The only door to the disk and to Beancount's loader."""
