"""Stories as people live them: one script over real sockets, with time that moves."""
