"""What the demonstration invents: pure and seeded."""
