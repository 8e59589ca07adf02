"""A vision transformer of PyTorch's, exported to ONNX, with what PyTorch makes of some images; exits with 3 where there is no PyTorch.

    python3 export.py MODEL.onnx IMAGES OUTPUTS

Every size of the input is free, as in the exports of model hubs. IMAGES are float32 (4, 3, 32, 32), OUTPUTS the class tokens, then the means over
all tokens, float32 (2, 4, 16).
"""
import sys

try:
    import numpy
    import torch
except ImportError:
    sys.exit(3)
from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 16, 8, stride=8)
        self.token = nn.Parameter(torch.randn(1, 1, 16))
        self.layers = nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), 2)
        self.norm = nn.LayerNorm(16)

    def forward(self, images):
        tokens = self.patches(images).flatten(2).transpose(1, 2)
        tokens = self.norm(self.layers(torch.cat([self.token.expand(tokens.shape[0], -1, -1), tokens], 1)))
        return tokens, tokens[:, 0]


torch.manual_seed(1)
torch.set_num_threads(1)
model = Encoder().eval()
images = torch.rand(4, 3, 32, 32)
free = {"pixel_values": {0: "batch", 1: "num_channels", 2: "height", 3: "width"}}
names = ["last_hidden_state", "pooler_output"]
torch.onnx.export(model, images, sys.argv[1], input_names=["pixel_values"], output_names=names, dynamic_axes=free, opset_version=16)
with torch.no_grad():
    tokens, pooled = model(images)
images.numpy().tofile(sys.argv[2])
torch.stack([pooled, tokens.mean(1)]).numpy().tofile(sys.argv[3])
