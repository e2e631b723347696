"""Where owners look after their entries."""
