"""What the numbers of a training say: too small or too little data, a planted bug, a mean that looks back."""

import numpy as np

from course_lib.plots.style import INK, LOSS, NEUTRAL, OURS, Figure, picture, ticks_inside, write
from course_lib.text.numbers import number

DASHED = (0, (3, 1.6))  # on unseen data


@picture
def running_mean(shown, after, unseen):
    """The accuracy that a progress bar shows, batch by batch, beside that of the weights at the end of each epoch.

    shown: the bar's number after each batch, all epochs one after the other; it starts anew with each epoch.
    after, unseen: accuracy at the end of each epoch, on the training and on the held-back examples.
    """
    epochs = len(after)
    batches = len(shown) // epochs
    ends = batches * np.arange(1, epochs + 1)
    first = [shown[batches - 1], unseen[0], after[0]]
    figure = Figure(f"The bar says {first[0]:.0%}; on unseen texts it is {first[1]:.0%}")
    axes = figure.subplots()
    for end in ends:
        axes.axvline(end, color=NEUTRAL, linewidth=0.8)
        part = slice(end - batches, end)
        axes.plot(np.arange(1, len(shown) + 1)[part], shown[part], color=OURS, clip_on=False)
    for x, value, k in [*zip(ends, after, [1] * epochs), *zip(ends, unseen, [0] * epochs)]:
        axes.plot(x, value, "o", color=OURS if k else "white", markeredgecolor=OURS, markeredgewidth=2, markersize=9)
    for side, value, text in zip((1, -1, -1), first, ("the bar", "unseen texts", "the same texts again")):
        at = ends[0] + side * 0.05 * batches
        write(axes, at, value, f"{text} {value:.0%}", 8.5, NEUTRAL, ha="left" if side > 0 else "right")
    axes.set(xlabel="batch", ylabel="accuracy", ylim=(0, 1.02), xlim=(0, ends[-1] * 1.02), xticks=[1, *ends])
    ticks_inside(axes)
    told = "; ".join(
        f"epoch {k + 1}: bar {shown[end - 1]:.2f}, the same texts after it {after[k]:.2f}, unseen texts {unseen[k]:.2f}"
        for k, end in enumerate(ends)
    )
    return figure.describe(f"Accuracy in {epochs} epochs of {batches} batches. {told}.")


@picture
def learning_curves(runs, title):
    """Training loss and loss on unseen data over the epochs, one panel a run, all on the same scale.

    runs: {name: history} with "loss" and "val_loss"; the first line of a name is the panel's heading.
    """
    top = 1.08 * max(max(history["loss"] + history["val_loss"]) for history in runs.values())
    figure = Figure(title, width=7.2, height=3.3)
    grid = figure.subplots(1, len(runs), sharey=True, squeeze=False)[0]
    for axes, (name, history) in zip(grid, runs.items()):
        _panel(axes, name, history)
        axes.set_ylim(0, top)
        best, epochs = int(np.argmin(history["val_loss"])), len(history["loss"])
        axes.plot(best + 1, history["val_loss"][best], "o", color="white", markeredgecolor=LOSS, markeredgewidth=1.8)
        low, high = sorted([history["loss"][-1], history["val_loss"][-1]])
        axes.plot([epochs, epochs], [low, high], color=NEUTRAL, linewidth=1, zorder=1)
        narrow = high - low < 0.2 * top
        at = low - 0.03 * top if narrow else (low + high) / 2
        write(axes, epochs, at, f"gap {high - low:.2f} ", 8.5, NEUTRAL, ha="right", va="top" if narrow else "center")
    grid[0].set_ylabel("loss")
    ticks_inside(grid[0])
    _name_lines(grid[0], list(runs.values())[0], top)
    told = []
    for name, history in runs.items():
        seen, unseen = history["loss"], history["val_loss"]
        told.append(
            f"{name.replace(chr(10), ', ')}: after {len(seen)} epochs training loss {number(seen[-1])}, on unseen data "
            f"{number(unseen[-1])}, lowest there {number(min(unseen))} after epoch {1 + int(np.argmin(unseen))}"
        )
    return figure.describe(f"{'; '.join(told)}.")


@picture
def planted_bugs(runs, sound, title):
    """The loss curves of broken programs, each on its own scale, with those of the sound program in grey behind them.

    runs: {name: history}; sound: the history without a bug. A dotted line is ln 10, the loss of a guess among ten.
    """
    guess = np.log(10)
    columns = 2
    rows = -(-len(runs) // columns)
    figure = Figure(title, width=6.8, height=0.7 + 2.3 * rows)
    grid = figure.subplots(rows, columns, squeeze=False)
    for spare in grid.flat[len(runs) :]:
        spare.remove()
    for k, (axes, (name, history)) in enumerate(zip(grid.flat, runs.items())):
        epochs = np.arange(1, len(sound["loss"]) + 1)
        axes.plot(epochs, sound["loss"], color="#B9BDC2", linewidth=1.6)
        axes.plot(epochs, sound["val_loss"], color="#B9BDC2", linewidth=1.6, linestyle=DASHED)
        _panel(axes, name, history)
        top = 1.12 * max(history["loss"] + history["val_loss"] + [guess])
        axes.axhline(guess, color=NEUTRAL, linewidth=1, linestyle=(0, (1, 1.5)))
        axes.set(ylim=(0, top))
        if k % columns == 0:
            axes.set_ylabel("loss")
        ticks_inside(axes)
    key = "solid: training     dashed: validation     grey: without the bug     dotted: ln 10, a guess among ten"
    figure.supxlabel(key, fontsize=8.5, color=NEUTRAL)
    told = "; ".join(
        f"{name}: training loss {number(h['loss'][0])} to {number(h['loss'][-1])}, on its validation data "
        f"{number(h['val_loss'][0])} to {number(h['val_loss'][-1])}"
        for name, h in {**runs, "without a bug": sound}.items()
    )
    return figure.describe(f"{told}. A guess among ten costs {guess:.3f}.")


def _panel(axes, name, history):
    epochs = np.arange(1, len(history["loss"]) + 1)
    axes.plot(epochs, history["loss"], color=LOSS)
    axes.plot(epochs, history["val_loss"], color=LOSS, linestyle=DASHED)
    heading, _, rest = name.partition("\n")
    axes.set_title(heading, color=INK, fontweight="bold", pad=21 if rest else None)
    if rest:
        axes.text(0, 1.02, rest, transform=axes.transAxes, fontsize=8.5, color=NEUTRAL, va="bottom")
    step = next((step for step in (1, 2, 5, 10, 25, 50) if epochs[-1] <= 4 * step), epochs[-1])
    ticks = sorted({1, *range(step, epochs[-1] + 1, step)})
    axes.set(xlabel="epoch", xlim=(1, epochs[-1] + 0.02 * epochs[-1]), xticks=ticks)


def _name_lines(axes, history, top):
    middle = len(history["loss"]) // 2
    for key, text, side in [("val_loss", "on unseen data", 1), ("loss", "on training data", -1)]:
        write(
            axes,
            middle + 1,
            history[key][middle] + side * 0.035 * top,
            text,
            8.5,
            NEUTRAL,
            ha="left" if side > 0 else "right",
            va="bottom" if side > 0 else "top",
        )
