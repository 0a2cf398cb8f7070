"""Reporting guidelines as data, and where a cohort's report meets each of their items."""

from braid.integration.checklists.filled import Checklist, FilledChecklist, FilledItem, checklists, filled

__all__ = ["Checklist", "FilledChecklist", "FilledItem", "checklists", "filled"]
