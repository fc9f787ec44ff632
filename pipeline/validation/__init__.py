"""Whether responses can be believed: hard rules quarantine, soft rules flag."""
