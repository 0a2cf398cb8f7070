"""Several cohorts of one study side by side, and what they say together: one module for each part of their report."""
