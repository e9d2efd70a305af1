"""The table of the operation log: what was written there can neither be changed nor taken out."""

from __future__ import annotations

COLUMNS = (
    "number", "time", "person", "name", "address", "session", "action", "compound", "content", "phase", "of",
    "result", "commit_id", "previous",
)  # fmt: skip
"""What a row's digest covers, in this order."""

CREATE: tuple[str, ...] = (
    """CREATE TABLE operations (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  time TEXT NOT NULL,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  session TEXT NOT NULL,
  action TEXT NOT NULL,
  compound TEXT NOT NULL,
  content TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('begin', 'done', 'refused', 'failed')),
  of INTEGER UNIQUE REFERENCES operations (number) CHECK (of IS NULL OR (of < number AND phase <> 'begin')),
  result TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  previous TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE
) STRICT""",
    "CREATE INDEX operations_by_person ON operations (person, number)",
    "CREATE INDEX operations_by_time ON operations (time)",
    "CREATE TABLE operations_open (number INTEGER PRIMARY KEY REFERENCES operations (number)) STRICT",
    """CREATE TRIGGER operations_stay BEFORE UPDATE ON operations
BEGIN SELECT RAISE(ABORT, 'the operation log is only ever added to'); END""",
    """CREATE TRIGGER operations_are_kept BEFORE DELETE ON operations
BEGIN SELECT RAISE(ABORT, 'the operation log is only ever added to'); END""",
)
