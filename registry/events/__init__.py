"""Headers of events: what operates (state, time, place, seats), beside the page that tells of it."""
