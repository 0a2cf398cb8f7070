"""Proposes the definition of a cohort, and of a study, from the files that were given; a person decides."""

from braid.drafting.proposal import Proposal, propose

__all__ = ["Proposal", "propose"]
