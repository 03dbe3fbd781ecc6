"""Does a passage bear what a model wrote."""
