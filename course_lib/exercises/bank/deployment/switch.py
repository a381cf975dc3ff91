"""A new version while requests are under way

**Goal.** Switch a running server to another version of its model without losing a request.

**Given.**
- `events`: what happens, in order, a list of pairs:
  `("begin", r)`: the request `r` begins. `("end", r)`: its answer is sent. `("switch", v)`: version `v` takes over.
  Each request begins once; some may not have ended when the list is over.
- `first`: the version that is current before the first event. 1 if nothing is said.

**Write** `switch(events, first=1)`.
A request is answered by the version that is current when it *begins*.
A version is *released* from memory at the first event after which it is neither current nor needed by a request that is
under way. That is the switch itself, or the end of the last request that it answers.
A switch may go back to an earlier version. If that is still in memory it is current again, and stays. If it was
released it comes back, and may be released once more. (The course's own server makes it simpler for itself: it loads a
version that comes back a second time.)

**Returns** two results: a `dict` {request: version} of every request that began, and a list of pairs
`(version, number of the event)`, one for each release, in order. Events are counted from 0.

**Example.** `[("begin", "a"), ("switch", 2), ("begin", "b"), ("end", "a"), ("switch", 3), ("end", "b")]`.
"a" began under version 1, "b" under version 2. Version 1 waits for "a", which ends at event 3; version 2 waits for "b",
event 5. The result is `({"a": 1, "b": 2}, [(1, 3), (2, 5)])`.

**Check** with `q.check(switch)`.
"""

from course_lib.exercises import Case, Exercise


def switch(events, first=1):
    """({request: its version}, [(version, number of the event at which it is released), ...])."""
    current, under_way, answers, released = first, {}, {}, []
    for number, (what, which) in enumerate(events):
        if what == "begin":
            under_way[which] = answers[which] = current
            continue
        if what == "switch":
            left, current = current, which
        else:
            left = under_way.pop(which)
        if left != current and left not in under_way.values():
            released.append((left, number))
    return answers, released


def by_hand(events, first=1):
    current, under_way, said = first, {}, []
    for number, (what, which) in enumerate(events):
        if what == "begin":
            under_way[which] = current
        elif what == "end":
            under_way.pop(which)
        else:
            current = which
        leases = ", ".join(f"{r!r} on {v}" for r, v in under_way.items()) or "none"
        said.append(f"{number} {what} {which!r}: current {current}, under way {leases}")
    more = " ..." if len(said) > 8 else ""
    return f"At first version {first} is current. " + "; ".join(said[:8]) + f".{more}"


def parse(text):
    """Events in short: "+a -a" a request begins and ends, a number is a switch."""
    return [
        ("switch", int(word)) if word.isdigit() else ({"+": "begin", "-": "end"}[word[0]], word[1:])
        for word in text.split()
    ]


def draw(rng):
    events, open_, names = [], [], iter("abcdefghijklmnopqrstuvwxyz")
    version = first = int(rng.integers(1, 5))
    for _ in range(22):
        action = rng.choice(["begin", "begin", "end", "switch"])
        if action == "begin":
            open_.append(next(names))
            events.append(("begin", open_[-1]))
        elif action == "end" and open_:
            events.append(("end", open_.pop(int(rng.integers(len(open_))))))
        elif action == "switch":
            version = int(rng.choice([v for v in range(1, 6) if v != version]))
            events.append(("switch", version))
    return events, first


exercise = Exercise(
    switch,
    cases=[
        Case("two switches", parse("+a 2 +b -a 3 -b")),
        Case("no switch", parse("+a +b -a -b")),
        Case("nobody is under way", parse("+a -a 2 +b -b")),
        Case("a version that nobody asked", parse("2 3 +a -a")),
        Case("two requests on the old version", parse("+a +b 2 +c -a -c -b")),
        Case("a request outlives two switches", parse("+a 2 +b 3 -b +c -a")),
        Case("back while the first is still in memory", parse("+a 2 +b 1 -a -b +c -c")),
        Case("back after it was released", parse("+a -a 2 +b -b 1 +c -c 3")),
        Case("some are not ended", parse("+a 2 +b +c -c 3 +d")),
        Case("one event", parse("+a")),
        Case("no event", []),
        Case("begun under version 7", parse("+a 8 -a +b -b 9"), 7),
        Case("first by its name, dated versions", parse("+a +b 20261 -b +c -a 20254"), first=20254),
        Case("the new one is left before the old", parse("+a 2 +b 3 +c -c -b -a 4")),
        Case("a switch to the version that is current", parse("+a -a 1 +b 1 -b 2")),
        Case("to and fro", parse("+a 2 +b 1 +c 2 -a -c 3 -b")),
    ],
    random_case=draw,
    hints=[
        "What must you remember of each request that is under way? And at which events can a version become free?",
        by_hand,
        "Keep `under_way[request] = version`. At a switch look at the version just left, at an end at the one that "
        "`under_way.pop(request)` gives: `if left != current and left not in under_way.values()`.",
    ],
)


def with_a_slip(events, first, slip):
    """The same walk with one thing wrong."""
    current, under_way, answers, released, retired, last = first, {}, {}, [], set(), 0
    for number, (what, which) in enumerate(events):
        if what == "begin":
            under_way[which] = current
            if slip != "at the end":
                answers[which] = current
            continue
        if what == "switch":
            left, current, last = current, which, number
            retired.add(left)
        else:
            left = under_way.pop(which)
            if slip in ("at the end", "overwritten"):
                answers[which] = current
        free = left != current and left not in under_way.values()
        if slip == "at the switch":
            free = what == "switch" and left != current
        elif slip == "only at switches":
            free = free and what == "switch"
        elif slip == "older":
            free = free and (what == "switch" or left < current)
        elif slip == "only at ends":
            free = free and what == "end"
        elif slip == "current too":
            free = (what == "end" or left != current) and left not in under_way.values()
        elif slip == "itself":
            free = (what == "switch" or left != current) and left not in under_way.values()
        elif slip == "all together":
            free = left != current and not under_way
        elif slip == "first end":
            free = left != current and (what == "end" or left not in under_way.values())
        elif slip == "nobody":
            free = left != current
        elif slip == "retired":
            free = left in retired and left not in under_way.values()
        if free:
            event = {"from one": number + 1, "the switch": last}.get(slip, number)
            released.append((current if slip == "the new one" else left, event))
    if slip == "only ended":
        answers = {r: v for r, v in answers.items() if r not in under_way}
    return answers, released


@exercise.mistake
def answered_by_the_version_at_the_end(events, first=1):
    """You give a request the version that is current when it ends. Half of its work was done by another: which moment
    decides?"""
    return with_a_slip(events, first, "at the end")


@exercise.mistake
def overwritten_at_the_end(events, first=1):
    """When a request ends you note the version that is current then, over the one it began with. Which of the two
    moments decides?"""
    return with_a_slip(events, first, "overwritten")


@exercise.mistake
def only_ended_requests(events, first=1):
    """You leave out the requests that have not ended. When is it settled who answers a request?"""
    return with_a_slip(events, first, "only ended")


@exercise.mistake
def ended_requests_forgotten(events, first=1):
    """Your answers hold only the requests that have not ended. Who answered the others?"""
    answers, released = switch(events, first)
    ended = [request for what, request in events if what == "end"]
    return {request: version for request, version in answers.items() if request not in ended}, released


@exercise.mistake
def released_at_the_switch(events, first=1):
    """You release the old version at the switch, whoever still needs it. What becomes of a request that is under
    way?"""
    return with_a_slip(events, first, "at the switch")


@exercise.mistake
def looked_at_only_when_switched(events, first=1):
    """A version that is still needed at the switch is never released by you. Do you look again at the end of each
    request, and after you have taken it off the list?"""
    return with_a_slip(events, first, "only at switches")


@exercise.mistake
def looked_at_only_when_ended(events, first=1):
    """You look only at the end of a request whether its version is free. What of a version that nobody uses when it
    is switched away?"""
    return with_a_slip(events, first, "only at ends")


@exercise.mistake
def released_while_current(events, first=1):
    """You release a version when its last request ends, even if it is the current one. Who answers the next
    request?"""
    return with_a_slip(events, first, "current too")


@exercise.mistake
def released_when_switched_to_itself(events, first=1):
    """You release the version that is switched away even where the switch names the same version again. Which one is
    current then?"""
    return with_a_slip(events, first, "itself")


@exercise.mistake
def counted_over_all_versions(events, first=1):
    """You wait until no request at all is under way. A busy server would keep the old version for ever: whose requests
    count?"""
    return with_a_slip(events, first, "all together")


@exercise.mistake
def released_at_its_first_end(events, first=1):
    """You release an old version as soon as one of its requests ends. What of the others that it is answering?"""
    return with_a_slip(events, first, "first end")


@exercise.mistake
def nobody_found_under_way(events, first=1):
    """You release a version at each switch and again at each end, whoever still needs it. Do you look for the version
    among the requests that are under way, or among their versions?"""
    return with_a_slip(events, first, "nobody")


@exercise.mistake
def older_means_smaller(events, first=1):
    """You take a version for old where its number is smaller than the current one's. What after a switch back?"""
    return with_a_slip(events, first, "older")


@exercise.mistake
def counted_anew_when_back(events, first=1):
    """You count the requests of a version anew when it becomes current again. What of those that it is still
    answering?"""
    current, answers, leases, released = first, {}, {first: 0}, []
    for number, (what, which) in enumerate(events):
        if what == "begin":
            answers[which], leases[current] = current, leases[current] + 1
            continue
        if what == "switch":
            left, current, leases[which] = current, which, 0
        else:
            left = answers[which]
            leases[left] -= 1
        if left != current and leases[left] == 0:
            released.append((left, number))
    return answers, released


@exercise.mistake
def list_emptied_when_back(events, first=1):
    """You begin an empty list of requests when a version becomes current again. What of those that it is still
    answering?"""
    current, answers, under_way, released = first, {}, {first: set()}, []
    for number, (what, which) in enumerate(events):
        if what == "begin":
            answers[which] = current
            under_way[current].add(which)
            continue
        if what == "switch":
            left, current, under_way[which] = current, which, set()
        else:
            left = answers[which]
            under_way[left].discard(which)
        if left != current and not under_way[left]:
            released.append((left, number))
    return answers, released


@exercise.mistake
def released_again_and_again(events, first=1):
    """You release a version anew at every event after it became free. How do you know that it is gone already?"""
    current, under_way, answers, released = first, {}, {}, []
    seen = [first]
    for number, (what, which) in enumerate(events):
        if what == "begin":
            under_way[which] = answers[which] = current
        elif what == "end":
            under_way.pop(which)
        else:
            current = which
            seen += [which] if which not in seen else []
        released += [(v, number) for v in seen if v != current and v not in under_way.values()]
    return answers, released


@exercise.mistake
def released_once_for_ever(events, first=1):
    """You release a version once and never again. What if it has come back since then?"""
    answers, released = switch(events, first)
    return answers, [pair for i, pair in enumerate(released) if pair[0] not in [v for v, _ in released[:i]]]


@exercise.mistake
def once_old_always_old(events, first=1):
    """You release a version that was switched away once, though it has become current again. What does a switch back
    change?"""
    return with_a_slip(events, first, "retired")


@exercise.mistake
def old_until_released(events, first=1):
    """You release a version when the last of its requests ends because it was switched away before, though it has
    become current again. What does a switch back change?"""
    current, under_way, answers, released, old = first, {}, {}, [], set()
    for number, (what, which) in enumerate(events):
        if what == "begin":
            under_way[which] = answers[which] = current
            continue
        if what == "switch":
            left, current = current, which
            old |= {left} - {current}
        else:
            left = under_way.pop(which)
        if left in old and left not in under_way.values():
            released.append((left, number))
            old.discard(left)
    return answers, released


@exercise.mistake
def never_released(events, first=1):
    """You never release a version. How long would the server's memory last? When is an old version free?"""
    return with_a_slip(events, first, None)[0], []


@exercise.mistake
def counted_from_one(events, first=1):
    """Your events are counted from 1. Which number has the first event in this exercise?"""
    return with_a_slip(events, first, "from one")


@exercise.mistake
def number_of_the_switch(events, first=1):
    """You note the number of the switch. A version that is still needed then is released later: at which event?"""
    return with_a_slip(events, first, "the switch")


@exercise.mistake
def the_new_version_noted(events, first=1):
    """You note the version that is current now. Which one is let go?"""
    return with_a_slip(events, first, "the new one")


@exercise.mistake
def versions_without_their_events(events, first=1):
    """You list the versions only. At which event was each released?"""
    answers, released = switch(events, first)
    return answers, [version for version, _ in released]


@exercise.mistake
def events_before_versions(events, first=1):
    """Your pairs are turned round. What comes first in them, the version or the number of the event?"""
    answers, released = switch(events, first)
    return answers, [(number, version) for version, number in released]


@exercise.mistake
def always_from_version_1(events, first=1):
    """You begin with version 1, whatever was passed. Which argument says what is current at first?"""
    return switch(events, 1)


@exercise.mistake
def switched_when_nobody_is_under_way(events, first=1):
    """Your switch waits until no request is under way; until then new requests still get the old version. Which
    version should the next request get?"""
    current = wanted = first
    under_way, answers, released = {}, {}, []
    for number, (what, which) in enumerate(events):
        if what == "begin":
            under_way[which] = answers[which] = current
        elif what == "end":
            under_way.pop(which)
        else:
            wanted = which
        if not under_way and wanted != current:
            released.append((current, number))
            current = wanted
    return answers, released
