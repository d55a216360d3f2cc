"""Procedure 程序: who may do what and when: states, deadlines, remedies."""
