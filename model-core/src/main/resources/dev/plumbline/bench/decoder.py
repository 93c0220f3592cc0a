"""The decoder of `plumbline bench` in eager PyTorch, for comparison.

A Llama as a careful author writes it: projections of queries, keys and values in one product, fused
attention where this PyTorch has it, cross entropy over flat logits, AdamW over lists of tensors,
clipping by global norm, sampling with a key-value cache that is written in place.

Usage: decoder.py MODEL_DIRECTORY THREADS
Requests come as lines of JSON on standard input, answers go as lines of JSON to standard output.
"""

import json
import os
import struct
import sys
import time

try:
    import torch
    import torch.nn.functional as F
except ImportError as missing:
    print(json.dumps({"error": str(missing)}), flush=True)
    sys.exit(1)

LEARNING_RATE, BETAS, EPSILON, DECAY, MAX_NORM = 1e-4, (0.9, 0.95), 1e-8, 0.1, 1.0


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            flat = torch.frombuffer(data[start:end], dtype=torch.float32)
            tensors[name] = flat.reshape(entry["shape"]).clone()
    return tensors


class Norm(torch.nn.Module):
    def __init__(self, weight, epsilon):
        super().__init__()
        self.weight = torch.nn.Parameter(weight)
        self.epsilon = epsilon

    def forward(self, x):
        if hasattr(F, "rms_norm"):
            return F.rms_norm(x, self.weight.shape, self.weight, self.epsilon)
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.epsilon) * self.weight


def linear(weight):
    module = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    module.weight = torch.nn.Parameter(weight)
    return module


def turned(x, cosine, sine):
    first, second = x.chunk(2, -1)
    return x * cosine + torch.cat([-second, first], -1) * sine


class Block(torch.nn.Module):
    def __init__(self, tensors, prefix, config):
        super().__init__()
        take = lambda name: tensors[prefix + name + ".weight"]
        attention = [take("self_attn.%s_proj" % name) for name in "qkv"]
        self.heads = config["num_attention_heads"]
        self.before_attention = Norm(take("input_layernorm"), config["rms_norm_eps"])
        self.qkv = linear(torch.cat(attention, 0))
        self.out = linear(take("self_attn.o_proj"))
        self.before_mlp = Norm(take("post_attention_layernorm"), config["rms_norm_eps"])
        self.gate_up = linear(torch.cat([take("mlp.gate_proj"), take("mlp.up_proj")], 0))
        self.down = linear(take("mlp.down_proj"))

    def mlp(self, x):
        gate, up = self.gate_up(x).chunk(2, -1)
        return self.down(F.silu(gate) * up)

    def heads_of(self, x, cosine, sine):
        B, T, _ = x.shape
        q, k, v = self.qkv(x).view(B, T, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        return turned(q, cosine, sine), turned(k, cosine, sine), v

    def forward(self, x, cosine, sine, mask):
        B, T, _ = x.shape
        q, k, v = self.heads_of(self.before_attention(x), cosine, sine)
        if hasattr(F, "scaled_dot_product_attention"):
            a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2) + mask
            a = scores.softmax(-1) @ v
        x = x + self.out(a.transpose(1, 2).reshape(B, T, -1))
        return x + self.mlp(self.before_mlp(x))

    def cached(self, x, cosine, sine, mask, keys, values, start):
        B, T, _ = x.shape
        q, k, v = self.heads_of(self.before_attention(x), cosine, sine)
        keys[:, :, start : start + T] = k
        values[:, :, start : start + T] = v
        end = start + T
        scores = (q * q.shape[-1] ** -0.5) @ keys[:, :, :end].transpose(-1, -2)
        if mask is not None:
            scores = scores + mask
        a = scores.softmax(-1) @ values[:, :, :end]
        x = x + self.out(a.transpose(1, 2).reshape(B, T, -1))
        return x + self.mlp(self.before_mlp(x))


class Decoder(torch.nn.Module):
    def __init__(self, directory):
        super().__init__()
        with open(os.path.join(directory, "config.json")) as file:
            self.config = json.load(file)
        tensors = read_safetensors(os.path.join(directory, "model.safetensors"))
        config = self.config
        if config["num_attention_heads"] != config.get("num_key_value_heads"):
            raise ValueError("grouped keys are not part of the comparison")
        self.embedding = torch.nn.Parameter(tensors["model.embed_tokens.weight"])
        self.blocks = torch.nn.ModuleList(
            Block(tensors, "model.layers.%d." % i, config)
            for i in range(config["num_hidden_layers"])
        )
        self.norm = Norm(tensors["model.norm.weight"], config["rms_norm_eps"])
        self.head = config["hidden_size"] // config["num_attention_heads"]

    def rotation(self, length):
        half = self.head // 2
        theta = self.config.get("rope_theta", 10000.0)
        waves = theta ** (-torch.arange(half, dtype=torch.float32) / half)
        angles = torch.arange(length, dtype=torch.float32)[:, None] * waves
        angles = torch.cat([angles, angles], -1)
        return angles.cos(), angles.sin()

    @staticmethod
    def causal(length):
        return torch.full((length, length), float("-inf")).triu(1)

    def forward(self, ids):
        cosine, sine = self.rotation(ids.shape[1])
        mask = self.causal(ids.shape[1])
        x = F.embedding(ids, self.embedding)
        for block in self.blocks:
            x = block(x, cosine, sine, mask)
        return F.linear(self.norm(x), self.embedding)

    def loss(self, ids, wanted):
        logits = self(ids)
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), wanted.view(-1))

    @torch.inference_mode()
    def generate(self, ids, count, uniform):
        B, P = ids.shape
        heads = self.config["num_attention_heads"]
        caches = [
            (torch.empty(B, heads, P + count, self.head), torch.empty(B, heads, P + count, self.head))
            for _ in self.blocks
        ]
        cosine, sine = self.rotation(P + count)
        tokens = torch.empty(B, count, dtype=torch.long)
        mask = self.causal(P)
        x, start = F.embedding(ids, self.embedding), 0
        for step in range(count):
            end = start + x.shape[1]
            for block, (keys, values) in zip(self.blocks, caches):
                x = block.cached(x, cosine[start:end], sine[start:end], mask, keys, values, start)
            logits = F.linear(self.norm(x[:, -1]), self.embedding)
            cumulative = logits.softmax(-1).cumsum(-1)
            drawn = uniform[:, step : step + 1] * cumulative[:, -1:]
            token = torch.searchsorted(cumulative, drawn, right=True).clamp_(max=logits.shape[-1] - 1)
            tokens[:, step] = token[:, 0]
            x, start, mask = F.embedding(token, self.embedding), end, None
        return tokens


class Comparison:
    def __init__(self, directory):
        self.model = Decoder(directory)
        matrices = [p for p in self.model.parameters() if p.dim() >= 2]
        others = [p for p in self.model.parameters() if p.dim() < 2]
        groups = [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(
            groups, lr=LEARNING_RATE, betas=BETAS, eps=EPSILON, foreach=True
        )
        self.square = torch.rand(1024, 1024)
        self.result = torch.empty(1024, 1024)

    def batch(self, request):
        self.ids = torch.tensor(request["ids"])
        self.wanted = torch.tensor(request["wanted"])
        return {}

    def step(self, request):
        loss = self.model.loss(self.ids, self.wanted)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), MAX_NORM)
        self.optimiser.step()
        return {"loss": loss.item()}

    def prompts(self, request):
        self.prompt = torch.tensor(request["ids"])
        self.count = request["count"]
        self.uniform = torch.rand(len(request["ids"]), self.count)
        return {}

    def sample(self, request):
        self.model.generate(self.prompt, self.count, self.uniform)
        return {}

    def product(self, request):
        for _ in range(4):
            torch.mm(self.square, self.square, out=self.result)
        return {}

    def check(self, request):
        with torch.inference_mode():
            logits = self.model(self.ids)
            loss = self.model.loss(self.ids, self.wanted)
        return {"loss": loss.item(), "logits": logits[:, -1].tolist()}

    def answer(self, request):
        work = getattr(self, request["do"])
        start = time.perf_counter()
        answer = work(request)
        answer["seconds"] = time.perf_counter() - start
        return answer


def main():
    torch.set_num_threads(int(sys.argv[2]))
    try:
        comparison = Comparison(sys.argv[1])
        print(json.dumps({"version": torch.__version__}), flush=True)
        for line in sys.stdin:
            print(json.dumps(comparison.answer(json.loads(line))), flush=True)
    except Exception as failure:
        print(json.dumps({"error": "%s: %s" % (type(failure).__name__, failure)}), flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
