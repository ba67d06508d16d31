"""How a paper reached its reader."""

HOW = {
    "hand": "by hand",
    "box": "in the letter box",
    "post": "by post",
    "registered": "by registered post",
}
"""{code: English msgid}."""
