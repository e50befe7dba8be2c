"""The word lists, and how a word of a prompt is found among those that were learnt. The bot does the same in `words.ts`."""
import re

COLOURS = {
    "red": (222, 40, 48), "orange": (247, 130, 30), "yellow": (252, 210, 50), "green": (60, 170, 70),
    "teal": (30, 175, 175), "blue": (45, 110, 225), "purple": (130, 70, 200), "pink": (245, 130, 190),
    "brown": (125, 80, 50), "black": (28, 28, 32), "grey": (140, 142, 148), "white": (255, 255, 255),
}
ALIASES = {
    "gray": "grey", "violet": "purple", "cyan": "teal", "turquoise": "teal", "golden": "yellow", "gold": "yellow",
    "crimson": "red", "scarlet": "red", "navy": "blue", "magenta": "pink", "kitten": "cat", "kitty": "cat",
    "puppy": "dog", "doggy": "dog", "bunny": "rabbit", "smiley": "smiling", "smile": "smiling", "happy": "smiling",
    "sad": "frowning", "poop": "poo", "burger": "hamburger", "donut": "doughnut", "car": "automobile",
    "plane": "airplane", "aeroplane": "airplane", "bike": "bicycle", "moon": "crescent", "gift": "wrapped",
    "large": "big", "huge": "big", "giant": "big", "little": "small", "chilli": "chili",
}
SIZES = ("small", "tiny", "big")
STOP = set(
    "a an and any are as at be by drawing emoji for from has have i icon image in into is it its of on one or painting "
    "photo picture please s some that the their there this to very with without draw make me my show each other another".split()
)
WORD = re.compile(r"[^\W\d_]+")


def singular(word):
    """Candidates for the singular of an English plural, likeliest first."""
    if word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    if word.endswith("ves") and len(word) > 4:
        yield word[:-3] + "f"
    if word.endswith("es") and len(word) > 3:
        yield word[:-2]
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        yield word[:-1]


def look_up(word, ids, aliases=ALIASES):
    for candidate in (word, aliases.get(word), *singular(word), *(aliases.get(w) for w in singular(word))):
        if candidate in ids:
            return candidate
    return None


def forms(word):
    """Candidates for another form of a verb or adjective: "cries" and "cried" -> "cry", "laughs" -> "laughing"."""
    stems = [word, *singular(word)]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            stems += [stem, stem + "e", *([stem[:-1] + "y"] if stem.endswith("i") else []), *([stem[:-1]] if stem[-1] == stem[-2] else [])]
    for stem in stems:
        yield from (stem, stem + "ing", *([stem[:-1] + "ing"] if stem.endswith("e") else []), stem + "ed", stem + "y")


def sound(word):
    """Spelling made simpler: "elephant" and "elefant", "giraffe" and "girafe" are the same."""
    return re.sub(r"(.)\1", r"\1", word.replace("ph", "f"))


def slip(word, known):
    """Whether one letter too many, too few or wrong, or two neighbours swapped, makes `word` out of `known`. The first letter holds."""
    if word[0] != known[0] or abs(len(word) - len(known)) > 1:
        return False
    at = 0
    while at < min(len(word), len(known)) and word[at] == known[at]:
        at += 1
    a, b = word[at:], known[at:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and len(b) > 1 and a[2:] == b[2:])


def guess(word, vocab):
    """The learnt word that was most likely meant by one that was not learnt: another form of it, or the only name a slip away."""
    ids, aliases = vocab["words"], vocab["aliases"]
    known = next((w for w in forms(word) if len(w) > 3 and w in ids), None)
    if known is not None or len(word) < 5:
        return known
    for candidate in (word, *([word[:-1]] if word.endswith("s") else [])):
        heard = sound(candidate)
        near = [w for w in vocab["names"] if slip(heard, sound(w))]
        same = [w for w in near if sound(w) == heard] or near
        meant = {aliases.get(w, w) for w in same}
        if len(meant) == 1:
            return meant.pop()
    return None
