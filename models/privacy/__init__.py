"""What the law gives a person over their own record: to have it, to see who looked,
to be forgotten; and to whoever oversees, who did what."""
