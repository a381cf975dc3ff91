"""Exercises of chapter 0, Start here."""
