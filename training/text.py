"""Prompt -> word ids. `src/services/backends/embedded/tokenise.ts` does the same; both are tested on one list of prompts.

The lists below are written into vocab.json when the vocabulary is made; from then on both read them there.

Words are looked up one by one (no order, no grammar): lower case, stop words out, plurals to singular, at most 10 ids.
A background is a token of its own ("bg:blue"), so that "a blue heart" and "a heart on a blue background" do not mix.
"""
import re
import unicodedata

MAX_WORDS = 10
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
}
STOP = set(
    "a an and any are as at be by drawing emoji for from has have i icon image in into is it its of on one or painting "
    "photo picture please s some that the their there this to very with without draw make me my show".split()
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


def background_pattern(colours, aliases):
    """Matches "on a blue background" and the like; group 1 is the colour (or an alias of one)."""
    names = [*colours, *(alias for alias, colour in aliases.items() if colour in colours)]
    return re.compile(
        rf"(?:\b(?:on|with|against|over|in|and)\s+)?(?:\b(?:an?|the)\s+)?\b({'|'.join(names)})\s+background\b"
    )


def tokenise(prompt, vocab):
    """prompt -> (ids, unknown words). vocab: see build_vocab; an older one without word lists gets those above."""
    aliases, stop = vocab.get("aliases", ALIASES), vocab.get("stop", STOP)
    text = prompt
    for emoji, name in vocab.get("emoji", {}).items():
        text = text.replace(emoji, f" {name} ")
    text = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'").replace("'s ", " ")
    found, unknown = [], []

    def background(match):
        colour = aliases.get(match[1], match[1])
        found.append("bg:" + colour)
        return " "

    text = background_pattern(vocab.get("colours", COLOURS), aliases).sub(background, text)
    for word in WORD.findall(text):
        if word in stop:
            continue
        known = look_up(word, vocab["words"], aliases)
        if known is None:
            if word not in unknown:
                unknown.append(word)
        elif known not in found:
            found.append(known)
    return [vocab["words"][word] for word in found[:MAX_WORDS]], unknown


def build_vocab(icons):
    """All words of labels and tags, singular where the singular occurs too; id 0 is "no word".

    {"words": {word: id}, "emoji": {emoji: name}, "aliases": {word: word}, "stop": [word], "colours": {name: [r, g, b]}}
    """
    raw = set(COLOURS)
    for icon in icons:
        for phrase in (icon["label"], *icon["tags"]):
            raw.update(w for w in WORD.findall(phrase.lower()) if len(w) > 1 and w not in STOP)
    raw |= {"small", "tiny"}
    kept = sorted(w for w in raw if w not in ALIASES and not any(s in raw for s in singular(w)))
    words = [*(f"bg:{c}" for c in COLOURS), *kept]
    return with_lists({
        "words": {word: index + 1 for index, word in enumerate(words)},
        "emoji": {icon["emoji"]: icon["label"] for icon in icons},
    })


def with_lists(vocab):
    """The vocabulary with the word lists, and with every spelling of an emoji (keyboards leave out U+FE0F), longest first.

    Longest first, so that a heart on fire is not read as a heart. Words and their ids stay as they are.
    """
    emoji = dict(vocab["emoji"])
    for key, name in vocab["emoji"].items():
        emoji.setdefault(key.replace("\ufe0f", ""), name)
    longest_first = dict(sorted(emoji.items(), key=lambda pair: -len(pair[0])))
    lists = {"aliases": ALIASES, "stop": sorted(STOP), "colours": {name: list(rgb) for name, rgb in COLOURS.items()}}
    return {"words": vocab["words"], "emoji": longest_first, **lists}
