"""A person's taken hours, whoever took them: bookings, trainings, later shifts."""
