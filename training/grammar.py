"""Which words of a prompt belong together, and where in the picture their thing stands.

"a red heart to the left of two stars" -> three things: [red heart] top, [star] bottom left, [star] bottom right. It is a small grammar
of relations ("above", "next to", "and"), sides ("on the left") and numbers up to four, not a parser of English.
"""
import re

PLACE_STEP = 10_000  # id of a word at a place = number of the word + PLACE_STEP * place
WHOLE, LEFT, RIGHT, ABOVE, BELOW, BOTTOM_LEFT, BOTTOM_RIGHT, TOP_LEFT, TOP_RIGHT = range(9)
PLACES = 9
SIDES = {"left": LEFT, "right": RIGHT, "top": ABOVE, "bottom": BELOW}
OPPOSITE = {LEFT: RIGHT, RIGHT: LEFT, ABOVE: BELOW, BELOW: ABOVE}
THREE, FOUR = (ABOVE, BOTTOM_LEFT, BOTTOM_RIGHT), (TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT)
NUMBERS = {"two": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4}
NUMBER = "two|three|four|2|3|4"
# Groups: 1 "left of", 2 "on the left", 3 above, 4 below; without a group: next to.
RELATION = re.compile(
    r"(?<!\w)(?:"
    r"(?:(?:to|on|at)\s+)?(?:the\s+)?(left|right)(?:\s+hand)?(?:\s+side)?\s+of"
    r"|(?:to|on|at|in)\s+the\s+(left|right|top|bottom)(?:\s+side)?"
    r"|(on\s+top\s+of|above|over|atop|on(?=\s+(?:an?|the|my)\s))"
    r"|(below|under|underneath|beneath)"
    rf"|next\s+to|beside|near|and|with(?=\s+(?:an?|the|{NUMBER})\s)"
    r")(?!\w)"
    rf"|,\s*(?=(?:an?|the|{NUMBER})\s)|[&+]"
)
COUNT = re.compile(rf"^[^\w]*(?:(?:an?|the|my)\s+)?({NUMBER})\s+")
NOISE = re.compile(r"(?<!\w)(?:in\s+a\s+(?:row|line)|side\s+by\s+side)(?!\w)")


def phrases_of(names):
    """Names with a word of relation or number in them ("bow and arrow", "two hearts"): read as one thing. Longest first."""
    lower = {name.lower() for name in names}
    return sorted((n for n in lower if RELATION.search(n) or COUNT.search(n)), key=lambda n: (-len(n), n))


def arrange(text, known_words, adjectives, phrases):
    """text -> [(word, place)]. `known_words` finds the words of a part; a part of adjectives alone belongs to the next one."""
    if phrases:
        together = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")
        text = together.sub(lambda match: match[0].replace(" ", "_"), text)
    text = NOISE.sub(" ", text)
    things, carried, side, relation, start = [], [], None, RIGHT, 0
    for match in [*RELATION.finditer(text), None]:
        part = text[start : match.start() if match else None]
        count = COUNT.match(part)
        words = carried + known_words(part[count.end() :] if count else part)
        carried = []
        if all(word in adjectives for word in words) and (match or things):
            carried = words
        elif words:
            times = NUMBERS[count[1]] if count else 1
            things += [[words, side, relation]] * times
            side, relation = None, RIGHT
        if match is None:
            break
        start = match.end()
        if match[2] and words and not carried and things[-1][1] is None and not part.rstrip().endswith(","):
            things[-1] = [things[-1][0], SIDES[match[2]], things[-1][2]]
        elif match[2]:
            side = SIDES[match[2]]
        # Where the next thing stands, seen from this one.
        elif match[1]:
            relation = RIGHT if match[1] == "left" else LEFT
        elif match[3] or match[4]:
            relation = BELOW if match[3] else ABOVE
    if carried and things:
        things[-1] = [things[-1][0] + carried, *things[-1][1:]]
    return [(word, place) for (words, _, _), place in zip(things, places_of(things)) for word in words]


def places_of(things):
    """The place of each thing; things beyond the fourth have none."""
    if len(things) < 2:
        return [side or WHOLE for _, side, _ in things]
    if len(things) == 2:
        (_, first, _), (_, second, relation) = things
        second = OPPOSITE[first] if first else second or relation
        return [OPPOSITE[second], second]
    return THREE if len(things) == 3 else FOUR
