"""`braid simulate`: a synthetic cohort of the study, from published targets where it has them."""

from __future__ import annotations

from braid.errors import UserError
from braid.simulation import draft_cohort, simulate, write
from braid.study import Project, Study, check_name, find_root, open_cohort, read_model

DEFAULT_SEED = 1


def simulate_cohort(name: str, people: int | None, seed: int | None, replace: bool) -> None:
    """Write a synthetic cohort into data_raw/<name>. Raises UserError where files would be overwritten."""
    project = Project(find_root())
    folder = project.raw(check_name(name))
    new = not (folder / "cohort.yml").is_file()
    if new:
        if folder.is_dir() and any(folder.iterdir()):
            raise UserError(
                "this folder holds files but no cohort.yml",
                place=f"data_raw/{name}",
                todo="choose another name: a simulation never mixes with real files",
            )
        study = read_model(project.analysis / "study.yml", "analysis/study.yml", Study)
        folder.mkdir(parents=True, exist_ok=True)
        text = draft_cohort(study, name, DEFAULT_SEED if seed is None else seed)
        (folder / "cohort.yml").write_text(text, encoding="utf-8")
    cohort = open_cohort(name)
    if not cohort.spec.synthetic:
        raise UserError(
            "this cohort does not say that it is synthetic",
            place=f"data_raw/{name}/cohort.yml",
            todo="choose another name: a simulation never overwrites a real cohort",
        )
    chosen = seed if seed is not None else cohort.spec.seed if cohort.spec.seed is not None else DEFAULT_SEED
    try:
        written = write(cohort, simulate(cohort, people=people, seed=chosen), overwrite=replace)
    except UserError:
        if new:
            (folder / "cohort.yml").unlink()
            folder.rmdir()
        raise
    print(f"made {len(written)} synthetic files in data_raw/{name} from the seed {chosen}")
    print(f"next: braid run {name}")
