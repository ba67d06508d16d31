"""What to do about a finding, by its code, where whoever found it has nothing more precise to say."""

from __future__ import annotations

from collections.abc import Mapping

ADVICE: Mapping[str, str] = {
    "arguments": "Count the values between the brackets: commas separate them, as in if(${a} = 1, 'yes', 'no').",
    "axis": "Name the question between braces: ${name}.",
    "bad_file": "Correct the file, and save it as “CSV UTF-8” with the names of its columns in the first line.",
    "character": "In a formula, values are separated by commas and functions have English names: if(${a} = 1, 2, 3).",
    "compiler": "Look at what was changed last: a name with an unusual sign, or a reference, is often why.",
    "cycle": "Take one of these questions out of one of the formulas, so that one of them can be worked out first.",
    "decimal_comma": "Write the number with a point.",
    "empty": "Write a formula, or empty the cell.",
    "last_saved": "Answers are carried over by Relais itself when a household is seen again.",
    "long_name": "Shorten it; the label may be as long as you like.",
    "macros": "Save the workbook as .xlsx: nothing of the form is lost.",
    "missing_file": "Put it beside the form, with the same name.",
    "missing_translation": "Fill the column of this language in this row.",
    "never_offered": "Correct the filter or the columns it looks at, or remove the choice.",
    "no_column": "Add the column, and fill it for every choice.",
    "open_quote": "Close each quote with the same sign that opened it.",
    "reference": "Write ${name}, without spaces inside the braces.",
    "regex": "Check that each bracket of the regular expression is closed, and that a sign stands before each * + ?.",
    "remark": "This remark does not stop the form.",
    "required_calculation": "Empty this cell.",
    "required_note": "Empty this cell.",
    "row_ignored": "Fill type and name, or empty the row.",
    "search": "Use select_one_from_file, or a choice_filter.",
    "spaces": "Nothing has to be done; type an ordinary space next time.",
    "too_deep": "Remove some levels, or put the inner part into a calculation of its own.",
    "too_long": "Cut it into several calculations.",
    "too_many_languages": "Keep the languages that people speak here, and make a second form for the others.",
    "typographic_quotes": "Turn off the automatic quotes of your spreadsheet, then type the formula again.",
    "unexpected": "Look just before it: something is missing there. Operators are English: and, or, div.",
    "unfinished": "Complete the formula: an operator at its end, or an open bracket, waits for something.",
    "unknown_cause": "Write the name of a question of this form, as in its column name.",
    "unknown_function": "Check its spelling. Functions have English names, such as if, count, sum, round, today.",
    "unknown_list": "Write the name of a list of the choices sheet, or of a file named by a question.",
    "unknown_path": "Name the question between braces: ${name}.",
}
