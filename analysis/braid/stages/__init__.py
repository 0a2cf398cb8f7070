"""What each notebook computes and shows: one module per stage, each opened with the name of a cohort.

participants (01), baseline (02), satisfaction (03), change (04), interviews (05), triangulation (06). A stage holds
its results, its tables, figures and sentences, and its records; the notebook calls them one by one.
"""
