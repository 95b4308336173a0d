"""U-Net 1 and RU-Net in PyTorch, as the peers of `runet bench` run them; the names of parameters are those of our models.

Images are N x 1 x S x S. Softmax and region of interest are in float32 whatever the weights are in.
"""
import json
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional

CLASSES = 4
DOWN, UP = (32, 32, 64, 128, 128, 128), (128, 128, 64, 32, 16)
REGION_SLOPE, REGION_SHIFT = 100.0, 0.01
STAGES = {"unet1": 1, "ru-net": 2}


class Block(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)

    def forward(self, x):
        return functional.relu(self.conv2(functional.relu(self.conv1(x), inplace=True)), inplace=True)


class UNet(nn.Module):
    def __init__(self, divisor=1):
        super().__init__()
        down, up = [width // divisor for width in DOWN], [width // divisor for width in UP]
        for i, width in enumerate(down):
            setattr(self, f"down{i + 1}", Block(down[i - 1] if i > 0 else 1, width))
        for i, width in enumerate(up):
            below = up[i - 1] if i > 0 else down[-1]
            setattr(self, f"up{i + 1}", Block(below + down[-2 - i], width))
        self.head = nn.Conv2d(up[-1], CLASSES, 1)

    def forward(self, image):
        x, skipped = self.down1(image.to(self.head.weight.dtype)), []
        for i in range(2, len(DOWN) + 1):
            skipped.append(x)
            x = getattr(self, f"down{i}")(functional.max_pool2d(x, 2))
        for i in range(1, len(UP) + 1):
            doubled = functional.interpolate(x, scale_factor=2, mode="nearest")
            x = getattr(self, f"up{i}")(torch.cat((doubled, skipped.pop()), 1))
        return torch.softmax(self.head(x).float(), 1)


class Staged(nn.Module):
    """Returns the softmax of every stage and the regions between them, as a flat tuple."""

    def __init__(self, stages, divisor=1, dilation=11, shift=0.5):
        super().__init__()
        self.stages, self.dilation, self.shift = stages, dilation, shift
        for k in range(stages):
            setattr(self, f"stage{k + 1}", UNet(divisor))

    def get_region(self, probabilities):
        """Eq. (1) of the paper; the box is a mean with zeros around."""
        foreground = probabilities[:, 1:].sum(1, keepdim=True)
        inside = torch.sigmoid(REGION_SLOPE * (foreground - self.shift))
        before, after = (self.dilation - 1) // 2, self.dilation // 2
        box = functional.avg_pool2d(functional.pad(inside, (before, after, before, after)), self.dilation, 1)
        return torch.sigmoid(REGION_SLOPE * (box - REGION_SHIFT))

    def forward(self, image):
        outputs, regions, x = [], [], image
        for k in range(self.stages):
            outputs.append(getattr(self, f"stage{k + 1}")(x))
            if k + 1 < self.stages:
                # The gradient must not become half where the region is steep.
                with torch.autocast(image.device.type, enabled=False):
                    regions.append(self.get_region(outputs[-1]))
                    x = image * regions[-1]
        return (*outputs, *regions)

    def get_loss(self, image, one_hot):
        """Dice without the background, summed over the stages; @one_hot: N x structures x S x S."""
        return sum(dice_loss(output, one_hot) for output in self(image)[:self.stages])


def dice_loss(probabilities, one_hot):
    p, axes = probabilities[:, 1:], (0, 2, 3)
    both, sizes = (p * one_hot).sum(axes), (p * p).sum(axes) + one_hot.sum(axes)
    return 1 - ((2 * both + 1) / (sizes + 1)).mean()


def get_one_hot(labels):
    return torch.stack([(labels == c).float() for c in range(1, CLASSES)], 1)


def read_fixture(path):
    """All tensors of a safetensors file in float32 or int64."""
    kinds = {"F32": np.float32, "I64": np.int64}
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        body = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(body[begin:end], kinds[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


def compare_with_fixture(path, network):
    """The largest differences, in float64; those of the gradients by the largest value of their tensor."""
    fixture = read_fixture(path)
    model = Staged(STAGES[network], DOWN[0] // fixture["stage1.down1.conv1.weight"].shape[0]).double()
    model.load_state_dict({name: fixture[name].double() for name in model.state_dict()})
    image, one_hot = fixture["input"].double(), get_one_hot(fixture["target"]).double()
    loss = model.get_loss(image, one_hot)
    loss.backward()
    values = [value.detach() for value in model(image)]
    names = [f"output{k + 1}" for k in range(model.stages)] + [f"roi{k}" for k in range(1, model.stages)]
    differences = {name: float((value - fixture[name]).abs().max()) for name, value in zip(names, values)}
    differences["loss"] = abs(float(loss.detach()) - float(fixture["loss"]))
    differences["gradients"] = max(
        float((p.grad - fixture[f"grad.{name}"]).abs().max() / fixture[f"grad.{name}"].abs().max().clamp(1e-9))
        for name, p in model.named_parameters())
    return differences
