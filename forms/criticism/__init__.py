"""What a critic finds in a form that works: levels, texts, choices, rules that never hold."""
