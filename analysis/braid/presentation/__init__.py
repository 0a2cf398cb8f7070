"""Results in, publishable pieces out: numbers as text, sentences, tables and figures.

Every function takes plain values. What comes from data passes through `escaping` once, here.
Figures load matplotlib only when the first one is drawn.
"""
