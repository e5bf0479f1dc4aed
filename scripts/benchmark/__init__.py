"""The benchmark: the inn and its peers, one machine, one run, ratios of medians."""
