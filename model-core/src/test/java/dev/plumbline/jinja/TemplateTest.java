package dev.plumbline.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import dev.plumbline.jinja.Template.Message;
import dev.plumbline.jinja.Template.Rendering;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates against what Jinja2 makes of them (src/test/python/golden_templates.py). */
final class TemplateTest {
  private static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(TemplateTest.class.getResource("/templates")).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(folder().resolve(name).toFile());
  }

  static List<String> templates() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".jinja"))
          .map(name -> name.replace(".jinja", ""))
          .sorted()
          .toList();
    }
  }

  private static List<Message> messages(JsonNode dialogue) {
    List<Message> messages = new ArrayList<>();
    dialogue.forEach(
        message ->
            messages.add(
                new Message(message.path("role").asText(), message.path("content").asText())));
    return messages;
  }

  @ParameterizedTest
  @MethodSource("templates")
  void eachDialogueIsWrittenAsJinjaWritesIt(String name) throws IOException {
    Template template = Template.of(Files.readString(folder().resolve(name + ".jinja")));
    JsonNode golden = json("golden.json").path(name);
    JsonNode dialogues = json("dialogues.json");
    assertThat(golden.size()).isEqualTo(dialogues.size()).isPositive();
    dialogues
        .properties()
        .forEach(
            dialogue -> {
              List<Message> messages = messages(dialogue.getValue());
              JsonNode known = golden.path(dialogue.getKey());
              for (boolean prompt : new boolean[] {false, true}) {
                JsonNode wanted = known.path(prompt ? "open" : "closed");
                if (wanted.isNull()) {
                  assertThatThrownBy(() -> template.render(messages, "<s>", "</s>", prompt))
                      .as(dialogue.getKey())
                      .isInstanceOf(UserError.class)
                      .hasMessageContaining("chat template, line");
                  continue;
                }
                Rendering rendering = template.render(messages, "<s>", "</s>", prompt);
                assertThat(rendering.text().characters())
                    .as(dialogue.getKey())
                    .isEqualTo(wanted.asText());
                if (!prompt) {
                  assertThat(codePoints(rendering)).isEqualTo(known.path("assistant").toString());
                }
              }
            });
  }

  private static String codePoints(Rendering rendering) {
    String text = rendering.text().characters();
    List<List<Integer>> places = new ArrayList<>();
    for (int[] place : rendering.generations()) {
      places.add(List.of(text.codePointCount(0, place[0]), text.codePointCount(0, place[1])));
    }
    return places.toString().replace(" ", "");
  }

  private static String rendered(String source, String content) {
    return Template.of(source)
        .render(List.of(new Message("user", content)), "<s>", "</s>", false)
        .text()
        .characters();
  }

  @Test
  void whatAPersonWroteIsKnownWhereverItGoes() {
    Text text =
        Template.of(
                "{% set c = messages[0].content %}<{{ c|trim|upper }}>{{ c.split('b')[1] }}"
                    + "{{ (bos_token + c)[2:5] }}{{ [c, 'x']|join('-') }}{{ {'k': c}|tojson }}"
                    + "{% set block %}{{ c }}!{% endset %}{{ block.replace('!', '?') }}")
            .render(List.of(new Message("user", "abc")), "<s>", "</s>", false)
            .text();
    assertThat(text.characters()).isEqualTo("<ABC>c>ababc-x{\"k\": \"abc\"}abc?");
    StringBuilder marks = new StringBuilder();
    for (int i = 0; i < text.characters().length(); i++) {
      marks.append(text.isForeign(i) ? 'f' : '.');
    }
    assertThat(marks.toString())
        .isEqualTo(".fff." + "f" + ".ff" + "fff.." + ".....".concat(".") + "fffff" + "." + "fff.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ messages.getClass() }}",
        "{{ messages[0].content.getClass() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ messages[0]['content'].getBytes() }}",
        "{{ messages.append(1) }}",
        "{{ messages[0].update({'role': 'x'}) }}",
        "{{ raise_exception.call() }}",
        "{{ namespace.class.name }}",
        "{{ loop.x.y }}",
        "{% include 'a' %}",
        "{% import 'a' as b %}",
        "{% set messages.x = 1 %}",
        "{{ self.x.y }}",
        "{{ cycler.__init__.__globals__ }}",
      })
  void nothingOutsideCanBeReached(String source) {
    assertThatThrownBy(() -> rendered(source, "hi"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("chat template, line 1:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000000 }}",
        "{{ 2 ** 1000000 }}",
        "{{ range(1000000000) }}",
        "{% set ns = namespace(x='ab') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}"
            + "{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}"
            + "{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for i in range(99999) %}{{ 'abcdefghijklmnopqrstuvwxyz' * 50 }}{% endfor %}",
        "{% set s = 'a' * 1000000 %}{{ s.replace('a', s) }}",
        "{% set s = 'a' * 1000000 %}{{ s | list | join(s) }}",
        "{{ 1 % 0 }}",
        "{{ 1 / 0 }}",
      })
  void noTemplateRunsOrGrowsWithoutEnd(String source) {
    assertThatThrownBy(() -> rendered(source, "hi")).isInstanceOf(UserError.class);
  }

  @Test
  void deepNestingIsAnErrorAndNoStackOverflow() {
    for (String open : List.of("(", "[", "not ", "-", "{% if x %}")) {
      String source = open.startsWith("{") ? open.repeat(5000) : "{{ " + open.repeat(5000) + "1 }}";
      assertThatThrownBy(() -> Template.of(source)).isInstanceOf(UserError.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n{{ x",
        "a\n{% if x %}",
        "a\n{% endif %}",
        "a\n{{ 'abc }}",
        "a\n{{ 1 + }}",
        "a\n{% for x of y %}{% endfor %}",
        "a\n{# never",
        "a\n{{ x | nofilter }}",
        "a\n{{ x is notest }}",
        "a\n{{ messages[0].nothing.more }}",
        "a\n{{ 'a' + 1 }}",
        "a\n{{ $ }}",
        "a\n{% break %}",
      })
  void whatIsWrongIsSaidWithItsLine(String source) {
    assertThatThrownBy(() -> rendered(source, "hi"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("chat template, line 2:");
  }
}
