"""study.yml and cohort.yml as validated, frozen models, and where a project keeps its files."""

from braid.study.cohort import CohortSpec, FileReading, Interviews, WaveFile
from braid.study.comparison import Comparison, open_comparison
from braid.study.fingerprint import (
    digest_file,
    digest_files,
    digest_inputs,
    input_files,
    interview_files,
    interviewee_files,
    module_files,
    survey_files,
)
from braid.study.joining import Basis, Decision, JointRow, Recommendation
from braid.study.model import (
    Characteristic,
    Coding,
    Satisfaction,
    Scale,
    Study,
    Theme,
)
from braid.study.project import COMPARED, Cohort, Project, check_name, find_root, open_cohort
from braid.study.reading import did_you_mean, read_model, read_yaml

__all__ = [
    "COMPARED",
    "Basis",
    "Characteristic",
    "Coding",
    "Cohort",
    "CohortSpec",
    "Comparison",
    "Decision",
    "FileReading",
    "Interviews",
    "JointRow",
    "Project",
    "Recommendation",
    "Satisfaction",
    "Scale",
    "Study",
    "Theme",
    "WaveFile",
    "check_name",
    "did_you_mean",
    "digest_file",
    "digest_files",
    "digest_inputs",
    "find_root",
    "input_files",
    "interview_files",
    "interviewee_files",
    "module_files",
    "open_cohort",
    "open_comparison",
    "read_model",
    "read_yaml",
    "survey_files",
]
