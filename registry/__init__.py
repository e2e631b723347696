"""The catalogue and all that feeds on it: small apps, each importing only those to its left."""
