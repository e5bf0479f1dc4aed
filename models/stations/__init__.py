"""Stations (工会驿站): hours, ports, bookings, codes, check-ins, first aid."""
