"""Exercises of chapter 3, Deployment."""
