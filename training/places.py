"""Where in the picture the words of a place are heard: the boxes of grammar.py's places on the network's three grids of cells."""
import torch

from grammar import ABOVE, BELOW, BOTTOM_LEFT, BOTTOM_RIGHT, LEFT, PLACES, RIGHT, TOP_LEFT, TOP_RIGHT

# Left and top of a place's box in pixels of the 64 x 64 picture; a box is 32 pixels wide and high.
CORNER = {
    LEFT: (0, 16), RIGHT: (32, 16), ABOVE: (16, 0), BELOW: (16, 32),
    BOTTOM_LEFT: (0, 32), BOTTOM_RIGHT: (32, 32), TOP_LEFT: (0, 0), TOP_RIGHT: (32, 0),
}


def boxes(cells):
    """(PLACES, cells x cells): 1 where a cell is in the box of a place; nothing for place 0, which is whatever no other place takes."""
    masks = torch.zeros(PLACES, cells, cells)
    for place, (left, top) in CORNER.items():
        x, y, side = left * cells // 64, top * cells // 64, cells // 2
        masks[place, y : y + side, x : x + side] = 1
    return masks.flatten(1)


def shrink(cells):
    """(PLACES, cells^2, cells^2): maps a layout to its half size in the box of a place; place 0 keeps it as it is."""
    maps = torch.zeros(PLACES, cells, cells, cells, cells)
    for place, (left, top) in CORNER.items():
        for y in range(cells):
            for x in range(cells):
                maps[place, y, x, top * cells // 64 + y // 2, left * cells // 64 + x // 2] = 0.25
    maps[0] = torch.eye(cells * cells).reshape(cells, cells, cells, cells)
    return maps.flatten(3).flatten(1, 2)
