"""Train a network to read handwritten digits, and test it on digits it has not seen.

Run it with: python train_digits.py --epochs 30 --batch-size 50
"""

import argparse

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

KNOWN = 1000  # learn from the first 1000 digits, test on the rest


def load_data():
    """Return two datasets: the digits to learn from and those held out."""
    digits = load_digits()
    images = torch.tensor(digits.data, dtype=torch.float32) / 16
    labels = torch.tensor(digits.target)
    known = TensorDataset(images[:KNOWN], labels[:KNOWN])
    held_out = TensorDataset(images[KNOWN:], labels[KNOWN:])
    return known, held_out


def train_one_epoch(model, loader, loss_function, optimizer):
    """Take one step for each batch; return the mean loss over all rows."""
    total = 0.0
    for images, labels in loader:
        loss = loss_function(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
    return total / len(loader.dataset)


def accuracy(model, dataset):
    """Return the share of a dataset's digits that the model reads correctly."""
    images, labels = dataset[:]
    with torch.no_grad():  # nothing is learned here, so no gradients are needed
        predictions = model(images).argmax(dim=1)
    return (predictions == labels).float().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch-size", type=int, default=50)
    parser.add_argument("--lr", type=float, default=0.01, help="learning rate of Adam")
    parser.add_argument("--hidden", type=int, default=32, help="neurons in the middle")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    # The seed fixes both the first weights and the order of the batches.
    torch.manual_seed(options.seed)
    known, held_out = load_data()
    loader = DataLoader(known, batch_size=options.batch_size, shuffle=True)

    model = nn.Sequential(
        nn.Linear(64, options.hidden),
        nn.Sigmoid(),
        nn.Linear(options.hidden, 10),  # no softmax: the loss takes logits
    )
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=options.lr)

    parameters = sum(p.numel() for p in model.parameters())
    print(f"{len(known)} digits to learn from, {len(held_out)} held out")
    print(f"{parameters} parameters, {len(loader)} steps in each epoch")

    for epoch in range(1, options.epochs + 1):
        loss = train_one_epoch(model, loader, loss_function, optimizer)
        if epoch == 1 or epoch % 10 == 0:
            print(f"epoch {epoch:2}: mean loss {loss:.2f}")

    print(f"accuracy on digits it learned from: {accuracy(model, known):.2f}")
    print(f"accuracy on digits held out:        {accuracy(model, held_out):.2f}")


if __name__ == "__main__":
    main()
