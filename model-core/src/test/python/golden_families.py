"""Writes the golden directories of FamiliesTest: tiny random models with their known answers.

Run by hand with a plain PyTorch (1.13 was used), from the project's root:

    python3 model-core/src/test/python/golden_families.py

Each family is written out here from its published definition, one sequence at a time, in float64,
without our code: explicit attention matrices, complex numbers for the rotary embedding, weights
used as the checkpoints hold them. For each family a directory gets config.json,
the weights, and expected.safetensors with
    logits.B          [T, V] of sequence B of sequences.json
    gradient.NAME     of the mean cross-entropy of all next tokens, by each tensor of the weights

recompute.py reads what Plumbline writes with the same definitions.
"""
import json
import math
import os
import shutil
import struct

import torch

OUT = os.path.join(os.path.dirname(__file__), "..", "resources", "golden")
VOCABULARY = 260
LENGTHS = [9, 5, 14]
DTYPES = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}


# ---- pieces, as the papers define them


def rms(x, weight, eps):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps) * weight


def layer_norm(x, weight, bias, eps):
    centred = x - x.mean(-1, keepdim=True)
    return centred / torch.sqrt((centred * centred).mean(-1, keepdim=True) + eps) * weight + bias


def silu(x):
    return x / (1 + torch.exp(-x))


def gelu(x):
    return x * (1 + torch.erf(x / math.sqrt(2))) / 2


def gelu_tanh(x):
    return x / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def frequencies(width, theta, scaling=None):
    found = []
    for i in range(width // 2):
        f = theta ** (-2 * i / width)
        if scaling and scaling["rope_type"] == "linear":
            f = f / scaling["factor"]
        if scaling and scaling["rope_type"] == "llama3":
            wave = 2 * math.pi / f
            old = scaling["original_max_position_embeddings"]
            low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
            if wave > old / low:
                f = f / scaling["factor"]
            elif wave >= old / high:
                smooth = (old / wave - low) / (high - low)
                f = (1 - smooth) * f / scaling["factor"] + smooth * f
        found.append(f)
    return torch.tensor(found, dtype=torch.float64)


def rotate(x, f):
    """Turns the first 2 * len(f) elements of x [T, heads, width]; element i pairs with i + len(f)."""
    n = len(f)
    angles = torch.arange(x.shape[0], dtype=torch.float64)[:, None] * f
    turn = torch.polar(torch.ones_like(angles), angles)[:, None, :]
    z = torch.complex(x[..., :n], x[..., n : 2 * n]) * turn
    return torch.cat([z.real, z.imag, x[..., 2 * n :]], -1)


def attention(q, k, v, window=None):
    """q [T, heads, width], k and v [T, fewer heads, width] -> [T, heads * width]."""
    T, heads, width = q.shape
    outs = []
    for h in range(heads):
        g = h // (heads // k.shape[1])
        scores = q[:, h] @ k[:, g].T / math.sqrt(width)
        for i in range(T):
            for j in range(T):
                if j > i or (window and i - j >= window):
                    scores = scores.index_put(
                        (torch.tensor(i), torch.tensor(j)), torch.tensor(-math.inf).double()
                    )
        outs.append(torch.softmax(scores, -1) @ v[:, g])
    return torch.cat(outs, -1)


# ---- families: tensors and their shapes; normed states [T, d]; logits [T, V]


class Llama:
    """Also Mistral, Qwen2, Qwen3 and Gemma, by their configuration and the tensors they have."""

    def __init__(self, c):
        self.c = c
        self.width = c.get("head_dim") or c["hidden_size"] // c["num_attention_heads"]
        self.gemma = c["model_type"] == "gemma"

    def shapes(self):
        c, d, f = self.c, self.c["hidden_size"], self.c["intermediate_size"]
        q, kv = c["num_attention_heads"] * self.width, c["num_key_value_heads"] * self.width
        s = {"model.embed_tokens.weight": (c["vocab_size"], d), "model.norm.weight": (d,)}
        for i in range(c["num_hidden_layers"]):
            b = "model.layers.%d." % i
            s[b + "input_layernorm.weight"] = s[b + "post_attention_layernorm.weight"] = (d,)
            for name, rows in (("q", q), ("k", kv), ("v", kv)):
                s[b + "self_attn.%s_proj.weight" % name] = (rows, d)
                if c["model_type"] == "qwen2" or c.get("attention_bias"):
                    s[b + "self_attn.%s_proj.bias" % name] = (rows,)
            s[b + "self_attn.o_proj.weight"] = (d, q)
            if c.get("attention_bias"):
                s[b + "self_attn.o_proj.bias"] = (d,)
            if c["model_type"] == "qwen3":
                s[b + "self_attn.q_norm.weight"] = s[b + "self_attn.k_norm.weight"] = (self.width,)
            for name, shape in (("gate", (f, d)), ("up", (f, d)), ("down", (d, f))):
                s[b + "mlp.%s_proj.weight" % name] = shape
                if c.get("mlp_bias"):
                    s[b + "mlp.%s_proj.bias" % name] = shape[:1]
        if not c["tie_word_embeddings"]:
            s["lm_head.weight"] = (c["vocab_size"], d)
        return s

    def norm(self, x, w):
        return rms(x, 1 + w if self.gemma else w, self.c["rms_norm_eps"])

    def hidden(self, w, ids):
        c, T = self.c, len(ids)

        def linear(x, name):
            y = x @ w[name + ".weight"].T
            return y + w[name + ".bias"] if name + ".bias" in w else y

        f = frequencies(self.width, c["rope_theta"], c.get("rope_scaling"))
        h = w["model.embed_tokens.weight"][ids]
        if self.gemma:
            h = h * math.sqrt(c["hidden_size"])
        for i in range(c["num_hidden_layers"]):
            b = "model.layers.%d." % i
            n = self.norm(h, w[b + "input_layernorm.weight"])
            q, k, v = [
                linear(n, b + "self_attn.%s_proj" % name).view(T, -1, self.width) for name in "qkv"
            ]
            if b + "self_attn.q_norm.weight" in w:
                q = rms(q, w[b + "self_attn.q_norm.weight"], c["rms_norm_eps"])
                k = rms(k, w[b + "self_attn.k_norm.weight"], c["rms_norm_eps"])
            a = attention(rotate(q, f), rotate(k, f), v, c.get("sliding_window"))
            h = h + linear(a, b + "self_attn.o_proj")
            n = self.norm(h, w[b + "post_attention_layernorm.weight"])
            gate = linear(n, b + "mlp.gate_proj")
            gate = gelu_tanh(gate) if self.gemma else silu(gate)
            h = h + linear(gate * linear(n, b + "mlp.up_proj"), b + "mlp.down_proj")
        return self.norm(h, w["model.norm.weight"])

    def logits(self, w, h):
        return h @ w.get("lm_head.weight", w["model.embed_tokens.weight"]).T


class Gpt2:
    def __init__(self, c):
        self.c = c

    def shapes(self):
        c, d = self.c, self.c["n_embd"]
        f = c.get("n_inner") or 4 * d
        s = {
            "transformer.wte.weight": (c["vocab_size"], d),
            "transformer.wpe.weight": (c["n_positions"], d),
            "transformer.ln_f.weight": (d,),
            "transformer.ln_f.bias": (d,),
        }
        for i in range(c["n_layer"]):
            b = "transformer.h.%d." % i
            for name in ("ln_1", "ln_2"):
                s[b + name + ".weight"] = s[b + name + ".bias"] = (d,)
            for name, rows, columns in (
                ("attn.c_attn", d, 3 * d),
                ("attn.c_proj", d, d),
                ("mlp.c_fc", d, f),
                ("mlp.c_proj", f, d),
            ):
                s[b + name + ".weight"] = (rows, columns)
                s[b + name + ".bias"] = (columns,)
        return s

    def hidden(self, w, ids):
        c, T, d = self.c, len(ids), self.c["n_embd"]

        def norm(x, name):
            return layer_norm(x, w[name + ".weight"], w[name + ".bias"], c["layer_norm_epsilon"])

        def conv(x, name):
            return x @ w[name + ".weight"] + w[name + ".bias"]

        h = w["transformer.wte.weight"][ids] + w["transformer.wpe.weight"][:T]
        for i in range(c["n_layer"]):
            b = "transformer.h.%d." % i
            qkv = conv(norm(h, b + "ln_1"), b + "attn.c_attn")
            q, k, v = [
                qkv[:, j * d : (j + 1) * d].reshape(T, c["n_head"], -1) for j in range(3)
            ]
            h = h + conv(attention(q, k, v), b + "attn.c_proj")
            h = h + conv(gelu_tanh(conv(norm(h, b + "ln_2"), b + "mlp.c_fc")), b + "mlp.c_proj")
        return norm(h, "transformer.ln_f")

    def logits(self, w, h):
        return h @ w["transformer.wte.weight"].T


class GptNeox:
    def __init__(self, c):
        self.c = c

    def shapes(self):
        c, d, f = self.c, self.c["hidden_size"], self.c["intermediate_size"]
        s = {
            "gpt_neox.embed_in.weight": (c["vocab_size"], d),
            "gpt_neox.final_layer_norm.weight": (d,),
            "gpt_neox.final_layer_norm.bias": (d,),
            "embed_out.weight": (c["vocab_size"], d),
        }
        for i in range(c["num_hidden_layers"]):
            b = "gpt_neox.layers.%d." % i
            for name in ("input_layernorm", "post_attention_layernorm"):
                s[b + name + ".weight"] = s[b + name + ".bias"] = (d,)
            for name, rows, columns in (
                ("attention.query_key_value", 3 * d, d),
                ("attention.dense", d, d),
                ("mlp.dense_h_to_4h", f, d),
                ("mlp.dense_4h_to_h", d, f),
            ):
                s[b + name + ".weight"] = (rows, columns)
                s[b + name + ".bias"] = (rows,)
        return s

    def hidden(self, w, ids):
        c, T = self.c, len(ids)
        width = c["hidden_size"] // c["num_attention_heads"]
        f = frequencies(int(width * c["rotary_pct"]), c["rotary_emb_base"])

        def norm(x, name):
            return layer_norm(x, w[name + ".weight"], w[name + ".bias"], c["layer_norm_eps"])

        def linear(x, name):
            return x @ w[name + ".weight"].T + w[name + ".bias"]

        h = w["gpt_neox.embed_in.weight"][ids]
        for i in range(c["num_hidden_layers"]):
            b = "gpt_neox.layers.%d." % i
            qkv = linear(norm(h, b + "input_layernorm"), b + "attention.query_key_value")
            qkv = qkv.view(T, c["num_attention_heads"], 3 * width)
            q, k, v = [qkv[:, :, j * width : (j + 1) * width] for j in range(3)]
            a = linear(attention(rotate(q, f), rotate(k, f), v), b + "attention.dense")

            def mlp(x):
                n = norm(x, b + "post_attention_layernorm")
                return linear(gelu(linear(n, b + "mlp.dense_h_to_4h")), b + "mlp.dense_4h_to_h")

            h = h + a + mlp(h) if c["use_parallel_residual"] else h + a + mlp(h + a)
        return norm(h, "gpt_neox.final_layer_norm")

    def logits(self, w, h):
        return h @ w["embed_out.weight"].T


class Phi:
    def __init__(self, c):
        self.c = c

    def shapes(self):
        c, d, f = self.c, self.c["hidden_size"], self.c["intermediate_size"]
        s = {
            "model.embed_tokens.weight": (c["vocab_size"], d),
            "model.final_layernorm.weight": (d,),
            "model.final_layernorm.bias": (d,),
            "lm_head.weight": (c["vocab_size"], d),
            "lm_head.bias": (c["vocab_size"],),
        }
        for i in range(c["num_hidden_layers"]):
            b = "model.layers.%d." % i
            s[b + "input_layernorm.weight"] = s[b + "input_layernorm.bias"] = (d,)
            for name, rows, columns in (
                ("self_attn.q_proj", d, d),
                ("self_attn.k_proj", d, d),
                ("self_attn.v_proj", d, d),
                ("self_attn.dense", d, d),
                ("mlp.fc1", f, d),
                ("mlp.fc2", d, f),
            ):
                s[b + name + ".weight"] = (rows, columns)
                s[b + name + ".bias"] = (rows,)
        return s

    def hidden(self, w, ids):
        c, T = self.c, len(ids)
        width = c["hidden_size"] // c["num_attention_heads"]
        f = frequencies(int(width * c["partial_rotary_factor"]), c["rope_theta"])

        def norm(x, name):
            return layer_norm(x, w[name + ".weight"], w[name + ".bias"], c["layer_norm_eps"])

        def linear(x, name):
            return x @ w[name + ".weight"].T + w[name + ".bias"]

        h = w["model.embed_tokens.weight"][ids]
        for i in range(c["num_hidden_layers"]):
            b = "model.layers.%d." % i
            n = norm(h, b + "input_layernorm")
            q, k, v = [
                linear(n, b + "self_attn.%s_proj" % name).view(T, -1, width) for name in "qkv"
            ]
            a = linear(attention(rotate(q, f), rotate(k, f), v), b + "self_attn.dense")
            h = h + a + linear(gelu_tanh(linear(n, b + "mlp.fc1")), b + "mlp.fc2")
        return norm(h, "model.final_layernorm")

    def logits(self, w, h):
        return h @ w["lm_head.weight"].T + w["lm_head.bias"]


# ---- the directories

LLAMA = dict(
    architectures=["LlamaForCausalLM"],
    model_type="llama",
    vocab_size=VOCABULARY,
    hidden_size=16,
    intermediate_size=20,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
    rms_norm_eps=1e-5,
    rope_theta=10000.0,
    hidden_act="silu",
    tie_word_embeddings=True,
    bos_token_id=1,
    eos_token_id=2,
)
NEOX = dict(
    architectures=["GPTNeoXForCausalLM"],
    model_type="gpt_neox",
    vocab_size=VOCABULARY,
    hidden_size=16,
    intermediate_size=32,
    num_hidden_layers=2,
    num_attention_heads=2,
    max_position_embeddings=64,
    layer_norm_eps=1e-5,
    rotary_pct=0.5,
    rotary_emb_base=10000,
    hidden_act="gelu",
    use_parallel_residual=True,
    tie_word_embeddings=False,
    bos_token_id=1,
    eos_token_id=2,
)


def like_llama(name, model_type, **keys):
    return dict(LLAMA, architectures=[name + "ForCausalLM"], model_type=model_type, **keys)


# name: (model, type of the tensors, number of files)
FAMILIES = {
    "llama": (Llama(dict(LLAMA, attention_bias=True, mlp_bias=True)), "F32", 1),
    "llama3-scaling": (
        Llama(
            dict(
                LLAMA,
                num_attention_heads=2,
                num_key_value_heads=1,
                # Waves of 6, 13, 25 and 50 tokens: a short one, two in between and a long one.
                rope_theta=16.0,
                rope_scaling=dict(
                    rope_type="llama3",
                    factor=8.0,
                    low_freq_factor=1.0,
                    high_freq_factor=4.0,
                    original_max_position_embeddings=32,
                ),
            )
        ),
        "F32",
        1,
    ),
    "llama-linear-scaling": (
        Llama(dict(LLAMA, rope_scaling=dict(rope_type="linear", factor=2.5))),
        "F32",
        1,
    ),
    "mistral": (
        Llama(like_llama("Mistral", "mistral", sliding_window=4, head_dim=6)),
        "BF16",
        1,
    ),
    "qwen2": (Llama(like_llama("Qwen2", "qwen2", use_sliding_window=False)), "F32", 2),
    "qwen3": (
        Llama(
            dict(
                like_llama("Qwen3", "qwen3", head_dim=8, attention_bias=False),
                num_attention_heads=3,
                num_key_value_heads=1,
                tie_word_embeddings=False,
            )
        ),
        "F16",
        1,
    ),
    "gemma": (
        Llama(
            dict(
                like_llama("Gemma", "gemma", head_dim=8),
                num_attention_heads=2,
                num_key_value_heads=1,
                hidden_act="gelu_pytorch_tanh",
            )
        ),
        "F32",
        1,
    ),
    "gpt2": (
        Gpt2(
            dict(
                architectures=["GPT2LMHeadModel"],
                model_type="gpt2",
                vocab_size=VOCABULARY,
                n_embd=16,
                n_layer=2,
                n_head=2,
                n_positions=32,
                layer_norm_epsilon=1e-5,
                activation_function="gelu_new",
                bos_token_id=2,
                eos_token_id=2,
            )
        ),
        "F32",
        1,
    ),
    "gpt-neox": (GptNeox(NEOX), "F32", 1),
    "gpt-neox-sequential": (GptNeox(dict(NEOX, use_parallel_residual=False)), "F16", 1),
    "phi": (
        Phi(
            dict(
                architectures=["PhiForCausalLM"],
                model_type="phi",
                vocab_size=VOCABULARY,
                hidden_size=16,
                intermediate_size=32,
                num_hidden_layers=2,
                num_attention_heads=2,
                num_key_value_heads=2,
                max_position_embeddings=64,
                layer_norm_eps=1e-5,
                partial_rotary_factor=0.5,
                rope_theta=10000.0,
                hidden_act="gelu_new",
                tie_word_embeddings=False,
                bos_token_id=1,
                eos_token_id=2,
            )
        ),
        "F32",
        1,
    ),
}


def write_safetensors(path, tensors, dtype):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        t = tensor.detach().to(DTYPES[dtype]).contiguous()
        bits = t.view(torch.int32 if dtype == "F32" else torch.int16)
        raw = bits.numpy().tobytes()
        header[name] = {
            "dtype": dtype,
            "shape": list(t.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def write_json(path, value):
    with open(path, "w") as file:
        file.write(json.dumps(value, indent=1) + "\n")


def write(name, model, dtype, files, sequences, generator):
    folder = os.path.join(OUT, name)
    os.makedirs(folder)
    weights = {}
    for key, shape in model.shapes().items():
        # Weights large enough that no term of a wrong formula could hide.
        deviation = 0.35 if len(shape) > 1 else 0.3
        centre = 1.0 if "norm.weight" in key or ".ln_" in key and "weight" in key else 0.0
        if model.c["model_type"] == "gemma":
            centre = 0.0
        drawn = centre + deviation * torch.randn(shape, generator=generator)
        weights[key] = drawn.to(DTYPES[dtype]).double().requires_grad_(True)
    logits = [
        model.logits(weights, model.hidden(weights, torch.tensor(ids))) for ids in sequences
    ]
    losses = [
        torch.nn.functional.cross_entropy(l[:-1], torch.tensor(ids[1:]), reduction="none")
        for l, ids in zip(logits, sequences)
    ]
    torch.cat(losses).mean().backward()
    expected = {"logits.%d" % b: l for b, l in enumerate(logits)}
    expected.update({"gradient." + key: w.grad for key, w in weights.items()})
    write_safetensors(os.path.join(folder, "expected.safetensors"), expected, "F32")
    write_json(os.path.join(folder, "config.json"), model.c)
    names = list(weights)
    if files == 1:
        write_safetensors(os.path.join(folder, "model.safetensors"), weights, dtype)
        return
    shards = {}
    for j in range(files):
        shard = "model-%05d-of-%05d.safetensors" % (j + 1, files)
        part = {key: weights[key] for key in names[j::files]}
        write_safetensors(os.path.join(folder, shard), part, dtype)
        shards.update({key: shard for key in part})
    write_json(
        os.path.join(folder, "model.safetensors.index.json"),
        {"metadata": {}, "weight_map": shards},
    )


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    generator = torch.Generator().manual_seed(20)
    sequences = [
        [1] + torch.randint(4, VOCABULARY, (n - 1,), generator=generator).tolist() for n in LENGTHS
    ]
    write_json(os.path.join(OUT, "sequences.json"), sequences)
    for name, (model, dtype, files) in FAMILIES.items():
        write(name, model, dtype, files, sequences, generator)


if __name__ == "__main__":
    main()
