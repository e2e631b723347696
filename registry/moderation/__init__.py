"""Review of what owners write, before the public sees it."""
