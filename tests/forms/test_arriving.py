"""What arrives with a form besides its answers."""

from forms.arriving import strangers
from forms.definition import Form


def test_texts_without_a_question_are_found_wherever_they_stand_and_answers_are_none(household_form: Form) -> None:
    xml = (
        "<data><meta><instanceID>uuid:1</instanceID></meta><relais_reference>MIS-1</relais_reference>"
        "<A><A13>oui</A13><A99> perdu </A99><empty/></A><Z><deep><one>un</one></deep></Z>"
        "<C><person><C1>Awa</C1><C77>deux</C77></person></C></data>"
    )
    assert strangers(household_form, xml) == [("A99", "perdu"), ("one", "un"), ("C77", "deux")]
