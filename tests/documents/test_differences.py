"""Two texts of a model are compared article by article, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from documents.differences import CAME, LEFT, SAME, Part, differences

OLD = "---\ntitle: T\n---\n## Article – Objet {#objet}\n\nIl dure trois ans.\n\n## Article – Fin\n\nLe texte cesse.\n"


def words(part: Part, *states: str) -> list[str]:
    return ["".join(one.text for one in line if one.state in states).strip() for line in part.lines]


def test_the_same_text_has_no_differences():
    assert differences(OLD, OLD) == ()


def test_a_changed_word_is_shown_within_its_sentence_under_the_title_of_its_article():
    (part,) = differences(OLD, OLD.replace("trois ans", "quatre ans"))
    assert (part.title, part.state) == ("Article – Objet", "changed")
    assert words(part, SAME, LEFT) == ["Il dure trois ans."]
    assert words(part, SAME, CAME) == ["Il dure quatre ans."]
    assert words(part, LEFT) == ["trois"]


def test_a_new_article_and_one_that_is_gone_are_said_to_be_so():
    new = OLD.replace("## Article – Fin\n\nLe texte cesse.", "## Article – Suivi\n\nUn comité se réunit chaque mois.")
    assert [(one.title, one.state) for one in differences(OLD, new)] == [
        ("Article – Suivi", "new"),
        ("Article – Fin", "removed"),
    ]


def test_an_article_with_another_title_is_the_same_article_where_its_words_are():
    (part,) = differences(OLD, OLD.replace("Article – Fin", "Article – Terme"))
    assert (part.title, part.state) == ("Article – Terme", "changed")


def test_a_value_is_one_word():
    (part,) = differences("## A\nIl a {{ rules.a.value }} jours.", "## A\nIl a {{ rules.b.value }} jours.")
    assert words(part, LEFT) == ["{{ rules.a.value }}"]


@given(st.lists(st.sampled_from("abc "), max_size=30), st.lists(st.sampled_from("abc "), max_size=30))
def test_what_stayed_and_came_is_the_newer_line(old, new):
    before, after = "".join(old).strip(), "".join(new).strip()
    for part in differences(f"## A\n{before}", f"## A\n{after}"):
        said = " ".join(words(part, SAME, CAME)).split()
        assert said == after.split() or after.split() == []
