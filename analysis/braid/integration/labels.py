"""The words of convergence, fit and strength as a report says them: within a sentence, and alone."""

from __future__ import annotations

from braid.language import N_, tr

NO_PROPOSAL = "no proposal"

_WORDS: dict[str, tuple[str, str]] = {
    "agreement": (N_("agreement", context="convergence"), N_("Agreement", context="convergence")),
    "partial agreement": (
        N_("partial agreement", context="convergence"),
        N_("Partial agreement", context="convergence"),
    ),
    "silence": (N_("silence", context="convergence"), N_("Silence", context="convergence")),
    "dissonance": (N_("dissonance", context="convergence"), N_("Dissonance", context="convergence")),
    "confirmation": (N_("confirmation", context="convergence"), N_("Confirmation", context="convergence")),
    "expansion": (N_("expansion", context="convergence"), N_("Expansion", context="convergence")),
    "discordance": (N_("discordance", context="convergence"), N_("Discordance", context="convergence")),
    "interviews only": (N_("interviews only", context="convergence"), N_("Interviews only", context="convergence")),
    "not yet decided": (N_("not yet decided", context="convergence"), N_("Not yet decided", context="convergence")),
    "to decide again": (N_("to decide again", context="convergence"), N_("To decide again", context="convergence")),
    NO_PROPOSAL: (N_("no proposal", context="convergence"), N_("No proposal", context="convergence")),
}
"""Each label in small letters and with a capital; the keys are what study, decisions and records say."""


def label_within(label: str) -> str:
    """A label of convergence, fit or strength within a sentence: "partial agreement"."""
    return tr(_WORDS[label][0], context="convergence")


def label_alone(label: str) -> str:
    """A label that stands alone or begins a sentence: "Partial agreement"."""
    return tr(_WORDS[label][1], context="convergence")
