"""Train a small convolutional network to read digits, and test it on new images.

The network learns from the first images that come with scikit-learn and is measured
on the rest.
"""

import argparse

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

N_TRAIN = 1000  # of 1797 images


def load_images():
    """Images of shape (n, 1, 8, 8) with values from 0 to 1, and their labels."""
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(digits.target)
    train_set = TensorDataset(images[:N_TRAIN], labels[:N_TRAIN])
    new_set = TensorDataset(images[N_TRAIN:], labels[N_TRAIN:])
    return train_set, new_set


def build_network(channels):
    """Two convolutions, each followed by ReLU and pooling, and a linear layer."""
    return nn.Sequential(
        nn.Conv2d(1, channels, kernel_size=3, padding=1),  # channels x 8 x 8
        nn.ReLU(),
        nn.MaxPool2d(2),  # channels x 4 x 4
        nn.Conv2d(channels, 2 * channels, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),  # 2 channels x 2 x 2
        nn.Flatten(),
        nn.Linear(2 * channels * 2 * 2, 10),
    )


def train_epoch(network, loader, loss_function, optimizer):
    """One round through the training images. Returns the mean loss."""
    total = 0.0
    for images, labels in loader:
        loss = loss_function(network(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(images)
    return total / len(loader.dataset)


def predict(network, images):
    """The digit with the largest score for each image."""
    with torch.no_grad():
        return network(images).argmax(dim=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--epochs", type=int, default=4, help="rounds through the training images"
    )
    parser.add_argument(
        "--batch-size", type=int, default=50, help="images for each step"
    )
    parser.add_argument("--lr", type=float, default=0.01, help="learning rate")
    parser.add_argument(
        "--channels", type=int, default=12, help="feature maps of the first layer"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="start of the random numbers"
    )
    options = parser.parse_args()

    # Images this small give several threads too little to do: they would mostly wait
    # for each other. Take this line out for larger images.
    torch.set_num_threads(1)

    # The seed decides the first weights and the order of the images.
    torch.manual_seed(options.seed)
    train_set, new_set = load_images()
    loader = DataLoader(train_set, batch_size=options.batch_size, shuffle=True)
    network = build_network(options.channels)
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(network.parameters(), lr=options.lr)

    n_parameters = sum(p.numel() for p in network.parameters())
    print(f"training images {len(train_set)}, new images {len(new_set)}")
    print(f"parameters {n_parameters}")

    for epoch in range(1, options.epochs + 1):
        loss = train_epoch(network, loader, loss_function, optimizer)
        print(f"epoch {epoch:3}: loss {loss:.2f}")

    new_images, new_labels = new_set.tensors
    right = predict(network, new_images) == new_labels
    print(f"share of new images read correctly: {right.float().mean().item():.2f}")


if __name__ == "__main__":
    main()
