"""A stand-in for the X API on the loopback interface; see README.md in this folder."""
