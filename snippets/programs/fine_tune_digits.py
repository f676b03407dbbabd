"""Train a network on the digits 0 to 4, freeze it, and teach it 5 to 9 from few examples.

The digits lie anywhere on a page of 16 x 16 pixels. The same network, trained from
nothing on the same few examples, is there for comparison.
"""

import argparse

import torch
from sklearn.datasets import load_digits
from torch import nn


def on_pages(images):
    """Put each 8 x 8 image at a random place on an empty 16 x 16 page."""
    pages = torch.zeros(len(images), 1, 16, 16)
    for page, image in zip(pages, images, strict=False):
        top, left = torch.randint(9, (2,)).tolist()
        page[0, top : top + 8, left : left + 8] = image
    return pages


def make_body():
    """Return the part that turns a page into 64 features."""
    return nn.Sequential(
        nn.Conv2d(1, 16, kernel_size=9, padding=4, stride=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 64),
        nn.ReLU(),
    )


def fit(network, pages, labels, steps, lr, batch_size=50):
    """Train the parameters that are not frozen, on random mini-batches."""
    trainable = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(trainable, lr=lr)
    for _ in range(steps):
        rows = torch.randint(len(pages), (batch_size,))
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(pages[rows]), labels[rows]).backward()
        optimizer.step()


def accuracy(network, pages, labels):
    """Return the share of right answers."""
    with torch.no_grad():
        return (network(pages).argmax(dim=1) == labels).float().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10, help="for each new digit")
    parser.add_argument("--steps", type=int, default=100, help="of the first training")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    # Pages this small give several threads too little to do: they would mostly wait
    # for each other. Take this line out for larger images.
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)

    digits = load_digits()
    pages = on_pages(torch.tensor(digits.images, dtype=torch.float32) / 16)
    labels = torch.tensor(digits.target)
    old = labels < 5
    new_pages, new_labels = pages[~old], labels[~old] - 5

    # 1. Learn the digits 0 to 4 from many examples.
    body = make_body()
    network = nn.Sequential(body, nn.Linear(64, 5))
    fit(network, pages[old], labels[old], args.steps, 1e-2)

    # 2. Freeze the body and train a new head on a few examples of 5 to 9.
    # They are drawn at random: the first ones in the file may be too much alike.
    order = torch.randperm(len(new_labels))
    places = [order[new_labels[order] == d] for d in range(5)]
    few = torch.cat([place[: args.examples] for place in places])
    others = torch.ones(len(new_labels), dtype=torch.bool)
    others[few] = False
    body.requires_grad_(False)
    body.eval()
    before = [parameter.clone() for parameter in body.parameters()]
    tuned = nn.Sequential(body, nn.Linear(64, 5))
    fit(tuned, new_pages[few], new_labels[few], 20, 3e-2)
    after = list(body.parameters())
    print("examples of new digits:", len(few))
    print("frozen body unchanged:", all(map(torch.equal, before, after)))

    # 3. Train the same network from nothing on the same examples,
    # for twice as many steps.
    scratch = nn.Sequential(make_body(), nn.Linear(64, 5))
    fit(scratch, new_pages[few], new_labels[few], 40, 1e-2)
    tuned_accuracy = accuracy(tuned, new_pages[others], new_labels[others])
    scratch_accuracy = accuracy(scratch, new_pages[others], new_labels[others])
    print("better than from nothing:", tuned_accuracy > scratch_accuracy)


if __name__ == "__main__":
    main()
