"""What was said: prevalence of themes, agreement between coders, saturation, co-occurrence, quotes, privacy."""

from braid.qualitative.agreement import AgreementTable, CodeAgreement, ConsensusSummary, agreement
from braid.qualitative.codes import belongs_to, check_segments, participants_by_group, settle
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
from braid.qualitative.privacy import Finding, scan
from braid.qualitative.quotes import BlockedQuote, Quote, QuoteSelection, select
from braid.qualitative.saturation import SaturationCurve, SaturationPoint, SaturationRun, natural, saturation
from braid.qualitative.transcripts import Turn, turns

__all__ = [
    "AgreementTable",
    "BlockedQuote",
    "CodeAgreement",
    "Coefficients",
    "ConsensusSummary",
    "Cooccurrence",
    "Finding",
    "GroupCount",
    "GroupDifference",
    "Quote",
    "QuoteSelection",
    "SaturationCurve",
    "SaturationPoint",
    "SaturationRun",
    "ThemePrevalence",
    "Turn",
    "agreement",
    "belongs_to",
    "check_segments",
    "coefficients",
    "compare_groups",
    "cooccurrence",
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
    "unused_codes",
]
