"""The words for one drawing: its name, what people call it, its tags."""
from names import PLAIN
from words import COLOURS, WORD, look_up

COMMON = 10  # a tag that more emoji share ("animal") never stands alone


class Captions:
    """Adds to each icon the words of its name and tags; draws captions."""

    def __init__(self, icons, ids):
        def known(phrase):
            return [w for w in dict.fromkeys(look_up(w, ids) for w in WORD.findall(phrase.lower())) if w]

        counts, taken = {}, {}
        for icon in icons:
            icon["name"] = known(icon["label"])
            icon["plain"] = known(PLAIN[icon["label"]]) if icon["label"] in PLAIN else None
            for words in (icon["name"], icon["plain"]):
                if words:
                    taken.setdefault(frozenset(words), icon["label"])
            own = set(icon["name"])
            icon["phrases"] = []
            for tag in icon["tags"]:
                words = known(tag)
                if words and not any(w in COLOURS and w not in own for w in words):
                    icon["phrases"].append(words)
                    for word in set(words):
                        counts[word] = counts.get(word, 0) + 1
        # "cat" is the cat, whatever else is tagged with it: words that name another emoji never stand alone for this one.
        self.free = lambda icon, words: taken.get(frozenset(words), icon["label"]) == icon["label"]
        for icon in icons:
            icon["alone"] = [p for p in icon["phrases"] if all(counts[w] <= COMMON for w in p) and self.free(icon, p)]

    def draw(self, icon, rng, tags=True):
        """Words for one emoji: mostly its name, sometimes what people call it, one rare tag, or the name and a tag."""
        kind = rng.random() if tags else rng.uniform(0.2, 0.85)
        if kind < 0.2 and icon["alone"]:
            return list(icon["alone"][rng.integers(len(icon["alone"]))])
        if kind < 0.5 and icon["plain"]:
            return list(icon["plain"])
        words = list(icon["name"])
        if kind > 0.85 and icon["phrases"]:
            words += icon["phrases"][rng.integers(len(icon["phrases"]))]
        elif len(words) > 1 and rng.random() < 0.25:
            fewer = list(words)
            fewer.remove(fewer[rng.integers(len(fewer))])
            words = fewer if self.free(icon, fewer) else words
        return words
