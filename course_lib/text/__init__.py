"""How the course writes: one place each for numbers, words and tables. It lies below all other rooms.

numbers   numbers for reading: decimals, digits that count, durations, percentages, differences and their tolerance
words     a number with its thing (1 row, 2 rows), names in a list, a value cut to a line
tables    rows and columns, aligned in a terminal and as Markdown in a notebook
"""
