"""Exercises of chapter 1, Training."""
