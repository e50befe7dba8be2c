"""What people call an emoji whose own name is longer. Such a name means this emoji alone, whatever other emoji carry it as a tag."""
PLAIN = {
    "red heart": "heart", "red apple": "apple", "deciduous tree": "tree", "blossom": "flower", "closed book": "book",
    "jack-o-lantern": "pumpkin", "birthday cake": "cake", "mage": "wizard", "alarm clock": "clock", "french fries": "fries",
    "teddy bear": "teddy", "steaming bowl": "soup", "hot beverage": "coffee", "beer mug": "beer", "wrapped gift": "present",
    "high voltage": "lightning", "flying saucer": "ufo", "pile of poo": "poo", "glass of milk": "milk", "wine glass": "wine",
    "light bulb": "lamp", "mobile phone": "phone", "laptop": "computer", "envelope": "letter", "money bag": "money",
    "fearful face": "scared face", "nauseated face": "sick face", "astonished face": "surprised face", "frowning face": "sad face",
    "smiling face": "happy face", "T-Rex": "dinosaur", "baby chick": "chick", "honeybee": "bee", "ear of corn": "corn",
    "hot pepper": "chili", "musical note": "music", "party popper": "party", "crescent moon": "moon", "automobile": "car",
    "smiling face with horns": "devil", "smiling face with halo": "angel", "face with tears of joy": "laughing face",
    "smiling face with heart-eyes": "heart eyes", "black cat": "black cat", "lady beetle": "ladybug", "wheel": "tire",
    "sauropod": "brontosaurus", "globe showing Europe-Africa": "earth", "chess pawn": "pawn", "diya lamp": "diya",
    "eggplant": "aubergine", "locked": "lock", "wastebasket": "bin", "performing arts": "theatre", "artist palette": "palette",
    "hourglass done": "hourglass", "water wave": "wave", "snow-capped mountain": "snowy mountain", "ringed planet": "planet",
    "soccer ball": "football", "billed cap": "cap", "gem stone": "diamond", "kitchen knife": "knife", "woman’s hat": "hat",
    "meat on bone": "meat", "tropical drink": "cocktail", "credit card": "card", "ice cream": "ice cream",
}
