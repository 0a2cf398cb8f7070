"""Numbers and words together: joint display, convergence, recommendations, triangulation."""

from braid.integration.convergence import Proposal, direction_of_record, direction_of_theme, propose
from braid.integration.joint_display import (
    HIDDEN,
    NOT_HEARD,
    NOT_MEASURED,
    JointDisplayRow,
    JointStatistic,
    JointTheme,
    joint_display,
    theme_text,
)
from braid.integration.recommendations import UNDECIDED, Source, TracedRecommendation, recommendations
from braid.integration.triangulation import (
    DataSourceTriangulation,
    ResearcherTriangulation,
    SourceGroup,
    SourceTheme,
    data_source_triangulation,
    researcher_triangulation,
)

__all__ = [
    "HIDDEN",
    "NOT_HEARD",
    "NOT_MEASURED",
    "UNDECIDED",
    "DataSourceTriangulation",
    "JointDisplayRow",
    "JointStatistic",
    "JointTheme",
    "Proposal",
    "ResearcherTriangulation",
    "Source",
    "SourceGroup",
    "SourceTheme",
    "TracedRecommendation",
    "data_source_triangulation",
    "direction_of_record",
    "direction_of_theme",
    "joint_display",
    "propose",
    "recommendations",
    "researcher_triangulation",
    "theme_text",
]
