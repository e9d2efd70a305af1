"""The month's steps, one module each: import, complete, post, reconcile, disclose."""
