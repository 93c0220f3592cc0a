#!/usr/bin/env python3
"""Renders the test chat templates with Jinja2, the engine that model makers write them for.

Needs Debian's python3-jinja2 and nothing else:

    /usr/bin/python3 model-core/src/test/python/golden_templates.py

writes model-core/src/test/resources/templates/golden.json:
template -> dialogue -> {"closed": text or null, "open": text or null, "assistant": [[from, to], ...]}
"open" has the generation prompt, null stands for a template that refuses the dialogue, "assistant"
are the stretches of "closed" that stand in generation blocks, in code points.
"""

import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox

HERE = pathlib.Path(__file__).resolve().parent.parent / "resources" / "templates"
OPENING, CLOSING = "\ue0f0", "\ue0f1"  # in no template and no dialogue


class Generation(jinja2.ext.Extension):
    """A block that is marked in the output."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        call = self.call_method("mark")
        return jinja2.nodes.CallBlock(call, [], [], body).set_lineno(line)

    def mark(self, caller):
        return OPENING + caller() + CLOSING


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Generation, "jinja2.ext.loopcontrols"],
    )

    def tojson(value, indent=None):
        return json.dumps(value, ensure_ascii=False, indent=indent)

    def refuse(message):
        raise jinja2.exceptions.TemplateError(message)

    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = refuse
    return env


def render(template, messages, prompt):
    try:
        return template.render(
            messages=messages,
            bos_token="<s>",
            eos_token="</s>",
            add_generation_prompt=prompt,
        )
    except jinja2.exceptions.TemplateError:
        return None


def unmark(text):
    plain, stretches, start = "", [], 0
    for character in text or "":
        if character == OPENING:
            start = len(plain)
        elif character == CLOSING:
            stretches.append([start, len(plain)])
        else:
            plain += character
    return (None if text is None else plain), stretches


def main():
    dialogues = json.loads((HERE / "dialogues.json").read_text(encoding="utf-8"))
    golden = {}
    for path in sorted(HERE.glob("*.jinja")):
        template = environment().from_string(path.read_text(encoding="utf-8"))
        golden[path.stem] = {}
        for name, messages in dialogues.items():
            closed, stretches = unmark(render(template, messages, False))
            golden[path.stem][name] = {
                "closed": closed,
                "open": unmark(render(template, messages, True))[0],
                "assistant": stretches,
            }
    text = json.dumps(golden, ensure_ascii=False, indent=1)
    (HERE / "golden.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
