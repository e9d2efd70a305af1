"""The provable history: every month's books committed to by hashes that independent people have signed.

The bytes of version 1 are those of RFC 6962, of C2SP tlog-checkpoint and of this package. A second verifier, in
JavaScript, runs in an owner's browser and must give the same answer to every input.
"""
