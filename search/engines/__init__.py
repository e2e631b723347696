"""Engines that answer `search.contracts.SearchEngine`, one package each."""
