"""Writes what tokenise() makes of a list of prompts; the test of the TypeScript tokeniser compares itself with it.

"ids" is for the committed model as it is, "placed" for one of the same words that knows all places.

Usage: python3 prompts.py   (reads ../data/models/emoji/vocab.json, writes ../tests/fixtures/prompts.json)
"""
import json
import os

from grammar import PLACES
from sample import EXAM
from text import tokenise

PROMPTS = [
    "", " ", "a red heart", "A RED  Heart!", "heart", "a heart on a blue background", "a blue heart",
    "a blue heart on a yellow background", "blue background", "on the grey background a cat", "a cat in a gray background",
    "a cat with turquoise background and a golden background", "a cat, navy background.", "redbackground heart",
    "a red backgrounds heart", "heart infrared background", "a heart on a\u00a0blue\u2003background", "red\nbackground\tcat",
    "a yellow background on a yellow background with a dog", "a blue _background", "_blue background", "blue2 background",
    "cats", "two dogs and three kittens", "cherries", "leaves", "wolves", "foxes", "glasses", "berries and strawberries",
    "buses", "grass", "s", "es", "as", "ies", "ves", "kitties", "puppies", "burgers", "donuts", "cars", "moons", "gifts",
    "the cat's face", "the cat\u2019s face", "it's a dog's life", "smiling", "smile", "happy sad angry",
    "poop", "plane and aeroplane", "bike", "kitty bunny doggy", "crimson scarlet violet cyan magenta",
    "a photo of a painting of an image", "draw me a picture of my cat please", "heart-eyes", "ice cream", "ice-cream", "ice_cream",
    "cat1dog 2cat cat3", "\u0663cat", "smiling\u00b2", "\u2167 cat", "\u2460 cat", "cat\u00bd", "\u3007 cat", "\u16ee cat", "\u0d70 cat",
    "😀", "😀😀", "❤️", "❤", "❤️‍🔥", "I ❤️ 🍎", "🍎", "🐱 on a green background", "🙂‍↔️", "👍🏽", "🇩🇪 heart", "\U0001faea", "😐", "😐️", "☺️ ☺",
    "ＣＡＴ", "ﬁsh", "ca\u0301t", "c\u00e4t", "K\u00f6nig", "STRASSE stra\u00dfe", "\u0130stanbul", "\u039f\u0394\u039f\u03a3 heart", "\u732b", "\u043a\u043e\u0442 cat",
    "\u0627\u0644\u0642\u0644\u0628", "\u0915\u093f heart", "cat\u200ddog", "cat\u200bdog", "\ufeffcat", "cat\ufe0f", "cat\u00addog", "a\u0000cat", "cat\u2028dog\x1cfish",
    "blue\x1cbackground cat", "blue\u0085background cat", "blue\ufeffbackground cat", "\u00e9blue background", "blue background\u00e9", "on\u00e9 a blue background",
    "constructor toString __proto__ hasOwnProperty", "$& $1 $` heart 😀 $'", "\\b cat (dog) [fox] {lion} | heart*",
    "a surrealist cathedral of forgotten umbrellas at dusk", "x x y x", "zzz cat zzz", "(cat:1.4)", "<lora:cat:1>", "cat:dog:0.5",
    "red orange yellow green blue purple pink brown black white cat dog fox lion", "red red red heart heart",
    "a red heart a blue cat a green dog a yellow fox a pink lion a brown bear a black pig a white cow",
    "small cat on a teal background, tiny dog", "a smiling face with sunglasses on an orange background",
    "on the left a cat, on the right a dog", "a cat on the left and a dog", "a cat, on the right a dog", "a star at the top of a tree",
    "a cat in the bottom", "at the top a red", "black and white cat", "a red and a blue", "a cat and red", "red, a cat and green and blue",
    "two hearts", "Two  hearts", "bow and arrow and a heart", "a skull and crossbones above a fork and knife", "sunrise over mountains",
    "a heart above two stars", "two cats and two dogs and two pigs", "a cat, a dog, a pig, a cow, a hen and a fox", "4 small red cats", "2cats",
    "the two dogs", "my three friends", "four", "two and three", "and and and", "left of right of above", "a cat & a dog + a star",
    "cat on a mat", "cat on the left hand side of the dog", "cat to the right side of dog", "cat with a hat", "cat with hat", "a cat beneath",
    "cats side by side in a row", "a caton top of a dog", "land sand and", "on\u00a0top\u2003of cat dog", "cat above\u00e9 dog", "\u00e9and cat",
    "elefant girafe giraf bannanas pengiun octopuss", "laughs laughed cried cries smiled dancing hopped", "hourse hosue", "coast horst plane",
    "\U0001d400\U0001d401\U0001d402\U0001d403\U0001d404", "elephan\U00010400", "x\U00010400\U00010400yz", "aa\u00e9\u00e9bbcc", "🐱🐶", "🐱 \u00a0🐶", "🐱\ue000🐶", "🐱x🐶", "🐱🐶🐷🐮🐔",
    "❤️ above 🐱", "three 🐱", "🏹 and a 🔨", "a cat. two dogs", "! two dogs", "_two dogs", "the\ttwo\ndogs", "two\u00e9 dogs",
    *(prompt for prompts in EXAM["prompts"].values() for prompt in prompts), *(row["prompt"] for row in EXAM["compositions"]),
]

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "../data/models/emoji/vocab.json")) as file:
        vocab = json.load(file)
    with open(os.path.join(here, "../data/models/emoji/model.json")) as file:
        most = json.load(file)["maxWords"]
    rows = []
    for prompt in dict.fromkeys(PROMPTS):
        ids, unknown = tokenise(prompt, vocab, most)
        placed, _ = tokenise(prompt, {**vocab, "places": PLACES}, most)
        rows.append(json.dumps({"prompt": prompt, "ids": ids, "placed": placed, "unknown": unknown}))
    with open(os.path.join(here, "../tests/fixtures/prompts.json"), "w") as file:
        file.write("[\n  " + ",\n  ".join(rows) + "\n]\n")
    print(len(rows), "prompts")
