"""What papers are called, how they are composed, what a scan may be, how a verdict is said. Pure."""
