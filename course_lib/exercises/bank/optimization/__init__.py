"""Exercises of chapter 4, Optimization."""
