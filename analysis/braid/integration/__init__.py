"""Numbers, words and what is published, together: joint display, triangulation, levels, recommendations, checklists."""

from braid.integration.convergence import Proposal, direction_of_record, direction_of_theme, in_words, propose
from braid.integration.joint_display import (
    HIDDEN,
    NOT_HEARD,
    NOT_MEASURED,
    JointDisplayRow,
    JointStatistic,
    JointTheme,
    Pair,
    joint_display,
    pairs_of,
    theme_text,
)
from braid.integration.levels import LEVEL_LABELS, PlacedTheme, levels_of, placed_themes
from braid.integration.literature import (
    BesidePublished,
    Published,
    beside_published,
    read_literature,
    unknown_targets,
)
from braid.integration.recommendations import (
    AGAIN,
    UNDECIDED,
    Source,
    TracedRecommendation,
    recommendations,
    strength_of,
)
from braid.integration.triangulation import (
    DataSourceTriangulation,
    ResearcherTriangulation,
    SourceGroup,
    SourceTheme,
    data_source_triangulation,
    researcher_triangulation,
)

__all__ = [
    "AGAIN",
    "HIDDEN",
    "LEVEL_LABELS",
    "NOT_HEARD",
    "NOT_MEASURED",
    "UNDECIDED",
    "BesidePublished",
    "DataSourceTriangulation",
    "JointDisplayRow",
    "JointStatistic",
    "JointTheme",
    "Pair",
    "PlacedTheme",
    "Proposal",
    "Published",
    "ResearcherTriangulation",
    "Source",
    "SourceGroup",
    "SourceTheme",
    "TracedRecommendation",
    "beside_published",
    "data_source_triangulation",
    "direction_of_record",
    "direction_of_theme",
    "in_words",
    "joint_display",
    "levels_of",
    "pairs_of",
    "placed_themes",
    "propose",
    "read_literature",
    "recommendations",
    "researcher_triangulation",
    "strength_of",
    "theme_text",
    "unknown_targets",
]
