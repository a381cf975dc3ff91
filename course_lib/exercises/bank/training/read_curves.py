"""What the learning curves say

**Goal.** Read from a training history which epoch was the best one, and what is wrong with the training, if anything.

**Given.**
- `loss`: the training loss after each epoch, a `list` of floats, at least one.
- `val_loss`: the validation loss after each epoch, a `list` as long.
- `target`: the training loss that is good enough for this task.
- `gap`: how far the validation loss may rise again without alarm. 0.05 if nothing is said.

**Write** `read_curves(loss, val_loss, target, gap=0.05)`.
The best epoch is the one with the smallest *validation* loss; of several equal ones the first.
Epochs are counted from 1, as in Keras's lines "Epoch 1/20".
For the verdict look at the last epoch, and ask in this order:
1. Is the training loss *above* `target`? Then the model does not even fit the data it has seen: `"underfitting"`.
2. Is the validation loss *more* than `gap` above its value at the best epoch? Then the model fits the data it has seen,
   and does worse than before on those it has not: `"overfitting"`.
3. Otherwise `"good"`.

**Returns** a pair `(best_epoch, verdict)`: an `int` and a text.

**Example.** `loss = [1.0, 0.5, 0.3, 0.1]`, `val_loss = [1.1, 0.7, 0.6, 0.9]`, `target = 0.2`.
The validation loss is smallest in epoch 3. At the end the training loss 0.1 is not above 0.2, but the validation loss
0.9 is 0.3 above 0.6: `(3, "overfitting")`. With `target = 0.05` it is `(3, "underfitting")`,
with `target = 0.2` and `gap = 0.5` it is `(3, "good")`.

**Check** with `q.check(read_curves)`.
"""

import numpy as np

from course_lib.exercises import Case, Exercise
from course_lib.text.words import counted


def read_curves(loss, val_loss, target, gap=0.05):
    """(best epoch, counted from 1; "underfitting", "overfitting" or "good")."""
    best = val_loss.index(min(val_loss))
    if loss[-1] > target:
        verdict = "underfitting"
    elif val_loss[-1] - val_loss[best] > gap:
        verdict = "overfitting"
    else:
        verdict = "good"
    return best + 1, verdict


def by_hand(loss, val_loss, target, gap=0.05):
    best = val_loss.index(min(val_loss))
    above = "above" if loss[-1] > target else "not above"
    rise = val_loss[-1] - val_loss[best]
    more = "more" if rise > gap else "not more"
    return (
        f"{counted(len(loss), 'epoch')}. The smallest validation loss is {val_loss[best]:.4g}, in epoch "
        f"{best + 1}. At the end the training loss is {loss[-1]:.4g}, {above} the target {target:.4g}, and the "
        f"validation loss {val_loss[-1]:.4g}, which is {rise:.4g} higher than at its best: {more} than {gap:.4g}."
    )


def draw(rng):
    n = int(rng.integers(8, 15))
    epochs = np.arange(n)
    loss = 2 * float(rng.uniform(0.6, 0.9)) ** epochs + rng.uniform(0, 0.05, n)
    val_loss = loss + 0.2 + float(rng.uniform(0, 0.04)) * epochs + rng.uniform(0, 0.1, n)
    target, gap = float(rng.uniform(0.2, 0.5)), float(rng.uniform(0.02, 0.2))
    rounded = [[round(float(v), 3) for v in values] for values in (loss, val_loss)]
    return *rounded, round(target, 2) + 0.0005, round(gap, 2) + 0.0005  # no comparison is a tie


MEMORIZED = [1.0, 0.5, 0.25, 0.125, 0.0625], [1.0, 0.75, 0.625, 0.75, 0.875]

exercise = Exercise(
    read_curves,
    cases=[
        Case("both fall to the end", [1.0, 0.5, 0.25, 0.125], [1.0, 0.75, 0.5, 0.375], 0.3, 0.1),
        Case("learned by heart", *MEMORIZED, 0.1, 0.125),
        Case("it hardly learns, two equal best", [1.5, 1.25, 1.0, 0.875], [1.5, 1.375, 1.25, 1.25], 0.5, 0.1),
        Case("above the target, and worse on what is new", [1.5, 1.0, 0.75], [1.0, 0.75, 1.25], 0.6, 0.125),
        Case("risen by exactly the gap", *MEMORIZED, 0.1, 0.25),
        Case("exactly the target", [1.0, 0.75, 0.5], [1.25, 0.875, 0.75], 0.5, 0.1),
        Case(
            "far above the training loss, but level", [1.0, 0.25, 0.125, 0.0625], [1.5, 1.125, 1.0, 1.0625], 0.2, 0.25
        ),
        Case("a bump before the best", [1.0, 0.5, 0.375, 0.25], [1.25, 2.5, 0.75, 0.8125], 0.3, 0.125),
        Case("a bump after the best", [1.0, 0.5, 0.25, 0.25], [1.25, 0.5, 1.5, 0.5625], 0.4, 0.125),
        Case("falling again, too late", [1.0, 0.5, 0.25, 0.125], [1.25, 0.5, 1.25, 1.0], 0.2, 0.25),
        Case("it was below the target once", [1.0, 0.25, 0.75, 0.625], [1.0, 0.5, 0.5625, 0.625], 0.5, 0.25),
        Case("validation below training", [1.0, 0.75, 0.625, 0.5], [0.75, 0.5, 0.4375, 0.375], 0.55, 0.03125),
        Case("gap left out", *MEMORIZED, 0.1),
        Case("gap left out, a small rise", [1.0, 0.25, 0.125], [1.0, 0.5, 0.53125], 0.25),
        Case("gap left out, a little more", [1.0, 0.25, 0.125], [1.0, 0.5, 0.5625], 0.25),
        Case("level at its best", [1.0, 0.25, 0.125, 0.0625], [1.0, 0.75, 0.5, 0.5], 0.25, 0.125),
        Case("both risen, training still below the target", [1.0, 0.25, 0.375], [1.0, 0.5, 0.75], 0.5, 0.125),
        Case("the first was the best", [0.75, 0.5, 0.375], [0.625, 0.875, 0.875], 0.4, 0.125),
        Case("one epoch", [0.5], [0.625], 0.5, 0.25),
        Case("large losses, gap by its name", [4e4, 2e4, 1e4, 5e3], [4e4, 3e4, 2.5e4, 3.5e4], 6000, gap=8000),
    ],
    random_case=draw,
    hints=[
        "Which of the two curves says how the model does on examples it has not seen? And which says whether it has "
        "learned at all?",
        by_hand,
        "`best = val_loss.index(min(val_loss))`; first `if loss[-1] > target`, then "
        "`elif val_loss[-1] - val_loss[best] > gap`; return `best + 1` with the verdict.",
    ],
)


def answer(loss, val_loss, target, gap, best=None, under=None, over=None, order=("underfitting", "overfitting")):
    """The pair, with another best epoch (from 0) or another rule for one of the verdicts. For the mistakes."""
    right = val_loss.index(min(val_loss))
    rules = {
        "underfitting": loss[-1] > target if under is None else under,
        "overfitting": val_loss[-1] - val_loss[right] > gap if over is None else over,
    }
    verdict = next((name for name in order if rules[name]), "good")
    return (right if best is None else best) + 1, verdict


# --- the best epoch


@exercise.mistake
def smallest_training_loss(loss, val_loss, target, gap=0.05):
    """You take the epoch with the smallest training loss. Which curve says how the model does on new examples?"""
    best = loss.index(min(loss))
    return answer(loss, val_loss, target, gap, best, over=val_loss[-1] - val_loss[best] > gap)


@exercise.mistake
def last_of_equal_ones(loss, val_loss, target, gap=0.05):
    """Of several equally small validation losses you take a later one. Which one is asked for?"""
    return answer(loss, val_loss, target, gap, len(loss) - 1 - val_loss[::-1].index(min(val_loss)))


@exercise.mistake
def counted_from_0(loss, val_loss, target, gap=0.05):
    """Your first epoch has the number 0. From which number on are epochs counted here?"""
    best, verdict = read_curves(loss, val_loss, target, gap)
    return best - 1, verdict


@exercise.mistake
def last_epoch(loss, val_loss, target, gap=0.05):
    """Your best epoch is always the last one. Where is the validation loss smallest?"""
    return answer(loss, val_loss, target, gap, len(loss) - 1)


@exercise.mistake
def largest_validation_loss(loss, val_loss, target, gap=0.05):
    """You take the epoch with the largest validation loss. Should a loss be large or small?"""
    return answer(loss, val_loss, target, gap, val_loss.index(max(val_loss)))


@exercise.mistake
def smallest_difference(loss, val_loss, target, gap=0.05):
    """You take the epoch in which the two curves are closest. A model that has learned nothing is equally bad on both:
    which number should be small?"""
    distances = [abs(b - a) for a, b in zip(loss, val_loss)]
    return answer(loss, val_loss, target, gap, distances.index(min(distances)))


@exercise.mistake
def first_valley(loss, val_loss, target, gap=0.05):
    """You stop at the first epoch after which the validation loss rises. May it be smaller still, later on?"""
    best = next((i for i in range(len(loss) - 1) if val_loss[i + 1] > val_loss[i]), len(loss) - 1)
    return answer(loss, val_loss, target, gap, best, over=val_loss[-1] - val_loss[best] > gap)


@exercise.mistake
def first_epoch_below_the_target(loss, val_loss, target, gap=0.05):
    """Your best epoch is the first whose training loss reaches the target. Which loss makes an epoch the best?"""
    best = next((i for i, value in enumerate(loss) if value <= target), len(loss) - 1)
    return answer(loss, val_loss, target, gap, best)


@exercise.mistake
def loss_instead_of_epoch(loss, val_loss, target, gap=0.05):
    """You return the smallest validation loss itself. In which epoch was it met?"""
    return min(val_loss), read_curves(loss, val_loss, target, gap)[1]


# --- underfitting


@exercise.mistake
def validation_against_the_target(loss, val_loss, target, gap=0.05):
    """You hold the validation loss against the target. Which curve says whether the model fits the data it has seen?"""
    return answer(loss, val_loss, target, gap, under=val_loss[-1] > target)


@exercise.mistake
def equal_is_above(loss, val_loss, target, gap=0.05):
    """For you a training loss of exactly the target is underfitting. Is "above" `>` or `>=`?"""
    return answer(loss, val_loss, target, gap, under=loss[-1] >= target)


@exercise.mistake
def smallest_loss_against_the_target(loss, val_loss, target, gap=0.05):
    """You hold the smallest training loss against the target. In which epoch is the verdict asked for?"""
    return answer(loss, val_loss, target, gap, under=min(loss) > target)


@exercise.mistake
def best_epoch_against_the_target(loss, val_loss, target, gap=0.05):
    """You hold the training loss of the best epoch against the target. In which epoch is the verdict asked for?"""
    return answer(loss, val_loss, target, gap, under=loss[val_loss.index(min(val_loss))] > target)


@exercise.mistake
def first_epoch_against_the_target(loss, val_loss, target, gap=0.05):
    """You hold the training loss of the first epoch against the target. In which epoch is the verdict asked for?"""
    return answer(loss, val_loss, target, gap, under=loss[0] > target)


@exercise.mistake
def below_the_target(loss, val_loss, target, gap=0.05):
    """You call it underfitting when the training loss is below the target. Is a small loss a good one?"""
    return answer(loss, val_loss, target, gap, under=loss[-1] < target)


@exercise.mistake
def underfitting_while_it_falls(loss, val_loss, target, gap=0.05):
    """You call it underfitting when the last epoch is the best one, so that it might go on. What is the loss compared
    with?"""
    best = val_loss.index(min(val_loss))
    return answer(loss, val_loss, target, gap, under=best == len(loss) - 1)


@exercise.mistake
def target_ignored(loss, val_loss, target, gap=0.05):
    """You never say "underfitting". What is the target for?"""
    return answer(loss, val_loss, target, gap, under=False)


# --- overfitting


@exercise.mistake
def validation_against_training(loss, val_loss, target, gap=0.05):
    """You compare the validation loss with the training loss. Validation is nearly always above training: with which
    number is its loss compared here?"""
    return answer(loss, val_loss, target, gap, over=val_loss[-1] - loss[-1] > gap)


@exercise.mistake
def validation_against_training_at_the_best(loss, val_loss, target, gap=0.05):
    """You compare the two losses of the best epoch. Validation is nearly always above training: which two numbers of
    the validation curve are compared here?"""
    best = val_loss.index(min(val_loss))
    return answer(loss, val_loss, target, gap, over=val_loss[best] - loss[best] > gap)


@exercise.mistake
def equal_to_the_gap(loss, val_loss, target, gap=0.05):
    """For you a rise of exactly the gap is overfitting. Is "more than" `>` or `>=`?"""
    return answer(loss, val_loss, target, gap, over=val_loss[-1] - min(val_loss) >= gap)


@exercise.mistake
def any_rise(loss, val_loss, target, gap=0.05):
    """You call any rise overfitting, however small. What is the gap for?"""
    return answer(loss, val_loss, target, gap, over=val_loss[-1] > min(val_loss))


@exercise.mistake
def not_at_its_best(loss, val_loss, target, gap=0.05):
    """You call it overfitting wherever the best epoch is not the last one. How far must the loss have risen since?"""
    return answer(loss, val_loss, target, gap, over=val_loss.index(min(val_loss)) < len(loss) - 1)


@exercise.mistake
def only_while_training_falls(loss, val_loss, target, gap=0.05):
    """You say "overfitting" only where the training loss has fallen since the best epoch. Does the second question ask
    for that?"""
    best = val_loss.index(min(val_loss))
    return answer(loss, val_loss, target, gap, over=val_loss[-1] - val_loss[best] > gap and loss[-1] < loss[best])


@exercise.mistake
def gap_as_a_share(loss, val_loss, target, gap=0.05):
    """You take the gap for a share of the best loss. Is it a share, or a difference?"""
    return answer(loss, val_loss, target, gap, over=val_loss[-1] - min(val_loss) > gap * min(val_loss))


@exercise.mistake
def gap_always_a_twentieth(loss, val_loss, target, gap=0.05):
    """Your gap is 0.05, whatever was passed. Which argument says it?"""
    return answer(loss, val_loss, target, 0.05)


@exercise.mistake
def risen_since_the_first_epoch(loss, val_loss, target, gap=0.05):
    """You ask how far the validation loss rose since the first epoch. Since which epoch should it be?"""
    return answer(loss, val_loss, target, gap, over=val_loss[-1] - val_loss[0] > gap)


@exercise.mistake
def risen_in_the_last_epoch(loss, val_loss, target, gap=0.05):
    """You ask how far the validation loss rose in the last epoch alone. Since which epoch should it be?"""
    return answer(loss, val_loss, target, gap, over=len(loss) > 1 and val_loss[-1] - val_loss[-2] > gap)


@exercise.mistake
def highest_after_the_best(loss, val_loss, target, gap=0.05):
    """You look for the highest validation loss after the best. Which epoch's is asked for?"""
    best = val_loss.index(min(val_loss))
    return answer(loss, val_loss, target, gap, over=max(val_loss[best:]) - val_loss[best] > gap)


@exercise.mistake
def highest_of_all(loss, val_loss, target, gap=0.05):
    """You compare the highest validation loss with the smallest. Curves begin high: which epoch's is asked for?"""
    return answer(loss, val_loss, target, gap, over=max(val_loss) - min(val_loss) > gap)


@exercise.mistake
def never_overfitting(loss, val_loss, target, gap=0.05):
    """You never say "overfitting". The best minus the last is never above 0: how far has the loss risen since?"""
    return answer(loss, val_loss, target, gap, over=False)


# --- the pair


@exercise.mistake
def overfitting_asked_first(loss, val_loss, target, gap=0.05):
    """Where both are true you say "overfitting". Which question comes first?"""
    return answer(loss, val_loss, target, gap, order=("overfitting", "underfitting"))


@exercise.mistake
def both_named_the_other_way(loss, val_loss, target, gap=0.05):
    """You have exchanged "underfitting" and "overfitting". Which of them fits the data it has seen?"""
    best, verdict = read_curves(loss, val_loss, target, gap)
    return best, {"underfitting": "overfitting", "overfitting": "underfitting"}.get(verdict, verdict)


@exercise.mistake
def shorter_names(loss, val_loss, target, gap=0.05):
    """You answer "underfit" and "overfit". How are the two verdicts spelled in the task?"""
    best, verdict = read_curves(loss, val_loss, target, gap)
    return best, {"underfitting": "underfit", "overfitting": "overfit"}.get(verdict, verdict)


@exercise.mistake
def capital_letters(loss, val_loss, target, gap=0.05):
    """Your verdict begins with a capital letter. How is it spelled in the task?"""
    best, verdict = read_curves(loss, val_loss, target, gap)
    return best, verdict.capitalize()


@exercise.mistake
def verdict_first(loss, val_loss, target, gap=0.05):
    """Your pair is turned round. Which comes first, the epoch or the verdict?"""
    return read_curves(loss, val_loss, target, gap)[::-1]


@exercise.mistake
def only_the_verdict(loss, val_loss, target, gap=0.05):
    """You return the verdict alone. Which epoch was the best?"""
    return read_curves(loss, val_loss, target, gap)[1]


@exercise.mistake
def only_the_epoch(loss, val_loss, target, gap=0.05):
    """You return the epoch alone. What do the curves say at the end?"""
    return read_curves(loss, val_loss, target, gap)[0]
