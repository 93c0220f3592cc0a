package dev.plumbline.jinja;

import dev.plumbline.jinja.Values.Callable;
import dev.plumbline.jinja.Values.Namespace;
import dev.plumbline.jinja.Values.WrongValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chat template of a Hugging Face directory: the part of Jinja 3.1 that such templates use, with
 * the settings that they are written for.
 *
 * <p>A template comes with a model from anywhere, so it is data to be careful with. This
 * interpreter is closed: a template reaches texts, numbers, lists and mappings, Python's methods of
 * them, and nothing of Java's; it cannot read files or the clock; its steps, its depth and its
 * output are bounded.
 */
public final class Template {
  private static final int LONGEST_SOURCE = 1 << 18;
  private static final long LONGEST_RANGE = 100_000;

  private final List<Statement> statements;

  private Template(List<Statement> statements) {
    this.statements = statements;
  }

  /**
   * One turn.
   *
   * @param role {@code system}, {@code user} or {@code assistant}
   * @param content what was written; it counts as text from outside the template
   */
  public record Message(String role, String content) {}

  /**
   * What a template wrote.
   *
   * @param text the dialogue
   * @param generations places [from, to) of what stood in {@code generation} blocks, in order
   */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  public record Rendering(Text text, List<int[]> generations) {}

  /**
   * Reads a template.
   *
   * @throws dev.plumbline.data.UserError one line with the template's line
   */
  public static Template of(String source) {
    if (source.length() > LONGEST_SOURCE) {
      throw TemplateErrors.at(1, "the template has more than " + LONGEST_SOURCE + " characters");
    }
    return new Template(Parser.parse(source));
  }

  /**
   * Writes a dialogue.
   *
   * @param begin the template's {@code bos_token}, or ""
   * @param end the template's {@code eos_token}, or ""
   * @param prompt whether the assistant's next turn is opened
   * @throws dev.plumbline.data.UserError where the template refuses the dialogue, uses what is not
   *     there, or takes too long
   */
  public Rendering render(List<Message> messages, String begin, String end, boolean prompt) {
    Map<String, Object> names = new HashMap<>();
    List<Object> list = new ArrayList<>();
    for (Message message : messages) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      entries.put(Text.own("role"), Text.own(message.role()));
      entries.put(Text.own("content"), Text.foreign(message.content()));
      list.add(entries);
    }
    names.put("messages", list);
    names.put("bos_token", Text.own(begin));
    names.put("eos_token", Text.own(end));
    names.put("add_generation_prompt", prompt);
    Callable refuse =
        (arguments, named) -> {
          throw new WrongValue(
              "it refuses the dialogue: " + Values.text(Methods.argument(arguments, 0)));
        };
    names.put("raise_exception", refuse);
    Callable namespace = (arguments, named) -> new Namespace(new LinkedHashMap<>(named));
    names.put("namespace", namespace);
    Callable mapping =
        (arguments, named) -> {
          Map<Object, Object> map = new LinkedHashMap<>();
          named.forEach((name, value) -> map.put(Text.own(name), value));
          return map;
        };
    names.put("dict", mapping);
    Callable range = (arguments, named) -> range(arguments);
    names.put("range", range);
    Statement.Output output = new Statement.Output();
    try {
      Statement.run(statements, new Scope(new Budget(), names), output);
    } catch (WrongValue e) {
      throw TemplateErrors.at(1, String.valueOf(e.getMessage()));
    }
    return new Rendering(output.text(), output.generations());
  }

  private static List<Object> range(List<Object> arguments) {
    long first = arguments.size() > 1 ? Values.asLong(arguments.getFirst()) : 0;
    long end = Values.asLong(Methods.argument(arguments, arguments.size() > 1 ? 1 : 0));
    long step = arguments.size() > 2 ? Values.asLong(arguments.get(2)) : 1;
    if (step == 0) {
      throw new WrongValue("a range's step is 0");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = first; step > 0 ? i < end : i > end; i += step) {
      if (numbers.size() >= LONGEST_RANGE) {
        throw new WrongValue("a range of more than " + LONGEST_RANGE + " numbers");
      }
      numbers.add(i);
    }
    return numbers;
  }
}
