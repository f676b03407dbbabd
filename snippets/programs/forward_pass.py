"""A forward pass, step by step: rows of ten numbers go through three linear layers.

The network is not trained. The program shows what shape the numbers have after each
layer, how many parameters each layer holds, and what comes out in the end.
"""

import argparse

import torch
from torch import nn

# One example: a row of ten features.
EXAMPLE = torch.tensor([
    [-0.0014, 0.4038, 1.0305, 0.7521, 0.7489, -0.3968, 0.0113, -1.3844, 0.8705, -0.9743]
])


def build_network():
    """From 10 features over 18 and 20 numbers to 5 scores."""
    return nn.Sequential(
        nn.Linear(10, 18),
        nn.Linear(18, 20),
        nn.Linear(20, 5),
    )


def make_batch(rows):
    """The example, followed by as many random rows as are needed."""
    return torch.cat([EXAMPLE, torch.randn(rows - 1, 10)])


def count_parameters(module):
    """How many numbers training could change in a layer or in a whole network."""
    return sum(p.numel() for p in module.parameters())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=4, help="examples in the batch")
    parser.add_argument(
        "--seed", type=int, default=0, help="start of the random numbers"
    )
    options = parser.parse_args()
    if options.rows < 1:
        parser.error("--rows must be at least 1")

    # The weights are drawn when the layers are made, so the seed comes before that.
    torch.manual_seed(options.seed)
    network = build_network()
    x = make_batch(options.rows)

    # Layer by layer: this is what network(x) does.
    print(f"{'step':8} {'shape':10} {'weight':10} {'bias':7} parameters")
    print(f"{'input':8} {tuple(x.shape)}")
    for i, layer in enumerate(network):
        x = layer(x)
        shape, weight, bias = (
            str(tuple(tensor.shape)) for tensor in (x, layer.weight, layer.bias)
        )
        count = count_parameters(layer)
        print(f"{f'layer {i}':8} {shape:10} {weight:10} {bias:7} {count:10}")
    print(f"{'together':38} {count_parameters(network):10}")

    # The first row is the example. Its five scores mean nothing: no weight is tuned.
    scores = " ".join(f"{score:7.4f}" for score in x[0].tolist())
    print(f"\nscores of the example: {scores}")


if __name__ == "__main__":
    main()
