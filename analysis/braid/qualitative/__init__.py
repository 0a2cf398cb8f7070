"""What was said: prevalence of themes, agreement between coders, saturation, co-occurrence, quotes, privacy."""

from braid.intake.coded import Turn, turns
from braid.qualitative.agreement import AgreementTable, CodeAgreement, ConsensusSummary, agreement
from braid.qualitative.approvals import Place, check_edit
from braid.qualitative.between_cohorts import BetweenCohorts, ThemeBetween, between_cohorts
from braid.qualitative.candidates import Candidate, candidates, unmet
from braid.qualitative.codes import belongs_to, check_segments, natural, participants_by_group, settle
from braid.qualitative.coefficients import Coefficients, coefficients
from braid.qualitative.cooccurrence import Cooccurrence, cooccurrence
from braid.qualitative.masking import mask_key, mask_text
from braid.qualitative.prevalence import (
    GroupCount,
    GroupDifference,
    ThemePrevalence,
    compare_groups,
    prevalence,
    unused_codes,
)
from braid.qualitative.privacy import Finding, deny_list, scan
from braid.qualitative.quotes import BlockedQuote, Quote, QuoteSelection, select
from braid.qualitative.saturation import SaturationCurve, SaturationPoint, SaturationRun, saturation

__all__ = [
    "AgreementTable",
    "BetweenCohorts",
    "BlockedQuote",
    "Candidate",
    "CodeAgreement",
    "Coefficients",
    "ConsensusSummary",
    "Cooccurrence",
    "Finding",
    "GroupCount",
    "GroupDifference",
    "Place",
    "Quote",
    "QuoteSelection",
    "SaturationCurve",
    "SaturationPoint",
    "SaturationRun",
    "ThemeBetween",
    "ThemePrevalence",
    "Turn",
    "agreement",
    "belongs_to",
    "between_cohorts",
    "candidates",
    "check_edit",
    "check_segments",
    "coefficients",
    "compare_groups",
    "cooccurrence",
    "deny_list",
    "mask_key",
    "mask_text",
    "natural",
    "participants_by_group",
    "prevalence",
    "saturation",
    "scan",
    "select",
    "settle",
    "turns",
    "unmet",
    "unused_codes",
]
