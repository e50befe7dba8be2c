"""Prompt -> word ids. `src/services/backends/embedded/tokenise.ts` does the same; both are tested on one list of prompts.

The lists below are written into vocab.json when the vocabulary is made; from then on both read them there.

Lower case, stop words out, plurals and other forms to the learnt word, a slip of one letter forgiven in long words, at most 16 ids.
`grammar.py` says which words belong to which thing of the picture and where it stands: a word's id is its number in the vocabulary
plus 10,000 times its place. A background is a token of its own ("bg:blue"), so that "a blue heart" and "a heart on a blue
background" do not mix.
"""
import re
import unicodedata

from grammar import PLACE_STEP, PLACES, arrange, phrases_of
from names import PLAIN
from words import ALIASES, COLOURS, SIZES, STOP, WORD, guess, look_up, singular

MAX_WORDS = 16
MARK = "\ue000"  # a character of no meaning, around the names that stand for emoji


def background_pattern(colours, aliases):
    """Matches "on a blue background" and the like; group 1 is the colour (or an alias of one)."""
    names = [*colours, *(alias for alias, colour in aliases.items() if colour in colours)]
    return re.compile(
        rf"(?:\b(?:on|with|against|over|in|and)\s+)?(?:\b(?:an?|the)\s+)?\b({'|'.join(names)})\s+background\b"
    )


def tokenise(prompt, vocab, max_words=MAX_WORDS):
    """prompt -> (ids, unknown words). vocab: see build_vocab."""
    aliases, stop, words = vocab["aliases"], set(vocab["stop"]), vocab["words"]
    text = prompt.replace(MARK, "")
    for emoji, name in vocab["emoji"].items():
        text = text.replace(emoji, MARK + name + MARK)
    text = re.sub(rf"{MARK}\s*{MARK}", " and ", text).replace(MARK, " ")  # two emoji in a row are two things
    text = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'").replace("'s ", " ")
    backgrounds, unknown = [], []

    def background(match):
        backgrounds.append("bg:" + aliases.get(match[1], match[1]))
        return " "

    def known_words(part):
        found = []
        for word in WORD.findall(part):
            if word in stop:
                continue
            known = look_up(word, words, aliases) or guess(word, vocab)
            if known is not None:
                found.append(known)
            elif word not in unknown:
                unknown.append(word)
        return found

    text = background_pattern(vocab["colours"], aliases).sub(background, text)
    if vocab["places"]:
        placed = arrange(text, known_words, {*vocab["colours"], *vocab["sizes"]}, vocab["phrases"])
    else:
        placed = [(word, 0) for word in known_words(text)]
    found = dict.fromkeys([*((word, 0) for word in backgrounds), *placed])
    return [words[word] + place * PLACE_STEP for word, place in found][:max_words], unknown


def build_vocab(icons):
    """All words of labels and tags, singular where the singular occurs too; id 0 is "no word".

    {"words": {word: id}, "places": number of places that the network knows (0: one thing only), "emoji": {emoji: name},
     "aliases": {word: word}, "stop": [word], "colours": {name: [r, g, b]}, "sizes": [word],
     "phrases": [names of emoji that hold a word of place or number],
     "names": [words of names, and aliases; a slip of the pen is taken for one of these only]}
    """
    raw = set(COLOURS)
    for icon in icons:
        for phrase in (icon["label"], *icon["tags"]):
            raw.update(w for w in WORD.findall(phrase.lower()) if len(w) > 1 and w not in STOP)
    raw |= {*SIZES, *(word for name in PLAIN.values() for word in WORD.findall(name) if word not in STOP)}
    kept = sorted(w for w in raw if w not in ALIASES and not any(s in raw for s in singular(w)))
    words = [*(f"bg:{c}" for c in COLOURS), *kept]
    return with_lists({
        "places": PLACES,
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
    names = {word for name in (*emoji.values(), *PLAIN.values()) for word in WORD.findall(name.lower()) if word in vocab["words"]}
    lists = {
        "aliases": ALIASES, "stop": sorted(STOP), "colours": {name: list(rgb) for name, rgb in COLOURS.items()},
        "sizes": list(SIZES), "phrases": phrases_of(emoji.values()),
        "names": sorted(w for w in {*names, *(word for word, meant in ALIASES.items() if meant in vocab["words"]), *COLOURS, *SIZES} if len(w) > 3),
    }
    return {"words": vocab["words"], "places": vocab.get("places", 0), "emoji": longest_first, **lists}
