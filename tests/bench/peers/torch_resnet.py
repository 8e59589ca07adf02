"""Images a second of a ResNet-18 in PyTorch: torch_resnet.py WAY SIZE BATCH SECONDS [BLOCKS], where WAY is forward, train, or last (the last stage and the head).

BLOCKS are those of the last stage, 2 where it is left out. Prints one number. One thread where OMP_NUM_THREADS says so.
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu_()))
        y += x if self.downsample is None else self.downsample(x)
        return y.relu_()


class ResNet(nn.Module):
    def __init__(self, last):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        stages, inputs = [], 64
        for index, outputs in enumerate((64, 128, 256, 512)):
            blocks = [Block(outputs, outputs, 1) for _ in range(1, last if index == 3 else 2)]
            stages.append(nn.Sequential(Block(inputs, outputs, 2 if index else 1), *blocks))
            inputs = outputs
        self.layer1, self.layer2, self.layer3, self.layer4 = stages
        self.fc = nn.Linear(512, 2)

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.conv1(x)).relu_(), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


way, size, batch, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
torch.manual_seed(0)
torch.set_num_threads(1)
net = ResNet(last=int(sys.argv[5]) if len(sys.argv) > 5 else 2)
images, labels = torch.rand(batch, 3, size, size), torch.zeros(batch, dtype=torch.int64)
trained = [p for name, p in net.named_parameters() if way == "train" or name.startswith(("layer4", "fc"))]
for p in net.parameters():
    p.requires_grad_(False)
for p in trained:
    p.requires_grad_(way != "forward")
optimizer = torch.optim.Adam(trained, lr=1e-4)


def step():
    if way == "forward":
        with torch.no_grad():
            net(images)
        return
    optimizer.zero_grad()
    F.cross_entropy(net(images), labels).backward()
    optimizer.step()


if way == "train":
    net.train()
else:
    net.eval()
    if way == "last":
        net.layer4.train()
step()
done, start = 0, time.perf_counter()
while time.perf_counter() - start < seconds:
    step()
    done += batch
print(done / (time.perf_counter() - start))
