"""Exercises of chapter 5, Distribution."""
