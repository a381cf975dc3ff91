"""Every address that is written into a notebook or the README, made from the one repository address."""

BRANCH = "main"


def owner_and_name(repository):
    """ "owner/name" of an address like https://github.com/owner/name."""
    return "/".join(repository.removesuffix(".git").rstrip("/").split("/")[-2:])


def colab(repository, notebook):
    return f"https://colab.research.google.com/github/{owner_and_name(repository)}/blob/{BRANCH}/{notebook}"


def binder(repository, notebook):
    return f"https://mybinder.org/v2/gh/{owner_and_name(repository)}/{BRANCH}?urlpath=lab/tree/{notebook}"


def badges(repository, notebook):
    """The two badges as Markdown, for pages that are read online."""
    return (
        f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab(repository, notebook)})\n"
        f"[![Open in Binder](https://mybinder.org/badge_logo.svg)]({binder(repository, notebook)})"
    )


def between(source, target):
    """The relative link from one notebook to another, both given from the top folder: "../../exercises/…"."""
    a, b = source.split("/"), target.split("/")
    same = next(i for i, (x, y) in enumerate(zip(a, b)) if x != y)
    return "../" * (len(a) - 1 - same) + "/".join(b[same:])
