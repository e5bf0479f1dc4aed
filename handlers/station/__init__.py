"""The station port (驿站端): staff who scan, watch and answer alarms."""
