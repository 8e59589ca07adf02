"""The networks as one writes them in PyTorch, under torchvision's names, and state dicts as safetensors, by hand: Debian has no package for either.

state_dict.py outputs WEIGHTS IMAGES OUTPUTS            loads weights of ours, writes what they make of the images
state_dict.py draw NETWORK TYPE PREFIX WEIGHTS IMAGES OUTPUTS    draws weights, writes both; NETWORK: cnn, or basic:1,2,1,1, bottleneck:1,1,1,2
state_dict.py pickle WEIGHTS PICKLE                     writes weights as torch.save does after a training
state_dict.py run CODE                                  runs a line of Python that writes safetensors by the package's own function

Every file is safetensors: WEIGHTS a state dict, IMAGES "images" (N, C, S, S), OUTPUTS "embeddings" (N, D) and "logits" (N, K). Ends with 3 where
PyTorch is missing.
"""
import json
import sys
import types

try:
    import numpy
    import torch
    from torch import nn
except ImportError:
    sys.exit(3)

TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64, "I64": torch.int64}


def read(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    state = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            state[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
    return state


def write(path, state):
    header, data = {}, b""
    for name, value in state.items():
        # numpy has no bfloat16: the bits as they are
        plain = value.detach().contiguous()
        plain = (plain.view(torch.int16) if plain.dtype == torch.bfloat16 else plain).numpy().tobytes()
        kind = next(kind for kind, dtype in TYPES.items() if dtype == value.dtype)
        header[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(plain)]}
        data += plain
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + data)


class Cnn(nn.Module):
    def __init__(self, channels, latent, pooled):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 64, 3, padding=1)
        self.latent = nn.Linear(64 * pooled * pooled, latent)
        self.width = latent

    def forward(self, x):
        for conv in (self.conv1, self.conv2, self.conv3):
            x = nn.functional.max_pool2d(conv(x).relu(), 2)
        return self.latent(x.flatten(1)).relu()


class Block(nn.Module):
    def __init__(self, before, width, stride, bottleneck):
        super().__init__()
        after = 4 * width if bottleneck else width
        sizes = (1, 3, 1) if bottleneck else (3, 3)
        widths = (before, width, width, after) if bottleneck else (before, width, width)
        strides = (1, stride, 1) if bottleneck else (stride, 1)
        for i, (size, step) in enumerate(zip(sizes, strides)):
            setattr(self, f"conv{i + 1}", nn.Conv2d(widths[i], widths[i + 1], size, step, size // 2, bias=False))
            setattr(self, f"bn{i + 1}", nn.BatchNorm2d(widths[i + 1]))
        self.depth = len(sizes)
        if stride != 1 or before != after:
            self.downsample = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        y = x
        for i in range(self.depth):
            y = getattr(self, f"bn{i + 1}")(getattr(self, f"conv{i + 1}")(y))
            y = y.relu() if i + 1 < self.depth else y
        return (y + (self.downsample(x) if hasattr(self, "downsample") else x)).relu()


class ResNet(nn.Module):
    def __init__(self, channels, counts, bottleneck):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        before = 64
        for stage, count in enumerate(counts):
            blocks = []
            for i in range(count):
                blocks.append(Block(before, 64 << stage, 2 if i == 0 and stage > 0 else 1, bottleneck))
                before = (64 << stage) * (4 if bottleneck else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.width = before

    def forward(self, x):
        x = nn.functional.max_pool2d(self.bn1(self.conv1(x)).relu(), 3, 2, 1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
        return x.mean((2, 3))


class Classifier(nn.Module):
    def __init__(self, features, outputs):
        super().__init__()
        self.features, self.head = features, nn.Linear(features.width, outputs)

    def forward(self, x):
        return self.head(self.features(x))


def network_of(state):
    """Ours, as its names and shapes tell."""
    of = {name[len("features."):]: value for name, value in state.items() if name.startswith("features.")}
    channels = of["conv1.weight"].shape[1]
    if "latent.weight" in of:
        latent, columns = of["latent.weight"].shape
        features = Cnn(channels, latent, int((columns // 64) ** 0.5))
    else:
        counts = [len({name.split(".")[1] for name in of if name.startswith(f"layer{stage}.")}) for stage in (1, 2, 3, 4)]
        features = ResNet(channels, counts, "layer1.0.conv3.weight" in of)
    return Classifier(features, state["head.weight"].shape[0])


def drawn(network, images):
    torch.manual_seed(1)
    kind, _, counts = network.partition(":")
    channels, side = images.shape[1], images.shape[3]
    features = Cnn(channels, 8, side // 8) if kind == "cnn" else ResNet(channels, [int(count) for count in counts.split(",")], kind == "bottleneck")
    model = Classifier(features, 2)
    for _ in range(3):
        model.train()(images)   # running means of their own
    return model


def save_outputs(path, model, images):
    with torch.no_grad():
        embeddings = model.eval().features(images)
        write(path, {"embeddings": embeddings, "logits": model.head(embeddings)})


torch.set_num_threads(1)
if sys.argv[1] == "pickle":
    weights, pickle = sys.argv[2:]
    torch.save({"state_dict": read(weights), "epoch": 3}, pickle)
elif sys.argv[1] == "run":
    package, module = types.ModuleType("safetensors"), types.ModuleType("safetensors.torch")
    package.torch, module.save_file = module, lambda tensors, filename: write(filename, tensors)
    sys.modules.update({"safetensors": package, "safetensors.torch": module})
    exec(sys.argv[2], {})
elif sys.argv[1] == "outputs":
    weights, images, outputs = sys.argv[2:]
    state = read(weights)
    model = network_of(state)
    model.load_state_dict(state)
    save_outputs(outputs, model, read(images)["images"])
else:
    network, kind, prefix, weights, images, outputs = sys.argv[2:]
    images = read(images)["images"]
    model = drawn(network, images)
    # what is left of the weights is what the outputs are of
    state = {name: value.to(TYPES[kind]) if value.is_floating_point() else value for name, value in model.state_dict().items()}
    model.load_state_dict({name: value.float() if value.is_floating_point() else value for name, value in state.items()})
    own = {f"{prefix}{name[len('features.'):]}": value for name, value in state.items() if name.startswith("features.")}
    write(weights, {**own, f"{prefix}fc.weight": state["head.weight"], f"{prefix}fc.bias": state["head.bias"]})
    save_outputs(outputs, model, images)
