"""Computes models that Plumbline has saved, without Plumbline, Transformers, safetensors or PEFT.

ExportedModelsTest runs it once for all its models, with a plain PyTorch (1.13 was used):

    python3 model-core/src/test/python/recompute.py jobs.json answers.json

jobs.json is a list of {"name", "directory", "adapter" or none, "ids": [[token, ...], ...]}. What is
checked about each directory on the way:
    - config.json names an architecture of Transformers; a key that is left out has the value that
      Transformers' configuration class gives it; nothing asks for mathematics that is not done here
    - model.safetensors holds every tensor that Transformers' modelling file declares for the
      architecture, by that name and in that shape (GPT-2's Conv1D: [in, out]), and no other
    - a classifier's score is read at the token where Transformers finds the end of a padded row
    - an adapter folder gives every matrix that its target_modules match A and B of the rank that
      rank_pattern says, nothing is left over, and PEFT's rule W + alpha / r B A can be followed
answers.json has for each name {"logits": [sequence][position][token]}, {"scores": [sequence]} or
{"error": what does not fit}. The mathematics is that of golden_families.py, in float64.
"""
import json
import os
import re
import struct
import sys

import torch

from golden_families import DTYPES, GptNeox, Gpt2, Llama, Phi

PREFIX = "base_model.model."
LANGUAGE_MODEL, CLASSIFIER = "CAUSAL_LM", "SEQ_CLS"

# What Transformers' configuration classes assume where config.json says nothing.
LLAMA = dict(
    rms_norm_eps=1e-6,
    rope_theta=10000.0,
    hidden_act="silu",
    attention_bias=False,
    tie_word_embeddings=False,
)
NEOX = dict(
    layer_norm_eps=1e-5,
    rotary_pct=0.25,
    rotary_emb_base=10000,
    hidden_act="gelu",
    use_parallel_residual=True,
    attention_bias=True,
    tie_word_embeddings=False,
)
PHI = dict(
    layer_norm_eps=1e-5,
    partial_rotary_factor=0.5,
    rope_theta=10000.0,
    hidden_act="gelu_new",
    qk_layernorm=False,
    tie_word_embeddings=False,
)
GPT2 = dict(
    n_positions=1024,
    layer_norm_epsilon=1e-5,
    activation_function="gelu_new",
    scale_attn_weights=True,
    scale_attn_by_inverse_layer_idx=False,
    add_cross_attention=False,
    tie_word_embeddings=True,
)

# model_type: (name before "For...", definition, defaults, values that the definition stands for,
#              what belongs to the language model's output alone)
FAMILIES = {
    "llama": ("Llama", Llama, LLAMA, dict(hidden_act="silu"), "lm_head."),
    "mistral": (
        "Mistral",
        Llama,
        dict(LLAMA, sliding_window=4096),
        dict(hidden_act="silu", attention_bias=False),
        "lm_head.",
    ),
    "qwen2": (
        "Qwen2",
        Llama,
        dict(LLAMA, use_sliding_window=False),
        dict(hidden_act="silu", use_sliding_window=False, attention_bias=False),
        "lm_head.",
    ),
    "qwen3": (
        "Qwen3",
        Llama,
        dict(LLAMA, use_sliding_window=False, head_dim=128),
        dict(hidden_act="silu", use_sliding_window=False),
        "lm_head.",
    ),
    "gemma": (
        "Gemma",
        Llama,
        dict(LLAMA, head_dim=256, hidden_act="gelu_pytorch_tanh", tie_word_embeddings=True),
        dict(hidden_act="gelu_pytorch_tanh"),
        "lm_head.",
    ),
    "gpt2": (
        "GPT2",
        Gpt2,
        GPT2,
        dict(GPT2, n_positions=None, layer_norm_epsilon=None),
        "lm_head.",
    ),
    "gpt_neox": (
        "GPTNeoX",
        GptNeox,
        NEOX,
        dict(hidden_act="gelu", attention_bias=True, tie_word_embeddings=False),
        "embed_out.",
    ),
    "phi": (
        "Phi",
        Phi,
        PHI,
        dict(hidden_act="gelu_new", qk_layernorm=False, tie_word_embeddings=False),
        "lm_head.",
    ),
}


class Unfit(Exception):
    """Something in a directory that its readers elsewhere could not use."""


def require(holds, message):
    if not holds:
        raise Unfit(message)


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def read_safetensors(path):
    """All tensors by name in float64; the header has to account for every byte."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    body, tensors, end = data[8 + length :], {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        start, stop = entry["data_offsets"]
        require(start == end, "%s: bytes before %s belong to no tensor" % (path, name))
        raw = torch.frombuffer(bytearray(body[start:stop]), dtype=DTYPES[entry["dtype"]])
        tensors[name] = raw.double().reshape(entry["shape"])
        end = stop
    require(end == len(body), "%s: bytes at the end belong to no tensor" % path)
    return tensors


def configured(directory):
    """The definition with the directory's configuration, its task and its family."""
    c = read_json(os.path.join(directory, "config.json"))
    require(c.get("model_type") in FAMILIES, "model_type %s" % c.get("model_type"))
    name, definition, defaults, meant, output = FAMILIES[c["model_type"]]
    language_model = name + ("LMHeadModel" if name == "GPT2" else "ForCausalLM")
    tasks = {language_model: LANGUAGE_MODEL, name + "ForSequenceClassification": CLASSIFIER}
    require(
        len(c["architectures"]) == 1 and c["architectures"][0] in tasks,
        "architectures %s of model_type %s" % (c["architectures"], c["model_type"]),
    )
    require("rope_parameters" not in c, "rope_parameters are not read here")
    require(
        c["architectures"][0] == language_model or "tie_word_embeddings" not in c,
        "tie_word_embeddings of a model without an output matrix",
    )
    c = dict(defaults, **c)
    c.setdefault("num_key_value_heads", c.get("num_attention_heads"))
    for key, value in meant.items():
        require(value is None or c.get(key, value) == value, "%s is %s" % (key, c.get(key)))
    return definition(c), tasks[c["architectures"][0]], output


def labels(c):
    """How many outputs Transformers gives a classifier."""
    return len(c.get("id2label", (0, 1)))


def checked(tensors, shapes):
    missing, extra = sorted(shapes.keys() - tensors.keys()), sorted(tensors.keys() - shapes.keys())
    require(not missing and not extra, "missing: %s, too many: %s" % (missing, extra))
    for name, shape in shapes.items():
        found = tuple(tensors[name].shape)
        require(found == tuple(shape), "%s has the shape %s, not %s" % (name, found, shape))
    return tensors


def trunk_shapes(model, output):
    return {name: shape for name, shape in model.shapes().items() if not name.startswith(output)}


def score_shape(model, count):
    return (count, model.c.get("hidden_size") or model.c["n_embd"])


def load(directory):
    """The model of a directory, its task, and its weights by their names."""
    model, task, output = configured(directory)
    shapes = model.shapes()
    if task == CLASSIFIER:
        shapes = trunk_shapes(model, output)
        shapes["score.weight"] = score_shape(model, labels(model.c))
    tensors = read_safetensors(os.path.join(directory, "model.safetensors"))
    return model, task, checked(tensors, shapes)


def adapt(directory, folder):
    """The language model of a directory with a PEFT folder's adapters in it; see load."""
    model, task, weights = load(directory)
    require(task == LANGUAGE_MODEL, "the adapters' base is no language model")
    c = read_json(os.path.join(folder, "adapter_config.json"))
    tensors = read_safetensors(os.path.join(folder, "adapter_model.safetensors"))
    conv1d = isinstance(model, Gpt2)
    require(c["peft_type"] == "LORA" and c["bias"] == "none", "not plain LoRA")
    require(not c.get("use_rslora") and not c.get("use_dora"), "a variant of LoRA")
    require(c["fan_in_fan_out"] == conv1d, "fan_in_fan_out does not fit the model's layers")
    saved = c["modules_to_save"] or []
    if c["task_type"] == CLASSIFIER:
        output = FAMILIES[model.c["model_type"]][4]
        weights = {name: w for name, w in weights.items() if not name.startswith(output)}
        weights["score.weight"] = None
        require("score" in saved, "a new head that is not saved")

    def pattern(patterns, module, otherwise):
        for key, value in patterns.items():
            if re.match(r"(.*\.)?(%s)$" % key, module):
                return value
        return otherwise

    used = set()
    for name in list(weights):
        module = name[: -len(".weight")]
        if not name.endswith(".weight"):
            continue
        if any(re.match(r"(^|.*\.)%s($|\..*)" % s, module) for s in saved):
            weights[name] = tensors.pop(PREFIX + name, None)
            require(weights[name] is not None, "%s is not saved" % name)
            continue
        targets = [t for t in c["target_modules"] if module == t or module.endswith("." + t)]
        if not targets:
            continue
        used.update(targets)
        a = tensors.pop(PREFIX + module + ".lora_A.weight", None)
        b = tensors.pop(PREFIX + module + ".lora_B.weight", None)
        require(a is not None and b is not None, "%s has no adapter" % module)
        rank = pattern(c["rank_pattern"], module, c["r"])
        alpha = pattern(c["alpha_pattern"], module, c["lora_alpha"])
        w = weights[name].T if conv1d else weights[name]
        require(
            tuple(a.shape) == (rank, w.shape[1]) and tuple(b.shape) == (w.shape[0], rank),
            "%s: A %s, B %s, rank %d" % (module, tuple(a.shape), tuple(b.shape), rank),
        )
        w = w + alpha / rank * (b @ a)
        weights[name] = w.T if conv1d else w
    unused = set(c["target_modules"]) - used
    require(not unused, "targets that match no module: %s" % sorted(unused))
    require(not tensors, "tensors of no target: %s" % sorted(tensors))
    if c["task_type"] == CLASSIFIER:
        shape = tuple(weights["score.weight"].shape)
        require(shape == score_shape(model, 1), "score.weight has the shape %s" % (shape,))
    return model, c["task_type"], weights


def scores(model, weights, sequences, pad):
    """Scores of right-padded rows, at the token before the padding as Transformers finds it."""
    require(pad is not None, "no pad_token_id: a batch of several rows has no scores")
    found, longest = [], max(len(ids) for ids in sequences)
    for ids in sequences:
        row = ids + [pad] * (longest - len(ids))
        # Older versions take the place before the first padding token, or the last place where there
        # is none, newer ones the last place of another token.
        before = (row.index(pad) if pad in row else len(row)) - 1
        last = max(i for i, token in enumerate(row) if token != pad)
        require(before == last, "padding token within the text")
        h = model.hidden(weights, torch.tensor(row))[last]
        found.append((weights["score.weight"] @ h).tolist())
    require(all(len(s) == 1 for s in found), "several labels")
    return [s[0] for s in found]


def answer(job):
    try:
        if job.get("adapter"):
            model, task, weights = adapt(job["directory"], job["adapter"])
        else:
            model, task, weights = load(job["directory"])
        if task == CLASSIFIER:
            return {"scores": scores(model, weights, job["ids"], model.c.get("pad_token_id"))}
        states = [model.hidden(weights, torch.tensor(ids)) for ids in job["ids"]]
        return {"logits": [model.logits(weights, h).tolist() for h in states]}
    except Unfit as e:
        return {"error": str(e)}


def main(jobs, answers):
    torch.set_num_threads(1)
    found = {job["name"]: answer(job) for job in read_json(jobs)}
    with open(answers, "w", encoding="utf-8") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
