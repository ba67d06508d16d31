"""Surveys as they stand: those of an operation, the households asked, their answers, counted or one by one."""
