"""What a sentence claims, whatever its words: its numbers, and words of which it cannot do without."""

import re


def numbers(text):
    """The numbers of a text in their order; 1,024 is 1024, −2 with a true minus is -2.

    >>> numbers("At step 1,024: local 1.5 × arriving −2 = −3")
    [1024.0, 1.5, -2.0, -3.0]
    """
    found = re.findall(r"−?\d[\d,]*(?:\.\d+)?", text)
    return [float(number.replace(",", "").replace("−", "-")) for number in found]


def says(text, *words):
    """Whether all these words stand in a text, in this order."""
    return re.search(".*".join(map(re.escape, words)), text, re.DOTALL) is not None
