"""What a combiner saves

**Goal.** Count the pairs that cross the network in a word count, with a combiner and without.

**Given.**
- `texts`: the records, a list of strings.
- `map_tasks`: how many map tasks share them, an `int`. Task `i` of `m` gets the neighbours
  `texts[i * n // m : (i + 1) * n // m]`, where `n` is the number of texts.
- `combine`: whether there is a combiner. `False` if nothing is said.

**Write** `pairs_sent(texts, map_tasks, combine=False)`. The words of a text are what `text.split()` gives, as they
stand. The mapper makes a pair `(word, 1)` of every word.
Without a combiner each of these pairs is sent. With a combiner each task first adds up what it has of the same word,
over all its texts, and sends one pair for each different word.

**Returns** an `int`: the pairs that all tasks together send.

**Example.** `texts = ["a b a", "a c", "b b"]` and 2 tasks. Task 0 gets the first text, task 1 the other two.
Without a combiner 3 + 4 = 7 pairs are sent. With one, task 0 sends "a" and "b", task 1 sends "a", "c" and "b": 5 pairs.

**Check** with `q.check(pairs_sent)`.
"""

import itertools
import math

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def pairs_sent(texts, map_tasks, combine=False):
    """How many (word, 1) pairs all map tasks send; with a combiner one for each different word of a task."""
    n, sent = len(texts), 0
    for i in range(map_tasks):
        words = " ".join(texts[i * n // map_tasks : (i + 1) * n // map_tasks]).split()
        sent += len(set(words)) if combine else len(words)
    return sent


def cut(texts, map_tasks):
    n = len(texts)
    return [texts[i * n // map_tasks : (i + 1) * n // map_tasks] for i in range(map_tasks)]


def count(splits, combine):
    """The pairs that tasks with these texts send."""
    words = [[word for text in split for word in text.split()] for split in splits]
    return sum(len(set(some)) if combine else len(some) for some in words)


def by_hand(texts, map_tasks, combine=False):
    said = []
    for i, split in enumerate(cut(texts, map_tasks)[:5]):
        words = [word for text in split for word in text.split()]
        given = f"{counted(len(split), 'text')} with {counted(len(words), 'word')}"
        said.append(f"task {i} has {given}, {len(set(words))} of them different")
    more = " ..." if map_tasks > 5 else ""
    return f"{'; '.join(said)}.{more} There is {'a' if combine else 'no'} combiner."


SEA = ["the sea the sky", "The sea and the sea", "sky and sea", "a ship a ship a ship", "and the sky"]
WORDS = "the The a of model data learn learns net loss".split()


def draw(rng):
    texts = [" ".join(map(str, rng.choice(WORDS, size=int(rng.integers(2, 9))))) for _ in range(rng.integers(7, 12))]
    return texts, int(rng.integers(3, 6)), bool(rng.random() < 0.7)


exercise = Exercise(
    pairs_sent,
    cases=[
        Case("no combiner", ["a b a", "a c", "b b"], 2),
        Case("the same with a combiner", ["a b a", "a c", "b b"], 2, True),
        Case("one task", SEA, 1, True),
        Case("two tasks", SEA, 2, True),
        Case("three tasks", SEA, 3, True),
        Case("a task for each text", SEA, 5, True),
        Case("more tasks than texts", SEA[:2], 4, True),
        Case("combine by its name", SEA, 4, combine=True),
        Case("four tasks, no combiner", SEA, 4),
        Case("seven texts, three tasks", [*SEA, "ship and sky", "sea sea sea"], 3, True),
        Case("one text of one word", ["sea"], 3, True),
        Case("an empty text", ["", "sea sky sea", ""], 2, True),
        Case("no texts", [], 3, True),
        Case("long texts", ["sea sky " * 600, "sea and sky " * 500, "sky " * 700], 2),
        Case("long texts with a combiner", ["sea sky " * 600, "sea and sky " * 500, "sky " * 700], 2, True),
    ],
    random_case=draw,
    hints=[
        "Look at one task at a time. Which words does it have, and how many of them does it send?",
        by_hand,
        "Join a task's texts and split them into words: `len(words)` pairs without a combiner, else `len(set(words))`.",
    ],
)


@exercise.mistake
def combined_over_all_tasks(texts, map_tasks, combine=False):
    """You count the different words of all texts together. A combiner runs inside a map task: which words can it
    see?"""
    return count([texts], combine)


@exercise.mistake
def combined_in_each_text(texts, map_tasks, combine=False):
    """You count the different words of each text. A task may have several texts: over what does its combiner add up?"""
    return count([[text] for text in texts], combine)


@exercise.mistake
def combiner_ignored(texts, map_tasks, combine=False):
    """You count every word, with or without a combiner. What does a task send of a word that it has three times?"""
    return count([texts], False)


@exercise.mistake
def always_combined(texts, map_tasks, combine=False):
    """You count different words even without a combiner. What does a mapper send of a word that comes three times?"""
    return count(cut(texts, map_tasks), True)


@exercise.mistake
def combine_the_wrong_way(texts, map_tasks, combine=False):
    """You have it the wrong way round: without a combiner you count each word once. Which of the two sends less?"""
    return count(cut(texts, map_tasks), not combine)


@exercise.mistake
def letters_counted(texts, map_tasks, combine=False):
    """You go through the letters of the texts. Which method cuts a text into words?"""
    tasks = ["".join(split) for split in cut(texts, map_tasks)]
    return sum(len(set(task)) if combine else len(task) for task in tasks)


@exercise.mistake
def split_at_each_space(texts, map_tasks, combine=False):
    """You split at each single space, so an empty text and a space at the end make words of no letters. What does
    `split` do when it is told nothing?"""
    tasks = [" ".join(split).split(" ") for split in cut(texts, map_tasks)]
    return sum(len(set(task)) if combine else len(task) for task in tasks)


@exercise.mistake
def words_cut_not_texts(texts, map_tasks, combine=False):
    """You cut the words of all texts into equal pieces. A record goes to one task as a whole: what is cut?"""
    words = " ".join(texts).split()
    return count(cut(words, map_tasks), combine)


@exercise.mistake
def one_text_of_each_task(texts, map_tasks, combine=False):
    """You count one text of each task, the last. Do the words of its other texts stay?"""
    return count([split[-1:] for split in cut(texts, map_tasks)], combine)


@exercise.mistake
def texts_counted(texts, map_tasks, combine=False):
    """You count texts, not words. What does the mapper make of a text?"""
    return sum(len(set(split)) if combine else len(split) for split in cut(texts, map_tasks))


@exercise.mistake
def one_pair_for_each_task(texts, map_tasks, combine=False):
    """With a combiner each of your tasks sends one pair. The counts of different words cannot be added: how many
    different ones has a task?"""
    return sum(1 for split in cut(texts, map_tasks) if " ".join(split).split()) if combine else count([texts], False)


@exercise.mistake
def lower_case(texts, map_tasks, combine=False):
    """You take "The" and "the" for the same word. Words count as they stand: what was changed before?"""
    return count(cut([text.lower() for text in texts], map_tasks), combine)


@exercise.mistake
def texts_joined_without_a_space(texts, map_tasks, combine=False):
    """You join texts with nothing between them, so the last word of one and the first of the next become one. What
    should stand there?"""
    return count([["".join(split)] for split in cut(texts, map_tasks)], combine)


@exercise.mistake
def dealt_like_cards(texts, map_tasks, combine=False):
    """You deal the texts out in turns. A task gets neighbours: which slice does the exercise give?"""
    return count([texts[i::map_tasks] for i in range(map_tasks)], combine)


@exercise.mistake
def cut_rounded_up(texts, map_tasks, combine=False):
    """You round the length of a piece up and give each task that many texts. Which slice does the exercise give?"""
    size = max(1, math.ceil(len(texts) / map_tasks))
    return count([texts[i * size : (i + 1) * size] for i in range(map_tasks)], combine)


@exercise.mistake
def longer_pieces_first(texts, map_tasks, combine=False):
    """Your longer pieces come first, as with `np.array_split`. Which slice does the exercise give?"""
    size, rest = divmod(len(texts), map_tasks)
    ends = [i * size + min(i, rest) for i in range(map_tasks + 1)]
    return count([texts[a:b] for a, b in itertools.pairwise(ends)], combine)


@exercise.mistake
def texts_left_over(texts, map_tasks, combine=False):
    """You round the length of a piece down, and the texts that are left over go to no task. Is every text counted?"""
    size = len(texts) // map_tasks
    return count([texts[i * size : (i + 1) * size] for i in range(map_tasks)], combine)


@exercise.mistake
def rest_to_the_last(texts, map_tasks, combine=False):
    """You give all texts that are left over to the last task. Which slice does the exercise give?"""
    size = len(texts) // map_tasks
    return count([texts[i * size : (i + 1) * size if i < map_tasks - 1 else None] for i in range(map_tasks)], combine)


@exercise.mistake
def pieces_of_that_length(texts, map_tasks, combine=False):
    """You cut pieces of `map_tasks` texts. It is the number of the pieces: how long is each?"""
    return count([texts[i : i + map_tasks] for i in range(0, len(texts), map_tasks)], combine)


@exercise.mistake
def pairs_saved(texts, map_tasks, combine=False):
    """With a combiner you count the pairs that it saves. How many are still sent?"""
    everything = count([texts], False)
    return everything - count(cut(texts, map_tasks), True) if combine else everything


@exercise.mistake
def first_task_only(texts, map_tasks, combine=False):
    """You count the first task only. What do the others send?"""
    return count(cut(texts, map_tasks)[:1], combine)


@exercise.mistake
def all_different_words_for_each_task(texts, map_tasks, combine=False):
    """Each of your tasks sends all words of the whole job. Which words has a task met?"""
    return map_tasks * count([texts], True) if combine else count([texts], False)
