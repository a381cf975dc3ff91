"""Text becomes numbers

**Goal.** Turn a text into a row of numbers that a network can read: count its words.

**Given.**
- `tokens`: the words of a text in their order, a list of strings. Some begin with a capital letter.
- `vocabulary`: the words that we count, a list of different strings in lower case.

**Write** `bag_of_words(tokens, vocabulary)`. Count how often each word of the vocabulary occurs in the tokens.
Write a token in lower case before you compare it (`token.lower()`). Words outside the vocabulary are not counted.

**Returns** an array or a list of `len(vocabulary)` numbers. Number `i` belongs to word `i` of the vocabulary.

**Example.** `tokens = ["The", "cat", "saw", "the", "dog"]`, `vocabulary = ["cat", "the", "bird"]`.
"cat" occurs once, "the" twice (once as "The"), "bird" never; "saw" and "dog" are not in the vocabulary.
The answer is `[1, 2, 0]`.

**Check** with `q.check(bag_of_words)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise


def bag_of_words(tokens, vocabulary):
    """How often each word of the vocabulary occurs in the tokens, in lower case. Returns shape (len(vocabulary),)."""
    lowered = [token.lower() for token in tokens]
    return np.array([lowered.count(word) for word in vocabulary])


def by_hand(tokens, vocabulary):
    said = []
    for word in vocabulary[:4]:
        places = [i for i, token in enumerate(tokens) if token.lower() == word]
        shown = ", ".join(map(str, places[:6])) + (", ..." if len(places) > 6 else "")
        said.append(f'"{word}" is token {shown}: {len(places)}' if places else f'"{word}" does not occur: 0')
    return "Counting from 0, " + "; ".join(said) + "."


WORDS = ["model", "data", "the", "cat", "cats", "a", "learn", "loss"]

exercise = Exercise(
    bag_of_words,
    cases=[
        Case("five words", ["The", "cat", "saw", "the", "dog"], ["cat", "the", "bird"]),
        Case("one word", ["bird"], ["cat", "the", "bird", "dog"]),
        Case("capital letters", ["DATA", "Data", "data", "Model"], ["model", "data"]),
        Case("words inside words", ["cats", "category", "a", "scatter", "cat"], ["cat", "a", "cats"]),
        Case("no known word", ["quite", "unknown", "text"], ["loss", "model"]),
        Case("an empty text", [], ["loss", "model", "data"]),
        Case("a long text", ["the", "Loss", "of", "the"] * 150, ["of", "loss", "model", "the"]),
        Case("an unknown word first", ["hm", "model", "hm", "loss", "model"], ["loss", "data", "model"]),
    ],
    random_case=lambda rng: (
        [str(w).title() if rng.random() < 0.3 else str(w) for w in rng.choice([*WORDS, "other", "words"], size=20)],
        [str(w) for w in rng.permutation(WORDS)[:6]],
    ),
    hints=[
        "Two steps: bring the tokens to lower case, then count. Which words need a count, and in which order?",
        by_hand,
        "After `lowered = [token.lower() for token in tokens]`, `lowered.count(word)` counts one word. "
        "Do that for each word of the vocabulary.",
    ],
)


@exercise.mistake
def presence_only(tokens, vocabulary):
    """You note whether a word occurs, not how often. What should stand there for a word that occurs twice?"""
    return np.minimum(bag_of_words(tokens, vocabulary), 1)


@exercise.mistake
def capitals_kept(tokens, vocabulary):
    """ "The" and "the" are counted as different words. What must happen to a token before it is compared?"""
    return np.array([list(tokens).count(word) for word in vocabulary])


@exercise.mistake
def order_of_the_text(tokens, vocabulary):
    """Your counts follow the text. Number i belongs to word i of the vocabulary: over which list do you loop?"""
    lowered = [token.lower() for token in tokens]
    return np.array([lowered.count(word) for word in dict.fromkeys(lowered) if word in vocabulary])


@exercise.mistake
def unknown_word_crashes(tokens, vocabulary):
    """A word outside the vocabulary stops your function. What should happen to such a word?"""
    counts = np.zeros(len(vocabulary))
    for token in tokens:
        counts[vocabulary.index(token.lower())] += 1
    return counts


@exercise.mistake
def unknown_word_looked_up(tokens, vocabulary):
    """A word outside the vocabulary stops your function with a KeyError. How do you ask first whether it is there?"""
    position = {word: i for i, word in enumerate(vocabulary)}
    counts = np.zeros(len(vocabulary))
    for token in tokens:
        counts[position[token.lower()]] += 1
    return counts


@exercise.mistake
def unknown_counted_as_first(tokens, vocabulary):
    """Words outside the vocabulary are added to the count of the first word. Which position do they have?"""
    counts = bag_of_words(tokens, vocabulary)
    counts[0] += len(tokens) - counts.sum()
    return counts


@exercise.mistake
def unknown_counted_as_last(tokens, vocabulary):
    """Words outside the vocabulary are added to the last count. What does position -1 mean to an array?"""
    counts = bag_of_words(tokens, vocabulary)
    counts[-1] += len(tokens) - counts.sum()
    return counts


@exercise.mistake
def shares_instead_of_counts(tokens, vocabulary):
    """You divide by the number of tokens. Counts are asked for, not shares: which division can go?"""
    return bag_of_words(tokens, vocabulary) / max(1, len(tokens))


@exercise.mistake
def parts_of_words(tokens, vocabulary):
    """You search in the text as one string, so "cat" is also found in "category". How do you compare whole words?"""
    text = " ".join(tokens).lower()
    return np.array([text.count(word) for word in vocabulary])


@exercise.mistake
def one_number_for_each_token(tokens, vocabulary):
    """You return the position of each token. Asked for is a count for each word of the vocabulary: how many?"""
    return np.array([vocabulary.index(t.lower()) for t in tokens if t.lower() in vocabulary])
