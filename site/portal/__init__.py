"""The project package: settings, addresses, worker. The only place that knows every app."""
