"""Seconds that PyTorch takes for images of a ResNet-18 with 2, 2, 2 and 3 blocks, its weights drawn: SIDE BATCH IMAGES THREADS."""
import sys
import time

import torch
from torch import nn

side, batch, images, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.down = None if inputs == outputs else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu_()))
        return y.add_(x if self.down is None else self.down(x)).relu_()


layers, inputs = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)], 64
for stage, blocks in enumerate((2, 2, 2, 3)):
    for block in range(blocks):
        layers.append(Block(inputs, 64 << stage, 2 if stage > 0 and block == 0 else 1))
        inputs = 64 << stage
model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval()
x = torch.rand(images, 3, side, side)
with torch.no_grad():
    model(x[:batch])
    start = time.perf_counter()
    for i in range(0, images, batch):
        model(x[i : i + batch])
print(time.perf_counter() - start)
