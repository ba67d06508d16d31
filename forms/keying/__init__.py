"""A form filled with a pen is typed in: all its questions in the order and with the numbers of the paper."""

from forms.keying.reading import key_in
from forms.keying.screen import Cell, Line, Lines, Part, screen

__all__ = ["Cell", "Line", "Lines", "Part", "key_in", "screen"]
