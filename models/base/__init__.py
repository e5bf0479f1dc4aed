"""What every room stands on: time, ids, units, errors, documents, events."""
