"""Two weeks of the demo inn (示例客栈的两周): who came, who booked, who was helped.

Drawn from a seed and done by the verbs that the doors call, each at its own moment,
so that everything that holds in a used inn holds in this one. `diary` puts the clock
and does what is due, `people` has who comes, `days` what they do on a day.
"""
