"""What holds in a room for signing, whoever asks: pure."""
