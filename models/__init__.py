"""The union's world: nouns, verbs, events; a room a folder."""
