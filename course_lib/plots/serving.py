"""A model behind HTTP: where requests end, which version answers when, where the time of a request goes."""

import numpy as np
from matplotlib.patches import Patch

from course_lib.plots.style import DATA, FAINT, GRADIENT, INK, NEGATIVE, NEUTRAL, OURS, WEIGHT, Figure, picture, write
from course_lib.text.words import counted

VERSIONS = {"1": DATA, "2": OURS}  # which version answered
PARTS = (WEIGHT, GRADIENT, "#C3C8CD")  # the model, the body, the rest


def _inside(axes):
    """Only those ticks of the lower axis whose numbers stand within it."""
    low, high = axes.get_xlim()
    edge = 0.02 * (high - low)
    axes.set_xticks([tick for tick in axes.get_xticks() if low <= tick <= high - edge])


@picture
def journeys(rows, stations, title=None):
    """The ways of some requests, one a line. rows: (name, number of the station where it ended, status)."""
    ends = {station for _, station, _ in rows}
    if len(rows) == 1:
        (_, station, status) = rows[0]
        found = "passes every station" if station == len(stations) else f"ends at “{stations[station]}”"
        finding = f"The request {found}: {status}"
    else:
        failed = sum(status >= 500 for *_, status in rows)
        finding = f"{len(rows)} requests end at {len(ends)} places, {failed or 'none'} of them in a 500"
    figure = Figure(title or finding, width=7.6, height=1.25 + 0.31 * len(rows))
    axes = figure.subplots()
    axes.set(xlim=(-0.5, len(stations) + 0.75), ylim=(len(rows) - 0.5, -1.1))
    axes.axis("off")
    for k, name in enumerate(stations):
        write(axes, k, -0.85, name, 9, NEUTRAL)
    write(axes, len(stations) + 0.25, -0.85, "status", 9, NEUTRAL)
    for y, (name, station, status) in enumerate(rows):
        write(axes, -0.55, y, name, 9, ha="right")
        reached = min(station, len(stations) - 1)
        axes.plot([0, len(stations) - 1], [y, y], color=FAINT, linewidth=2)
        axes.plot([0, reached], [y, y], color=OURS, linewidth=2)
        passed = np.arange(station)
        axes.plot(passed, np.full(len(passed), y), "o", color=OURS, markersize=8)
        left = np.arange(station + 1, len(stations))
        axes.plot(left, np.full(len(left), y), "o", color="white", markeredgecolor="#C3C8CD", markersize=8)
        if station < len(stations):
            axes.plot([station], [y], "X", color=NEGATIVE, markersize=10)
        write(axes, len(stations) + 0.25, y, str(status), 9.5, OURS if status < 400 else NEGATIVE, bold=True)
    said = "; ".join(
        f"{name}: {status}" + (f" at {stations[station]}" if station < len(stations) else ", answered")
        for name, station, status in rows
    )
    return figure.describe(f"Which of {len(stations)} stations refuses a request, and with which status. {said}.")


@picture
def lanes(panels, title, unit="s", window=None):
    """Which version answered when: a lane for each client, a bar for each request.

    panels: {name: (bars, marks)}. bars: (client, start, end, version, or None where nobody answered).
    marks: (start, end, text), a shaded span of time, or a line where it ends as it starts. All times in `unit`.
    window: from when to when; what lies outside is left out.
    """
    counts = [len({bar[0] for bar in bars}) for bars, _ in panels.values()]
    figure = Figure(title, width=7.6, height=1.15 + sum(0.62 + 0.24 * count for count in counts))
    grid = figure.subplots(len(panels), 1, squeeze=False, height_ratios=[2 + count for count in counts])
    low, high = window or (0, max(bar[2] for bars, _ in panels.values() for bar in bars))
    grain = (high - low) / 2500  # what is closer than this is not seen apart
    shown = {}
    for axes, (name, (bars, marks)), count in zip(grid[:, 0], panels.items(), counts):
        shown[name] = bars = [bar for bar in bars if bar[2] > low and bar[1] < high]
        apart = np.median([bar[2] - bar[1] for bar in bars]) > 20 * grain  # then each request has an edge
        for client, start, end, version in bars if apart else _joined(bars, grain):
            if version is not None:
                axes.fill_between(
                    [start, max(end, start + grain)],
                    client - 0.36,
                    client + 0.36,
                    facecolor=VERSIONS[version],
                    edgecolor="white",
                    linewidth=1.2 if apart else 0,
                )
        refused = [(start, client) for client, start, _, version in bars if version is None]
        strokes = [[(at, client - 0.3), (at, client + 0.3), (np.nan, np.nan)] for at, client in refused]
        if strokes:
            axes.plot(*np.array(strokes).reshape(-1, 2).T, color=NEGATIVE, linewidth=0.9, solid_capstyle="butt")
        for start, end, text in marks:
            axes.axvspan(start, end, color="#ECEFF1", linewidth=0, zorder=0)
            dashed = {"color": INK, "linewidth": 1.1, "linestyle": (0, (3, 2))}
            axes.axvline(start, **dashed)
            if end - start > 0.01 * (high - low):
                axes.plot([end, end], [-0.38, count - 0.4], **dashed)  # below the words, which may be longer
            words, gap = (0.0105 * len(text) + 0.012) * (high - low), 0.006 * (high - low)  # about as wide as that
            if end - start < words < start - low:  # too narrow for its words, and there is room on the left
                write(axes, start - gap, -0.75, text, 8.5, ha="right")
            else:
                write(axes, start + gap, -0.75, text, 8.5, ha="left")
        axes.set(xlim=(low, high), ylim=(count - 0.4, -1.1), yticks=range(count))
        axes.set_yticklabels([f"client {client + 1}" for client in range(count)])
        axes.grid(False)
        axes.spines["left"].set_visible(False)
        axes.set_title(name, color=INK, fontweight="bold")
        _inside(axes)
    grid[-1, 0].set_xlabel(f"time in {unit}")
    _key(figure, {bar[3] for bars in shown.values() for bar in bars})
    return figure.describe("; ".join(f"{name}: {_counted(bars)}" for name, bars in shown.items()) + ".")


def _joined(bars, grain):
    """Bars of one client that nobody could see apart, as one."""
    joined = []
    for client, start, end, version in sorted(bars, key=lambda bar: bar[:2]):
        if joined and version is not None:
            last = joined[-1]
            if last[0] == client and last[3] == version and start - last[2] < grain:
                joined[-1] = (client, last[1], end, version)
                continue
        joined.append((client, start, end, version))
    return joined


def _counted(bars):
    by = {}
    for *_, version in bars:
        by[version] = by.get(version, 0) + 1
    answered = [f"{counted(by[v], 'request')} answered by version {v}" for v in sorted(by.keys() - {None})]
    return ", ".join([*answered, f"{counted(by.get(None, 0), 'time')} nobody answered"])


def _key(figure, outcomes):
    drawn = {f"answered by version {version}": VERSIONS[version] for version in sorted(outcomes - {None})}
    if None in outcomes:
        drawn["nobody answers"] = NEGATIVE
    handles = [Patch(color=color, label=label) for label, color in drawn.items()]
    figure.legend(handles=handles, loc="outside lower left", ncols=len(handles), fontsize=8.5)


@picture
def request_cost(times, title=None):
    """Where the time of a request goes. times: {form: {part: seconds}}, the same parts in each, the model's first."""
    parts = list(next(iter(times.values())))
    whole = {form: sum(found.values()) for form, found in times.items()}
    model = max(found[parts[0]] / whole[form] for form, found in times.items())
    finding = f"The model is busy for at most {100 * model:.0f}% of the time that its answer takes"
    figure = Figure(title or finding, width=7.2, height=1.3 + 0.42 * len(times))
    axes = figure.subplots()
    for y, found in enumerate(times.values()):
        left = 0.0
        for part, color in zip(parts, PARTS):
            axes.barh(y, 1000 * found[part], 0.62, 1000 * left, color=color, label=part if y == 0 else None)
            left += found[part]
        write(axes, 1000 * (left + 0.01 * max(whole.values())), y, f"{1000 * left:.2f} ms", 9, ha="left")
    axes.set(yticks=range(len(times)), ylim=(len(times) - 0.5, -0.5), xlim=(0, 1140 * max(whole.values())))
    axes.set_yticklabels(times)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", labelcolor=INK)
    axes.set_xlabel("milliseconds")
    _inside(axes)
    figure.legend(loc="outside lower left", ncols=len(parts), fontsize=8.5)
    said = "; ".join(
        f"{form}: " + ", ".join(f"{part} {1000 * seconds:.3f}" for part, seconds in found.items())
        for form, found in times.items()
    )
    return figure.describe(f"Milliseconds of one request by its parts. {said}.")
