"""The tables of accounts and sessions. Times are whole seconds since 1970 (UTC).

Of secrets only hashes stand here, but for two: the secret of the one-time codes, from which the codes are computed, and
a session's token against forged forms, which opens nothing.
"""

from __future__ import annotations

GUESSING: tuple[str, ...] = (
    """
    CREATE TABLE failures (
      kind TEXT NOT NULL CHECK (kind IN ('here', 'place', 'person')),
      person TEXT NOT NULL,
      place TEXT NOT NULL,
      count INTEGER NOT NULL,
      last INTEGER NOT NULL,
      locked_until INTEGER NOT NULL,
      PRIMARY KEY (kind, person, place)
    ) STRICT
    """,
    """
    CREATE TABLE places (
      person TEXT NOT NULL,
      place TEXT NOT NULL,
      last INTEGER NOT NULL,
      PRIMARY KEY (person, place)
    ) STRICT
    """,
)
"""What `lockout` counts, and the places where people got in."""

CREATE: tuple[str, ...] = (
    """
    CREATE TABLE accounts (
      person TEXT PRIMARY KEY,
      password TEXT NOT NULL,
      must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
      disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
      totp_secret TEXT NOT NULL DEFAULT '',
      totp_step INTEGER NOT NULL DEFAULT 0,
      subject TEXT UNIQUE,
      created INTEGER NOT NULL,
      changed INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE recovery_codes (
      person TEXT NOT NULL REFERENCES accounts (person) ON DELETE CASCADE,
      hash TEXT NOT NULL,
      PRIMARY KEY (person, hash)
    ) STRICT
    """,
    *GUESSING,
    """
    CREATE TABLE sessions (
      token_hash TEXT PRIMARY KEY,
      person TEXT NOT NULL REFERENCES accounts (person) ON DELETE CASCADE,
      csrf TEXT NOT NULL,
      opened INTEGER NOT NULL,
      seen INTEGER NOT NULL,
      stepped_up INTEGER NOT NULL,
      address TEXT NOT NULL,
      agent TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX sessions_person ON sessions (person)",
)
