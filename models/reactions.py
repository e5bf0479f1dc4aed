"""The switchboard: what follows from what happened.

One page, read top to bottom. Rooms never call each other sideways; what one
room's deed means for another is written here and nowhere else. A reaction may
be run again, so each makes its effect unique by the event's id.
"""

from models.base.events import Reactions

REACTIONS: Reactions = {}
