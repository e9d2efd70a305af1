"""Seals on PDFs (PAdES, ETSI EN 319 142-1 level B-B): fields, the drawn seal, signing, checking."""

import logging

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # What is wrong with a file is said in a verdict; without a handler Python would print the library's log as well.
    logging.getLogger(_name).addHandler(logging.NullHandler())
