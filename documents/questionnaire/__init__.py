"""A form to be filled with a pen → tagged PDF, normal or large print, in the language of the form."""
