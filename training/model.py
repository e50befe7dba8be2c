"""A small text-conditioned UNet: 64x64 RGB, pixel-unshuffle 4 (so the convolutions see 16x16, 8x8 and 4x4), about 11 M parameters.

net(x, t, ids) -> x0: x (B,3,64,64) in [-1,1] plus noise, t (B,) in (0,1] with x_t = (1-t) x0 + t n, ids (B,16) word ids, 0 = none;
a word at a place has its id plus 10,000 times the number of the place (grammar.py). Each cell of the picture hears the words of the
place in whose box it lies, beside those of no place (backgrounds, or the one thing that there is); so "a red heart and a blue star" cannot mix.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

from grammar import PLACE_STEP, PLACES
from places import boxes, shrink


class Block(nn.Module):
    """Residual block whose second normalisation is scaled and shifted by time and text (FiLM, Perez et al. 2018), cell by cell."""

    def __init__(self, cin, cout, cond):
        super().__init__()
        self.norm1 = nn.GroupNorm(16, cin)
        self.conv1 = nn.Conv2d(cin, cout, 3, padding=1)
        self.film = nn.Linear(cond, 2 * cout)
        self.norm2 = nn.GroupNorm(16, cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1)
        self.skip = nn.Conv2d(cin, cout, 1) if cin != cout else nn.Identity()
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x, cond, region):
        h = self.conv1(F.leaky_relu(self.norm1(x), 0.1))
        film = torch.matmul(region.transpose(1, 2), self.film(cond))  # a vector a cell
        scale, shift = film.reshape(-1, *h.shape[2:], film.shape[2]).permute(0, 3, 1, 2).chunk(2, 1)
        h = self.norm2(h) * (1 + scale) + shift
        return self.skip(x) + self.conv2(F.leaky_relu(h, 0.1))


class Attention(nn.Module):
    """Attention over the cells, with the words that a cell hears as extra keys and values."""

    def __init__(self, channels, words, heads=4):
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(16, channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.words = nn.Linear(words, 2 * channels)
        self.out = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x, words, heard, region):
        b, c, h, w = x.shape
        d = c // self.heads
        q, k, v = self.qkv(self.norm(x)).reshape(b, 3, self.heads, d, h * w).unbind(1)
        kw, vw = self.words(words).reshape(b, -1, 2, self.heads, d).permute(2, 0, 3, 4, 1)
        k, v = torch.cat([k, kw], 3), torch.cat([v, vw], 3)
        scores = torch.matmul(q.transpose(2, 3), k) / math.sqrt(d)
        deaf = (torch.matmul(region.transpose(1, 2), heard) - 1) * 1e4
        bias = torch.cat([torch.zeros_like(scores[:, 0, :, : h * w]), deaf], 2)
        attention = torch.softmax(scores + bias[:, None], 3)
        out = torch.matmul(attention, v.transpose(2, 3)).transpose(2, 3).reshape(b, c, h, w)
        return x + self.out(out)


class Net(nn.Module):
    def __init__(self, vocab, channels=(96, 192, 256), cond=384, word=128):
        super().__init__()
        a, b, c = channels
        self.embed = nn.Embedding(vocab + 1, word)
        self.at = nn.Embedding(PLACES, word)
        nn.init.zeros_(self.at.weight)
        self.word = nn.Sequential(nn.Linear(word, 256), nn.LeakyReLU(0.1), nn.Linear(256, word))
        self.pooled = nn.Linear(word, cond)
        self.time = nn.Sequential(nn.Linear(64, cond), nn.LeakyReLU(0.1), nn.Linear(cond, cond))
        self.join = nn.Sequential(nn.LeakyReLU(0.1), nn.Linear(cond, cond), nn.LeakyReLU(0.1))
        self.register_buffer("frequencies", torch.exp(torch.linspace(0, math.log(200.0), 32)))
        self.stem = nn.Conv2d(48, a, 3, padding=1)
        self.down1 = nn.ModuleList([Block(a, a, cond)])
        self.half1 = nn.Conv2d(a, b, 3, stride=2, padding=1)
        # Where things are: convolutions and attention know no places, so out of pure noise they could give colours but no shapes.
        self.place1 = nn.Parameter(0.02 * torch.randn(1, a, 16, 16))
        self.place2 = nn.Parameter(0.02 * torch.randn(1, b, 8, 8))
        self.place3 = nn.Parameter(0.02 * torch.randn(1, c, 4, 4))
        self.layout = nn.Linear(cond, 64 * 8 * 8)
        self.layout_in = nn.Conv2d(64, b, 1)
        nn.init.zeros_(self.layout_in.bias)
        self.down2 = nn.ModuleList([Block(b, b, cond), Block(b, b, cond)])
        self.attend2 = Attention(b, word)
        self.half2 = nn.Conv2d(b, c, 3, stride=2, padding=1)
        self.down3 = nn.ModuleList([Block(c, c, cond)])
        self.attend3 = Attention(c, word)
        self.up3 = nn.ModuleList([Block(c, c, cond)])
        self.grow3 = nn.Conv2d(c, b, 1)
        self.up2 = nn.ModuleList([Block(2 * b, b, cond), Block(b, b, cond)])
        self.attend_up2 = Attention(b, word)
        self.grow2 = nn.Conv2d(b, a, 1)
        self.up1 = nn.ModuleList([Block(2 * a, a, cond)])
        for cells in (4, 8, 16):
            self.register_buffer(f"boxes{cells}", boxes(cells))
        self.register_buffer("shrink", shrink(8))
        self.norm = nn.GroupNorm(16, a)
        self.head = nn.Conv2d(a, 48, 3, padding=1)

    def forward(self, x, t, ids):
        known = (ids > 0).to(x.dtype)
        place = torch.div(ids, PLACE_STEP, rounding_mode="trunc")
        words = self.embed(ids - place * PLACE_STEP) + self.at(place)
        words = words + self.word(words)
        of = (place[:, None] == torch.arange(PLACES, device=ids.device)[:, None]).to(x.dtype) * known[:, None]  # (B, PLACES, 16)
        taken = torch.cat([torch.zeros_like(of[:, :1, 0]), of[:, 1:].amax(2)], 1)[:, :, None]  # place 0 is the rest
        heard = torch.cat([of[:, :1], of[:, 1:] + of[:, :1]], 1)
        region4, region8, region16 = (self.region(taken, mask) for mask in (self.boxes4, self.boxes8, self.boxes16))
        # The rest hears which places are taken: nothing of its own belongs there.
        rest = torch.matmul(taken.transpose(1, 2), self.at.weight[None].to(x.dtype))
        pooled = torch.matmul(heard, words) / heard.sum(2, keepdim=True).clamp(min=1).sqrt()
        pooled = torch.cat([pooled[:, :1] + rest, pooled[:, 1:]], 1)
        angles = t[:, None].to(self.frequencies.dtype) * self.frequencies[None, :]
        time = self.time(torch.cat([angles.sin(), angles.cos()], 1).to(x.dtype))
        cond = self.join(time[:, None] + self.pooled(pooled))
        # The layout of a thing at a place is that of the same thing alone, at half size.
        layout = torch.matmul(self.layout(cond).reshape(-1, PLACES, 64, 64), self.shrink)
        layout = (layout * torch.cat([region8[:, :1], taken[:, 1:].expand(-1, -1, 64)], 1)[:, :, None]).sum(1)

        h = self.stem(F.pixel_unshuffle(x, 4)) + self.place1
        for block in self.down1:
            h = block(h, cond, region16)
        skip1 = h
        h = self.half1(h) + self.place2 + self.layout_in(layout.reshape(-1, 64, 8, 8))
        for block in self.down2:
            h = block(h, cond, region8)
        h = self.attend2(h, words, heard, region8)
        skip2 = h
        h = self.half2(h) + self.place3
        for block in self.down3:
            h = block(h, cond, region4)
        h = self.attend3(h, words, heard, region4)
        for block in self.up3:
            h = block(h, cond, region4)
        h = F.interpolate(self.grow3(h), scale_factor=2.0, mode="nearest")
        h = torch.cat([h, skip2], 1)
        for block in self.up2:
            h = block(h, cond, region8)
        h = self.attend_up2(h, words, heard, region8)
        h = F.interpolate(self.grow2(h), scale_factor=2.0, mode="nearest")
        h = torch.cat([h, skip1], 1)
        for block in self.up1:
            h = block(h, cond, region16)
        h = self.head(F.leaky_relu(self.norm(h), 0.1))
        return F.pixel_shuffle(h, 4)

    @staticmethod
    def region(taken, masks):
        """(B, PLACES, cells): which place each cell belongs to; place 0 has what no other one takes."""
        own = taken * masks
        return torch.cat([1 - own.sum(1, keepdim=True).clamp(max=1), own[:, 1:]], 1)
