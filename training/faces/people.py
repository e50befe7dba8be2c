"""The invented people of data/faces: mixtures of MakeHuman's morph targets, with skin, hair and clothes of its core assets."""

# shape: morph target -> weight
PEOPLE = {
    "ada": {
        "macro": {"african-female-young": 1.0},
        "gender": "female", "age": {"young": 1.0},
        "shape": {"head/head-oval": 0.5, "nose/nose-scale-vert-incr": 0.25, "chin/chin-prominent-more": 0.2, "mouth/mouth-upperlip-volume-inflate": 0.2},
        "skin": "young_african_female", "tone": (1.05, 1.0, 0.97), "eyes": "brown_eye", "hair": "afro01", "hairTint": (0.16, 0.11, 0.09),
        "brows": "eyebrow007", "shirt": (0.62, 0.19, 0.08), "ground": (0.30, 0.42, 0.40), "turn": -5, "smile": 0.35,
    },
    "bruno": {
        "macro": {"caucasian-male-young": 0.55, "caucasian-male-old": 0.45},
        "gender": "male", "age": {"young": 0.55, "old": 0.45},
        "shape": {"head/head-square": 0.45, "nose/nose-hump-morehump": 0.45, "nose/nose-scale-horiz-incr": 0.3, "chin/chin-width-max": 0.5, "neck/neck-scale-horiz-more": 0.4},
        "skin": "middleage_caucasian_male", "tone": (1.0, 0.94, 0.9), "eyes": "grey_eye", "hair": "short02", "hairTint": (0.55, 0.5, 0.46),
        "brows": "eyebrow009", "shirt": (0.05, 0.08, 0.16), "ground": (0.36, 0.33, 0.29), "turn": 6, "smile": 0.1,
    },
    "chiyo": {
        "macro": {"asian-female-young": 1.0},
        "gender": "female", "age": {"young": 1.0},
        "shape": {"head/head-round": 0.45, "nose/nose-scale-vert-decr": 0.3, "chin/chin-height-min": 0.3},
        "skin": "young_asian_female", "tone": (1.0, 0.96, 0.92), "eyes": "brown_eye", "hair": "long01", "hairTint": (0.1, 0.085, 0.08),
        "brows": "eyebrow001", "shirt": (0.75, 0.72, 0.66), "ground": (0.45, 0.24, 0.22), "turn": 3, "smile": 0.3,
    },
    "dario": {
        "macro": {"caucasian-male-young": 0.6, "african-male-young": 0.2, "asian-male-young": 0.2},
        "gender": "male", "age": {"young": 1.0},
        "shape": {"head/head-rectangular": 0.4, "nose/nose-point-down": 0.3, "mouth/mouth-scale-horiz-incr": 0.25},
        "skin": "young_caucasian_male", "tone": (0.86, 0.72, 0.62), "eyes": "brownlight_eye", "hair": "short01", "hairTint": (0.2, 0.14, 0.1),
        "brows": "eyebrow005", "shirt": (0.16, 0.26, 0.13), "ground": (0.52, 0.47, 0.36), "turn": -8, "smile": 0.4,
    },
    "edda": {
        "macro": {"caucasian-female-old": 0.85, "caucasian-female-young": 0.15},
        "gender": "female", "age": {"old": 0.85, "young": 0.15},
        "shape": {"head/head-diamond": 0.3, "nose/nose-point-up": 0.25, "mouth/mouth-angles-up": 0.3},
        "skin": "old_caucasian_female", "tone": (1.0, 0.97, 0.95), "eyes": "blue_eye", "hair": "ponytail01", "hairTint": (3.4, 3.3, 3.3),
        "brows": "eyebrow010", "shirt": (0.24, 0.1, 0.24), "ground": (0.25, 0.33, 0.47), "turn": 7, "smile": 0.35,
    },
    "femi": {
        "macro": {"african-male-young": 0.6, "african-male-old": 0.4},
        "gender": "male", "age": {"young": 0.6, "old": 0.4},
        "shape": {"head/head-oval": 0.3, "nose/nose-width2-max": 0.2, "chin/chin-prominent-more": 0.3},
        "skin": "middleage_african_male", "tone": (1.0, 1.0, 1.0), "eyes": "brown_eye", "hair": "short04", "hairTint": (0.09, 0.08, 0.08),
        "brows": "eyebrow004", "shirt": (0.55, 0.42, 0.1), "ground": (0.24, 0.2, 0.3), "turn": -3, "smile": 0.25,
    },
    "greta": {
        "macro": {"caucasian-female-young": 1.0},
        "gender": "female", "age": {"young": 1.0},
        "shape": {"head/head-triangular": 0.2, "nose/nose-greek-moregreek": 0.3, "chin/chin-width-min": 0.2},
        "skin": "young_caucasian_female", "tone": (1.0, 0.95, 0.92), "eyes": "green_eye", "hair": "long01", "hairTint": (1.5, 0.75, 0.4),
        "brows": "eyebrow006", "shirt": (0.08, 0.25, 0.3), "ground": (0.5, 0.42, 0.44), "turn": -6, "smile": 0.3,
    },
}
