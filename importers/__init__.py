"""Statement files to `Statement` values: one module per format, each a declaration read by one generic reader."""
