#!/usr/bin/env python3
"""Times the ways of PyTorch that peers.py leaves out, on its network, images and loss.

    torch-ways.py PEERS forward|train NETWORK BATCH WAY

PEERS is the path of peers.py, whose lines of JSON this prints too. WAY is channels_last, compiled or
compiled-channels_last; the compiled ones need PyTorch 2 and a C++ compiler. One way a run, so that
the peak of memory is that way's. THREADS and REPS by environment, as for peers.py.
"""
import os
import sys

WAYS = ("channels_last", "compiled", "compiled-channels_last")


def make_forward(peers, torch, model, x, compiled):
    net = peers.last_output(torch, model)
    net = torch.compile(net) if compiled else net

    def forward():
        with torch.no_grad():
            net(x)
    return forward


def make_step(torch, reference, model, x, compiled):
    target = torch.from_numpy(reference.ellipses(x.shape[0], x.shape[-1], 1))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)

    def get_loss(images):
        return sum(reference.dice_loss(o, target) for o in model(images)[0])
    # Model and loss together, so that the compiler may fuse the two.
    loss = torch.compile(get_loss) if compiled else get_loss

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss(x).backward()
        optimizer.step()
    return step


def main():
    path, what, network, batch, way = sys.argv[1:]
    if way not in WAYS or what not in ("forward", "train"):
        sys.exit(f"expected forward or train, and one of {', '.join(WAYS)}; found {what}, {way}")
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    import peers
    torch, reference, model = peers.torch_model(network)
    x = torch.from_numpy(peers.image(int(batch)))
    if way.endswith("channels_last"):
        model = model.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    compiled = way.startswith("compiled")
    if what == "forward":
        run = make_forward(peers, torch, model, x, compiled)
    else:
        run = make_step(torch, reference, model, x, compiled)
    peers.report("torch", torch.__version__, what, network, int(batch), peers.timed(run), way=way)


if __name__ == "__main__":
    main()
