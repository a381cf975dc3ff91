"""How long a test waits for what would else hang: far beyond what anything takes beside any load. Never a measure."""

FAR = 1200  # seconds
