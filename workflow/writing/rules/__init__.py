"""What a model may use, how what it asks is understood, what hinders a letter: data in, data out."""
