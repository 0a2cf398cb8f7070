"""Prose is read sentence by sentence, with its place and the results it names."""

from __future__ import annotations

import pytest
from braid.errors import UserError
from braid.prose import Sentence, sentences

TEXT = """\
# A heading with 4.58

The score was {{< var change.scq.overall.before >}} before. It rose by
{{< var change.scq.overall.text >}} after (see @tbl-change).

<!-- 99% of this is
hidden -->

::: {.callout-note}
Half of them [80%]{.given} left, see [the site](https://example.org/4.2) or `x = 1.5`.
:::

```
code 1.25
```
"""


def test_each_sentence_has_its_line_and_the_results_it_names() -> None:
    first, second, third = sentences(TEXT, "a.qmd")
    assert (first.place, first.names) == ("a.qmd: line 3", ("change.scq.overall.before",))
    assert (second.place, second.names) == ("a.qmd: line 3", ("change.scq.overall.text",))
    assert second.text.split() == ["It", "rose", "by", "after", "(see", ")."]
    assert third.place == "a.qmd: line 10"


def test_headings_code_comments_links_and_given_numbers_are_left_out() -> None:
    shown = " ".join(sentence.text for sentence in sentences(TEXT, "a.qmd"))
    assert not any(number in shown for number in ("4.58", "99%", "80%", "4.2", "1.5", "1.25"))


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("One. Two! Three? four.", 3), ('"One." (Two.) *Three.*', 3), ("Mean 4.5 rose.", 1), ("e.g. this", 1)],
)
def test_sentences_end_where_the_next_begins(text: str, count: int) -> None:
    assert len(sentences(text, "a.qmd")) == count


def test_a_result_that_begins_a_sentence_belongs_to_it() -> None:
    first, second = sentences("It was so. {{< var a.b.text >}} was found.", "a.qmd")
    assert (first.names, second.names) == ((), ("a.b.text",))


def test_an_open_shortcode_is_told_with_its_line() -> None:
    with pytest.raises(UserError) as caught:
        sentences("One.\n\nTwo {{< var a.b", "a.qmd")
    assert caught.value.place == "a.qmd: line 3"


def test_sentences_are_plain_values() -> None:
    assert sentences("One.", "a.qmd") == [Sentence("One.", (), "a.qmd: line 1")]
