"""Problems that people took on: proposals, the event log, the life of a problem, the lists."""
