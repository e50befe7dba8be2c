"""The network's parameters as one long vector, and how a new run takes over those of another."""
import torch


@torch.no_grad()
def warm_start(net, saved, old_words, words):
    """Takes over what has the same name, and the rows of the words that both know; the rest stays as it was made."""
    own = dict(net.named_parameters())
    names = saved.get("names") or [name for name in own if name != "at.weight"]  # the first runs knew no places and kept no names
    for name, values in zip(names, saved["ema"], strict=True):
        if name != "embed.weight":
            own[name].copy_(values)
            continue
        for word, row in words.items():
            if word in old_words:
                own[name][row] = values[old_words[word]]


def pieces(vector, net):
    """The long vector cut into the shapes of the network's parameters."""
    shapes = [p.shape for p in net.parameters()]
    return [part.reshape(shape) for part, shape in zip(vector.split([s.numel() for s in shapes]), shapes)]
