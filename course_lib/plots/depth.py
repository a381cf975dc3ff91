"""Signal and gradient through the layers of a deep network, and what their size does to a training curve."""

import numpy as np

from course_lib.plots.arrays import EXAMPLES
from course_lib.plots.style import GRADIENT, INK, LOSS, NEUTRAL, Figure, picture, write
from course_lib.text.numbers import number

GRADIENT_TEXT = "#A86F00"  # dark enough for letters
SHADES = ("#B9BFC6", "#7C8FA6", "#0072B2", "#D55E00")  # of four gains, small to large
LOWEST, HIGHEST = 1e-14, 1e8


def power(value):
    """A size of any order in few letters: 0.54, 17, 2.2·10⁻¹³."""
    if 0.01 <= value < 1000:
        return number(value, 2 if value < 10 else 0)
    exponent = int(np.floor(np.log10(value)))
    digits = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{number(value / 10.0**exponent, 1)}·10{digits}"


def _kept(value):
    """What a size became on its way, in a word."""
    return "vanishes" if value < 0.03 else "explodes" if value > 30 else "keeps its size"


def _decades(axes, low=LOWEST, high=HIGHEST, every=4):
    axes.set(yscale="log", ylim=(low, high))
    exponents = range(int(np.ceil(np.log10(low) / every)) * every, int(np.log10(high)) + 1, every)
    axes.set_yticks([10.0**e for e in exponents], ["1" if e == 0 else f"$10^{{{e}}}$" for e in exponents])
    axes.minorticks_off()
    axes.axhline(1, color=NEUTRAL, linewidth=0.9)


@picture
def signal_depth(signal, gradient, activation, gain):
    """Size of the signal on its way up and of the gradient on its way down, over the layers; log scale."""
    depth = len(signal) - 1
    ends = signal[-1], gradient[0]
    words = [_kept(end) for end in ends]
    said = f"the signal {words[0]}, the gradient {words[1]}"
    if words[0] == words[1]:
        said = {"vanishes": "both vanish", "explodes": "both explode"}.get(words[0], "both keep their size")
    figure = Figure(f"{depth} layers of {activation} at gain {number(gain)}: {said}", height=3.6)
    axes = figure.subplots()
    layers = np.arange(depth + 1)
    for sizes, color, end, text, ink, side in [
        (signal, EXAMPLES, depth, f"signal {power(ends[0])}", EXAMPLES, "right"),
        (gradient, GRADIENT, 0, f"gradient {power(ends[1])}", GRADIENT_TEXT, "left"),
    ]:
        axes.plot(layers, sizes, color=color, marker="o", markersize=3.5)
        axes.plot(end, sizes[end], "o", color=color, markersize=7)
        below = sizes[end] < 1
        at = {"xytext": (0, -9 if below else 9), "textcoords": "offset points", "va": "top" if below else "bottom"}
        axes.annotate(text, (end, sizes[end]), ha=side, fontsize=9, fontweight="bold", color=ink, **at)
    low, high = min(LOWEST, signal.min(), gradient.min()) / 300, max(1e4, 10 * signal.max(), 10 * gradient.max())
    _decades(axes, low, high)
    room = 0.015 * depth
    axes.set(xlim=(-room, depth + room), xticks=np.unique(np.linspace(0, depth, 5).round()), xlabel="layer")
    axes.set_ylabel("root mean square")
    return figure.describe(
        f"{depth} layers, {activation}, gain {number(gain)}: the signal goes from 1 to {power(ends[0])}, the gradient "
        f"from 1 at the last layer to {power(ends[1])} at the input."
    )


@picture
def depth_table(measured, title):
    """measured: {activation: {gain's name: (signal, gradient)}}: a column for each activation, a line for each gain."""
    figure = Figure(title, width=7.2, height=4.3)
    grid = figure.subplots(2, len(measured), sharex=True, sharey=True)
    told = []
    for column, (activation, gains) in enumerate(measured.items()):
        for row, axes in enumerate(grid[:, column]):
            for (gain, sizes), color in zip(gains.items(), SHADES):
                layers = np.arange(len(sizes[row]))
                axes.plot(layers, np.clip(sizes[row], LOWEST / 10, HIGHEST * 10), color=color, label=f"gain {gain}")
            _decades(axes)
            axes.set(xlim=(0, layers[-1]), xticks=[0, layers[-1] // 2, layers[-1]])
        grid[0, column].set_title(activation, color=INK, fontweight="bold")
        grid[1, column].set_xlabel("layer")
        ends = ", ".join(f"gain {gain} {power(s[-1])} and {power(g[0])}" for gain, (s, g) in gains.items())
        told.append(f"{activation}: {ends}")
    grid[0, 0].set_ylabel("signal, up →", color=EXAMPLES)
    grid[1, 0].set_ylabel("← gradient, down", color=GRADIENT_TEXT)
    handles, names = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower right", ncols=len(names), fontsize=9, handlelength=1.6)
    depth = layers[-1]
    return figure.describe(f"Signal after {depth} layers and gradient at the input. {'; '.join(told)}.")


@picture
def stuck(runs, title, classes=10):
    """The training loss of several runs, a panel each; the line is the loss of a guess. runs: {name: history}."""
    level, level_name = np.log(classes), f"ln {classes}: a guess"
    top = 1.25 * level
    figure = Figure(title, height=2.7)
    grid = figure.subplots(1, len(runs), sharey=True, squeeze=False)[0]
    told = []
    for axes, (name, history) in zip(grid, runs.items()):
        epochs = np.arange(1, len(history["loss"]) + 1)
        axes.axhline(level, color=NEUTRAL, linewidth=1.1, linestyle=(0, (3, 2)))
        axes.plot(epochs, np.minimum(history["loss"], 2 * top), color=LOSS, marker="o", markersize=3.5)
        axes.set_title(name, color=INK, linespacing=1.25)
        axes.set(xlim=(0.6, epochs[-1] + 0.4), ylim=(0, top), xlabel="epoch", xticks=[1, epochs[-1] // 2, epochs[-1]])
        told.append(f"{' '.join(name.split())} {history['loss'][0]:.2f} to {history['loss'][-1]:.2f}")
    grid[0].set_ylabel("training loss")
    write(grid[-1], epochs[-1] + 0.3, level + 0.04 * top, level_name, 7.5, NEUTRAL, ha="right", va="bottom")
    return figure.describe(
        f"Training loss from the first to the last epoch: {'; '.join(told)}. A guess has ln {classes} = {level:.2f}."
    )
