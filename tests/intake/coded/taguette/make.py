"""Makes the exports in this folder with Taguette itself (1.5.2), in an environment of its own:

    python -m venv /tmp/taguette && /tmp/taguette/bin/pip install taguette==1.5.2
    /tmp/taguette/bin/python make.py

With BRAID_TAGUETTE=/tmp/taguette/bin/python the tests make them anew and compare.

Taguette cannot be installed beside the project, since it asks for older versions of what Jupyter needs. Two coders
worked on the same two documents, each in a project of her own, as Taguette has it. All words are invented.
"""

import sys
from pathlib import Path

import bs4
from taguette import database, export, extract
from taguette.convert import get_html_body

DOCUMENTS = {
    "FGD_1": [
        ("Moderator", "What keeps you from <i>listening</i>?"),
        ("FGD_1_Speaker_1", "There is never a quiet minute. The phones ring all day &amp; all night."),
        ("FGD_1_Speaker_2", "My colleagues cover for me, <b>always</b>, when it gets hard."),
        ("FGD_1_Speaker_3", "Nights are short and the list is long — café at four, 😀 at five."),
    ],
    "FGD_2": [
        ("Moderator", "And here?"),
        ("FGD_2_Speaker_1", "We talk it over at breakfast."),
        ("FGD_2_Speaker_2", "وقت کم ہے۔ Nobody has the time, and nobody asks."),
    ],
}
TAGS = {
    "Barriers.Time": "Too little time",
    "Barriers.Noise": "What is heard",
    "Helps.Peers": "Colleagues",
    "Helps.Food": "Never applied",
    "e.g. unclear": "A point with a space beside it parts nothing",
}
CODED = {
    "anna": [
        ("FGD_1", "There is never a quiet minute.", ["Barriers.Time"]),
        ("FGD_1", "The phones ring all day & all night.", ["Barriers.Noise", "Barriers.Time"]),
        ("FGD_1", "My colleagues cover for me, always, when it gets hard.", ["Helps.Peers"]),
        ("FGD_1", "café at four, 😀 at five.", ["Barriers.Time"]),
        ("FGD_2", "We talk it over at breakfast.", ["Helps.Peers"]),
        ("FGD_2", "Nobody has the time", ["Barriers.Time"]),
        ("FGD_2", "nobody asks", []),
    ],
    "bert": [
        ("FGD_1", "There is never a quiet minute.", ["Barriers.Time"]),
        ("FGD_1", "😀 at five.", ["e.g. unclear"]),
        ("FGD_2", "We talk it over at breakfast.", ["Helps.Peers"]),
    ],
}


def main(folder: Path) -> None:
    for coder, coded in CODED.items():
        db = database.connect("sqlite://")()
        db.add(database.User(login=coder))
        project = database.Project(name=f"Ward {coder}", description="")
        db.add(project)
        db.commit()
        database.ProjectMember(project=project, user_login=coder, privileges=database.Privileges.ADMIN)
        tags = {path: database.Tag(project=project, path=path, description=text) for path, text in TAGS.items()}
        documents = {}
        for name, lines in DOCUMENTS.items():
            html = "<html><body>" + "\n".join(f"<p>{who}: {words}</p>" for who, words in lines) + "</body></html>"
            if name == "FGD_2":
                html = html.replace("</p>\n<p>", "</p><p>")
            documents[name] = database.Document(
                name=name,
                description="",
                filename=f"{name}.html",
                project=project,
                contents=get_html_body(html),
                text_direction=database.TextDirection.LEFT_TO_RIGHT,
            )
        db.add_all([*tags.values(), *documents.values()])
        db.commit()
        for name, words, paths in coded:
            document = documents[name]
            text = bs4.BeautifulSoup(document.contents, "html5lib").get_text("")
            start = len(text[: text.index(words)].encode())
            end = start + len(words.encode())
            highlight = database.Highlight(
                document=document,
                start_offset=start,
                end_offset=end,
                snippet=extract.extract(document.contents, start, end),
            )
            db.add(highlight)
            highlight.tags.extend(tags[path] for path in paths)
        db.commit()
        with (folder / f"{coder}-highlights.csv").open("w", encoding="utf-8", newline="") as file:
            export.highlights_csv(db, project.id, "", file)
        copied = folder / f"{coder}.sqlite3"
        copied.unlink(missing_ok=True)
        target = database.connect(f"sqlite:///{copied}")()
        target.add(database.User(login="admin"))
        target.commit()
        database.copy_project(db, target, project.id, "admin")
        target.commit()
        target.close()
        if coder == "anna":
            listed = list(project.tags)
            export.highlights_xslx(db, project.id, "", str(folder / "anna-highlights.xlsx"))
            with (folder / "codebook.csv").open("w", encoding="utf-8", newline="") as file:
                export.codebook_csv(listed, file)
            export.codebook_xlsx(listed, str(folder / "codebook.xlsx"))
            with (folder / "codebook.qdc").open("wb") as file:
                export.codebook_xml(listed, file)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
