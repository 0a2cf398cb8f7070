"""study.yml and cohort.yml as validated, frozen models, and where a project keeps its files."""

from braid.study.cohort import CohortSpec, FileReading, WaveFile
from braid.study.fingerprint import (
    digest_file,
    digest_files,
    digest_inputs,
    input_files,
    interview_files,
    module_files,
    survey_files,
)
from braid.study.model import (
    Characteristic,
    Coding,
    Decision,
    JointRow,
    Recommendation,
    Satisfaction,
    Scale,
    Study,
    Theme,
)
from braid.study.project import Cohort, Project, check_name, find_root, open_cohort
from braid.study.reading import did_you_mean, read_model, read_yaml

__all__ = [
    "Characteristic",
    "Coding",
    "Cohort",
    "CohortSpec",
    "Decision",
    "FileReading",
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
    "module_files",
    "open_cohort",
    "read_model",
    "read_yaml",
    "survey_files",
]
