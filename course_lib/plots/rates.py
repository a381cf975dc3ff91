"""Learning rates: schedules, a range test, reduce-on-plateau epoch by epoch, and what each of them earns."""

import numpy as np

from course_lib.plots.style import INK, LOSS, NEUTRAL, OURS, Figure, picture, ticks_inside, write
from course_lib.text.numbers import number
from course_lib.text.words import counted, listed, plural

EVENTS = {  # what an epoch did to the machine: ground and ink of its box
    "improved": ("#F3DFEA", INK),
    "waiting": ("#E3E6E9", INK),
    "reduced": (OURS, "white"),
    "cooling": ("white", NEUTRAL),
}


@picture
def schedules(rates, steps, title=None):
    """Rates over the steps, one small panel each. rates: {name: function of the step}."""
    t = np.unique(np.linspace(0, steps, 241).round().astype(int))
    curves = {name: np.array([rate(step) for step in t]) for name, rate in rates.items()}
    top = max(curve.max() for curve in curves.values())
    columns = min(3, len(rates))
    rows = -(-len(rates) // columns)
    figure = Figure(title or f"{counted(len(rates), 'way')} to spend {steps:,} steps", height=0.8 + 1.55 * rows)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for spare in grid.flat[len(rates) :]:
        spare.remove()
    for k, (axes, (name, curve)) in enumerate(zip(grid.flat, curves.items())):
        axes.plot(t, curve, color=OURS, clip_on=False)
        axes.set_title(name, color=INK, fontweight="bold")
        axes.set(xlim=(0, steps), ylim=(0, 1.06 * top), xticks=[0, steps // 2, steps])
        if k + columns >= len(rates):
            axes.set_xlabel("step")
            axes.tick_params(labelbottom=True)
        if k % columns == 0:
            axes.set_ylabel("learning rate")
    ticks_inside(grid[0, 0])
    values = "; ".join(
        f"{name} {number(curve[0], 3)}, {number(curve[len(t) // 2], 3)}, {number(curve[-1], 3)}"
        for name, curve in curves.items()
    )
    return figure.describe(f"Learning rates at the first, the middle and the last of {steps:,} steps: {values}.")


@picture
def rate_range(test):
    """A range test: the loss of each batch over its rate, smoothed, with the lowest point and the suggestion."""
    figure = Figure("The loss falls until the rate tears it up")
    axes = figure.subplots()
    axes.plot(test.rates, test.losses, color=LOSS, linewidth=0.9, alpha=0.5)
    axes.plot(test.rates, test.smoothed, color=LOSS)
    low = float(np.nanmin(test.smoothed))
    top = 1.5 * float(test.smoothed[0])
    axes.set(xscale="log", xlabel="learning rate of the step", ylabel="loss of the batch", ylim=(0, top))
    decades = 10.0 ** np.arange(np.ceil(np.log10(test.rates[0])), np.floor(np.log10(test.rates[-1])) + 1)
    axes.set(
        xlim=(test.rates[0] / 1.4, test.rates[-1] * 1.1), xticks=decades, xticklabels=[f"{rate:g}" for rate in decades]
    )
    axes.minorticks_off()
    ticks_inside(axes)
    for rate, text, side, step in [
        (test.suggestion, f"suggestion\n{test.suggestion:.2g}", "right", 0.94),
        (test.lowest, f"lowest, {test.lowest:.2g}", "right", 0.12),
    ]:
        axes.axvline(rate, color=OURS if rate == test.suggestion else NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
        write(axes, rate * 0.92, top * step, text, 9, OURS if rate == test.suggestion else NEUTRAL, ha=side, va="top")
    return figure.describe(
        f"{len(test.rates)} steps with rates from {test.rates[0]:.2g} to {test.rates[-1]:.2g}: the smoothed loss goes "
        f"from {test.smoothed[0]:.2f} down to {low:.2f} at rate {test.lowest:.2g}; suggested is {test.suggestion:.2g}."
    )


@picture
def rate_runs(runs, rates):
    """Runs side by side: the rate of each epoch above, training loss and loss on unseen data below.

    runs: {name: history}; rates: {name: rates at points of time evenly spaced from the first step to the last}.
    """
    best = {name: min(history["val_loss"]) for name, history in runs.items()}
    figure = Figure("The same top rate, three ways down", height=3.9)
    grid = figure.subplots(2, len(runs), sharex=True, sharey="row", squeeze=False, height_ratios=[1, 2])
    for column, (name, history) in enumerate(runs.items()):
        above, below = grid[:, column]
        epochs = np.arange(1, len(history["loss"]) + 1)
        above.plot(np.linspace(0, epochs[-1], len(rates[name])), rates[name], color=OURS, linewidth=1.8)
        above.set_title(name, color=INK, fontweight="bold")
        below.plot(epochs, history["loss"], color=LOSS)
        below.plot(epochs, history["val_loss"], color=LOSS, linestyle=(0, (3, 1.6)))
        ticks = [epochs[0], epochs[-1]] if len(epochs) < 3 else [0, epochs[-1] // 2, epochs[-1]]
        below.set(xlabel="epoch", xlim=(0, epochs[-1] + 0.3), xticks=ticks)
        above.set_ylim(0)
        below.set_ylim(0)
    ticks_inside(grid[0, 0])
    ticks_inside(grid[1, 0])
    grid[0, 0].set_ylabel("rate")
    grid[1, 0].set_ylabel("loss")
    last, high = list(runs.values())[-1], below.get_ylim()[1]
    for key, text in [("val_loss", "unseen data"), ("loss", "training")]:
        half = max(last[key][len(epochs) // 2 :])
        write(below, epochs[-1], half + 0.03 * high, text, 8.5, NEUTRAL, ha="right", va="bottom")
    ends = "; ".join(
        f"{name}: training loss {history['loss'][-1]:.2f}, on unseen data {history['val_loss'][-1]:.2f}, "
        f"lowest there {best[name]:.2f}"
        for name, history in runs.items()
    )
    return figure.describe(f"After the last epoch, {ends}.")


@picture
def plateau(losses, rates, next_rates, to_beat, wait, cooldown, events):
    """Reduce-on-plateau by epochs: the loss and what it had to beat, what was done, the rate; then the machine."""
    epochs = np.arange(1, len(losses) + 1)
    cuts = [epoch for epoch, event in zip(epochs, events) if event == "reduced"]
    named = listed(cuts) if cuts else ""
    figure = Figure(
        f"The rate is cut after {plural(len(cuts), 'epoch')} {named}" if cuts else "The rate is never cut",
        width=7.2,
        height=6.1,
    )
    above, strip, below, machine = figure.subplots(4, 1, height_ratios=[2.9, 0.5, 1.2, 2.3])
    for axes in (above, strip, below):
        axes.set(xlim=(0.4, len(losses) + 0.6), xticks=epochs)
        axes.tick_params(labelbottom=axes is below, labelsize=8)

    bar = np.array([np.nan if number is None else number for number in to_beat], float)
    above.step(epochs, bar, where="mid", color=NEUTRAL, linewidth=1.2, linestyle=(0, (3, 2)))
    above.plot(epochs, losses, color=LOSS, marker="o", markersize=4)
    top = 1.1 * max(losses)
    above.set(ylim=(0, top))
    ticks_inside(above)
    above.set_ylabel("loss")
    write(
        above,
        len(losses) + 0.5,
        bar[-1] - 0.03 * max(losses),
        "to beat: best − min_delta",
        8.5,
        NEUTRAL,
        ha="right",
        va="top",
    )

    strip.set(ylim=(0, 1), yticks=[])
    strip.grid(False)
    strip.spines[:].set_visible(False)
    for epoch, event, waited, left in zip(epochs, events, wait, cooldown):
        ground, ink = EVENTS[event]
        edge = NEUTRAL if event == "cooling" else ground
        style = (0, (2, 1.5)) if event == "cooling" else "-"
        strip.fill_between([epoch - 0.44, epoch + 0.44], 0, 1, facecolor=ground, edgecolor=edge, linestyle=style)
        text = {"improved": "✓", "waiting": str(waited), "reduced": "cut", "cooling": f"({left})"}[event]
        write(strip, epoch, 0.5, text, 7.5, ink, bold=event == "reduced")

    below.step(epochs, rates, where="mid", color=OURS)
    below.set(ylim=(0, 1.2 * max(rates)), xlabel="epoch")
    below.set_ylabel("rate")
    _machine(machine)
    then = f"After {plural(len(cuts), 'epoch')} {named} it is cut" if cuts else "It is never cut"
    times = {event: events.count(event) for event in EVENTS}
    return figure.describe(
        f"{counted(len(losses), 'epoch')}, loss {number(losses[0], 3)} to {number(losses[-1], 3)}, rate {rates[0]:g} "
        f"at first. {then}, to {next_rates[-1]:.3g}. {counted(times['improved'], 'epoch')} improved, "
        f"{times['waiting']} waited, {times['cooling']} cooled down."
    )


def _machine(axes):
    """The two states of the machine and the five ways between them."""
    axes.set(xlim=(0, 100), ylim=(0, 36))
    axes.axis("off")
    for x, name, holds in [(27, "watching", "keeps best and wait"), (78, "cooling down", "keeps best and counter")]:
        axes.fill_between([x - 13, x + 13], 12, 24, facecolor="#F4F5F6", edgecolor=NEUTRAL, linewidth=1.2)
        write(axes, x, 19.8, name, 9.5, bold=True)
        write(axes, x, 15.4, holds, 8, NEUTRAL)
    look = {"arrowstyle": "->", "color": NEUTRAL, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 1}
    for start, end, bend in [
        ((40, 20.5), (65, 20.5), 0), ((65, 15.5), (40, 15.5), 0), ((22, 24), (32, 24), -1.1),
        ((32, 12), (22, 12), -1.1), ((83, 12), (73, 12), -1.1), ((73, 24), (83, 24), -1.1),
    ]:  # fmt: skip
        axes.annotate("", end, start, arrowprops={**look, "connectionstyle": f"arc3,rad={bend}"})
    for x, y, event, text in [
        (27, 33.6, "improved", "better: best = loss, wait = 0"),
        (78, 33.6, "improved", "better: best = loss, counter − 1"),
        (27, 2.4, "waiting", "no better: wait + 1"), (78, 2.4, "cooling", "no better: counter − 1"),
        (52.5, 26, "reduced", "wait = patience:\nrate × factor"), (52.5, 11.8, None, "counter at 0"),
    ]:  # fmt: skip
        ground, ink = EVENTS.get(event, ("none", NEUTRAL))
        frame = {
            "boxstyle": "round,pad=0.3",
            "facecolor": ground,
            "edgecolor": NEUTRAL if event == "cooling" else "none",
        }
        axes.text(x, y, text, fontsize=8, color=ink, ha="center", va="center", bbox=frame)
