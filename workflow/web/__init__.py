"""Manners of HTTP that every door shares."""
