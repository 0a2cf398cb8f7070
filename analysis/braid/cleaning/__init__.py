"""Joins waves by person, recodes, scores and excludes, and reads coded interviews; keeps a log of every change."""

from braid.cleaning.interviews import CodedInterviews, read_interviews
from braid.cleaning.store import open_survey, save_survey
from braid.cleaning.survey import CleanSurvey, clean_survey
from braid.cleaning.tables import RawTables

__all__ = [
    "CleanSurvey",
    "CodedInterviews",
    "RawTables",
    "clean_survey",
    "open_survey",
    "read_interviews",
    "save_survey",
]
