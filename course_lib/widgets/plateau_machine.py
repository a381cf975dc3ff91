"""Reduce-on-plateau at work: a loss curve that can be drawn, the rate below it, and the machine that decides."""

from course_lib import plots
from course_lib.callbacks import Plateau
from course_lib.text.words import listed, plural
from course_lib.widgets.base import CourseWidget, Points, Slider, script, stylesheet

RATE = 0.1  # of the first epoch

# Losses of 24 epochs, drawn by hand. In each the loss does something else on its way down.
CRAWL = (
    *(1.1, 0.9, 0.74, 0.62, 0.53, 0.47, 0.43, 0.425, 0.42, 0.415, 0.41, 0.405),
    *(0.34, 0.3, 0.27, 0.25, 0.245, 0.265, 0.24, 0.255, 0.245, 0.25, 0.245, 0.25),
)
NOISE = (
    *(1.1, 0.85, 0.95, 0.7, 0.8, 0.6, 0.7, 0.5, 0.66, 0.62, 0.45, 0.56),
    *(0.6, 0.4, 0.52, 0.47, 0.36, 0.5, 0.44, 0.33, 0.42, 0.46, 0.31, 0.4),
)
RISE = (
    *(1.1, 0.85, 0.68, 0.56, 0.48, 0.43, 0.4, 0.39, 0.4, 0.42, 0.45, 0.48),
    *(0.5, 0.53, 0.55, 0.58, 0.6, 0.62, 0.65, 0.67, 0.69, 0.71, 0.73, 0.75),
)


class PlateauMachine(CourseWidget):
    """24 losses, drawn by the learner → what `Plateau` makes of each: best, wait, cooldown, rate."""

    _esm = script("plateau_machine")
    _css = stylesheet("plateau_machine")
    controls = (
        Points("losses", "loss", 0, 1.2, 0.005, CRAWL),
        Slider("factor", "factor", 0.1, 0.9, 0.1, 0.5),
        Slider("patience", "patience", 1, 8, 1, 3),
        Slider("min_delta", "min_delta", 0, 0.1, 0.005, 0.02),
        Slider("cooldown", "cooldown", 0, 6, 1, 3),
    )

    def __init__(self, **values):
        page = {"shapes": {"crawl": CRAWL, "noise": NOISE, "rise": RISE}, "rate": RATE}
        super().__init__(page, **values)

    def compute(self, losses, factor, patience, min_delta, cooldown):
        moments = Plateau(factor, patience, min_delta, cooldown).trace(losses, RATE)
        best = [moment.best for moment in moments]
        return {
            "rates": [RATE, *(moment.rate for moment in moments[:-1])],  # the rate that the epoch was trained with
            "next_rates": [moment.rate for moment in moments],
            "best": best,
            "to_beat": [None, *(number - min_delta for number in best[:-1])],
            "wait": [moment.wait for moment in moments],
            "cooldown": [moment.cooldown_counter for moment in moments],
            "events": [moment.happened.split()[0].removesuffix(",") for moment in moments],
            "said": self.say(moments, factor, patience, min_delta, cooldown),
        }

    def say(self, moments, factor, patience, min_delta, cooldown):
        """One sentence for each epoch: what was compared, and what followed from it."""
        said = ["The first loss is the best so far."]
        for before, now in zip(moments, moments[1:]):
            bar = f"{before.best - min_delta:.3f} (best {before.best:.3f} − min_delta {min_delta:g})"
            if now.happened == "improved":
                text = f"{now.value:.3f} is below {bar}: it becomes the best, wait = 0."
                if now.cooldown_counter:
                    text += f" Cooling down goes on: {now.cooldown_counter} left."
            elif now.happened.startswith("cooling"):
                text = f"{now.value:.3f} is not below {bar}, but the machine cools down: {now.cooldown_counter} left."
            elif now.happened == "reduced":
                text = (
                    f"{now.value:.3f} is not below {bar}, and that makes {patience}, all its patience: "
                    f"rate {before.rate:.3g} × {factor:g} = {now.rate:.3g}, wait = 0, counter = {cooldown}."
                )
            else:
                text = f"{now.value:.3f} is not below {bar}: wait = {now.wait} of {patience}."
            said.append(text)
        return said

    def describe(self, result, losses, **settings):
        cuts = [str(epoch) for epoch, event in enumerate(result["events"], 1) if event == "reduced"]
        after = f"after {plural(len(cuts), 'epoch')} {listed(cuts)}" if cuts else "never"
        given = ", ".join(f"{name} {value:g}" for name, value in settings.items())
        return f"With {given} the rate is cut {after}, from {RATE:g} to {result['next_rates'][-1]:.3g}."

    def static(self):
        shown = ("rates", "next_rates", "to_beat", "wait", "cooldown", "events")
        result = self.at_defaults()
        return plots.plateau(CRAWL, **{name: result[name] for name in shown})
