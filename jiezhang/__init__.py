"""The engine of jiezhang (街账): one double-entry ledger per residential compound."""

__version__ = "0.1.0"
