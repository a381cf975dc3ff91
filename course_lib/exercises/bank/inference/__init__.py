"""Exercises of chapter 2, Inference."""
