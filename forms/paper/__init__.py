"""A form as it is printed to be filled with a pen: numbers, answer spaces, plain sentences about who answers what."""

from forms.paper.numbering import choice_codes, numbers
from forms.paper.printing import questionnaire
from forms.paper.sheet import Questionnaire

__all__ = ["Questionnaire", "choice_codes", "numbers", "questionnaire"]
