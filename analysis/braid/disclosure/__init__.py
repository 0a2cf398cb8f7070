"""What may be shown: small counts hidden with what gives them away, and ids masked; applied once, before anything."""

from braid.disclosure.ids import mask_ids
from braid.disclosure.suppression import THRESHOLD, SuppressedCounts, SuppressedTable, suppress, suppress_table
from braid.disclosure.themes import suppress_prevalence

__all__ = [
    "THRESHOLD",
    "SuppressedCounts",
    "SuppressedTable",
    "mask_ids",
    "suppress",
    "suppress_prevalence",
    "suppress_table",
]
