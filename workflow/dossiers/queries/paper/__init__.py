"""What a paper of a dossier says: its answers, laid out; who decided; whom to call."""
