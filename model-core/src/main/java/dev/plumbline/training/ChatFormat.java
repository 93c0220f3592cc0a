package dev.plumbline.training;

import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import dev.plumbline.dialogue.Turn;
import dev.plumbline.jinja.Template;
import dev.plumbline.jinja.Template.Message;
import dev.plumbline.jinja.Template.Rendering;
import dev.plumbline.jinja.Text;
import dev.plumbline.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Dialogues in a model's own chat template, as tokens. A special token's name becomes the token
 * where the template wrote it, and stays text where a person did.
 *
 * <p>What the assistant wrote, its end token included, is cut from the rest before it is encoded,
 * so that a sampled response meets the prompt where training had the seam. It is what the
 * template's {@code generation} blocks hold; where there are none, what stands behind the opened
 * turn, up to and with the template's next special token.
 */
public final class ChatFormat {
  private final Tokenizer tokenizer;
  private final Template template;
  private final List<Map.Entry<String, Integer>> specials;
  private final BitSet firsts = new BitSet();

  private ChatFormat(Tokenizer tokenizer, Template template) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.specials =
        tokenizer.specials().entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> -entry.getKey().length()))
            .toList();
    specials.forEach(entry -> firsts.set(entry.getKey().charAt(0)));
  }

  /**
   * A dialogue's tokens.
   *
   * @param ids the tokens
   * @param assistant for each token, whether the assistant wrote it
   */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  public record Encoded(int[] ids, boolean[] assistant) {}

  /** A stretch of a rendering, in UTF-16 units. */
  private record Span(int from, int to) {}

  /**
   * The format of a model.
   *
   * @throws UserError where its directory has no chat template, or one that cannot be read
   */
  public static ChatFormat of(Tokenizer tokenizer) {
    return new ChatFormat(
        tokenizer,
        Template.of(
            tokenizer
                .chatTemplate()
                .orElseThrow(
                    () ->
                        new UserError(
                            tokenizer.source()
                                + ": there is no chat template beside it (chat_template.jinja, or"
                                + " chat_template in tokenizer_config.json); add one, or use the"
                                + " format hh"))));
  }

  /**
   * A prompt and the assistant's answer to it, to the end of what the template writes.
   *
   * @param prompt a transcript that ends in {@code "\n\nAssistant:"}
   * @param response the answer's text; nothing in it opens another turn
   * @throws UserError where the template refuses the dialogue
   */
  public Encoded dialogue(String prompt, String response) {
    List<Message> messages = new ArrayList<>(asked(prompt));
    messages.add(new Message("assistant", response.strip()));
    Rendering rendering = render(messages, false);
    List<Span> spans = new ArrayList<>();
    rendering.generations().forEach(place -> spans.add(new Span(place[0], place[1])));
    if (spans.isEmpty()) {
      for (int i = 0; i < messages.size(); i++) {
        if (messages.get(i).role().equals("assistant")) {
          spans.add(span(messages, i, rendering.text()));
        }
      }
    }
    return encode(rendering.text(), spans);
  }

  /**
   * A prompt to sample from: the dialogue, then the assistant's turn opened.
   *
   * @param prompt a transcript that ends in {@code "\n\nAssistant:"}
   * @throws UserError where the template refuses the dialogue
   */
  public int[] prompt(String prompt) {
    return encode(render(asked(prompt), true).text(), List.of()).ids();
  }

  /**
   * Tokens that fit: as many of the last ones as there is room for, after the begin token where the
   * template wrote one.
   *
   * @param maxTokens longest sequence, at least 2
   */
  int[] fitting(int[] ids, int maxTokens) {
    if (ids.length <= maxTokens) {
      return ids;
    }
    int[] cut = Arrays.copyOfRange(ids, ids.length - maxTokens, ids.length);
    if (tokenizer.begin().orElse(-1) == ids[0]) {
      cut[0] = ids[0];
    }
    return cut;
  }

  /** The special token that ends the assistant's turn; empty where the template writes none. */
  public OptionalInt end() {
    Encoded probe = dialogue("\n\nHuman: Hello\n\nAssistant:", "Hello");
    int last = probe.ids().length - 1;
    while (last > 0 && !probe.assistant()[last]) {
      last--;
    }
    int id = probe.ids()[last];
    return tokenizer.isSpecial(id) ? OptionalInt.of(id) : OptionalInt.empty();
  }

  /** The turns of a prompt, without the assistant's that it opens. */
  private static List<Message> asked(String prompt) {
    List<Message> messages = messages(prompt);
    Message last = messages.getLast();
    return last.role().equals("assistant") && last.content().isEmpty()
        ? messages.subList(0, messages.size() - 1)
        : messages;
  }

  private Rendering render(List<Message> messages, boolean prompt) {
    return template.render(messages, tokenizer.beginName(), tokenizer.endName(), prompt);
  }

  /** The turns without the white space around them, which is the transcript's own. */
  private static List<Message> messages(String transcript) {
    Dialogue dialogue;
    try {
      dialogue = Dialogue.parse(transcript);
    } catch (IllegalArgumentException e) {
      throw new UserError("not a dialogue: " + e.getMessage(), e);
    }
    List<Message> messages = new ArrayList<>();
    for (Turn turn : dialogue.turns()) {
      messages.add(
          new Message(turn.role() == Role.HUMAN ? "user" : "assistant", turn.text().strip()));
    }
    return messages;
  }

  /** Where message i stands in the whole dialogue, its end token included. */
  private Span span(List<Message> messages, int i, Text whole) {
    String opened = render(messages.subList(0, i), true).text().characters();
    if (!whole.characters().startsWith(opened)) {
      throw new UserError(
          "the chat template opens the assistant's turn in another way than it writes one, and has"
              + " no generation blocks; which tokens are the assistant's cannot be told");
    }
    int from = opened.length();
    int end = whole.characters().length();
    int at = from;
    while (at < end) {
      int special = specialAt(whole, at);
      if (special >= 0) {
        return new Span(from, at + specials.get(special).getKey().length());
      }
      at++;
    }
    return new Span(from, end);
  }

  /** Which special token the template wrote at a place; -1 for none. */
  private int specialAt(Text text, int at) {
    if (!firsts.get(text.characters().charAt(at))) {
      return -1;
    }
    for (int i = 0; i < specials.size(); i++) {
      String name = specials.get(i).getKey();
      if (text.characters().startsWith(name, at) && !text.anyForeign(at, at + name.length())) {
        return i;
      }
    }
    return -1;
  }

  private Encoded encode(Text text, List<Span> spans) {
    int[] ids = new int[0];
    List<Boolean> assistant = new ArrayList<>();
    int from = 0;
    int at = 0;
    int length = text.characters().length();
    while (at <= length) {
      int place = at;
      boolean seam = spans.stream().anyMatch(span -> span.from() == place || span.to() == place);
      int special = at < length ? specialAt(text, at) : -1;
      if (at == length || seam || special >= 0) {
        ids = append(ids, words(text.characters().substring(from, at), ids.length == 0));
        mark(assistant, ids.length, inside(spans, from));
        from = at;
      }
      if (special >= 0) {
        at += specials.get(special).getKey().length();
        ids = append(ids, new int[] {specials.get(special).getValue()});
        mark(assistant, ids.length, inside(spans, from));
        from = at;
      } else {
        at++;
      }
    }
    if (ids.length == 0) {
      throw new UserError("the chat template writes nothing for a dialogue");
    }
    boolean[] mask = new boolean[assistant.size()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = assistant.get(i);
    }
    return new Encoded(ids, mask);
  }

  private int[] words(String text, boolean first) {
    if (text.isEmpty()) {
      return new int[0];
    }
    return first ? tokenizer.encode(text) : tokenizer.encodeAfter(text);
  }

  private static boolean inside(List<Span> spans, int at) {
    return spans.stream().anyMatch(span -> span.from() <= at && at < span.to());
  }

  private static void mark(List<Boolean> assistant, int to, boolean value) {
    while (assistant.size() < to) {
      assistant.add(value);
    }
  }

  private static int[] append(int[] ids, int[] more) {
    int[] all = Arrays.copyOf(ids, ids.length + more.length);
    System.arraycopy(more, 0, all, ids.length, more.length);
    return all;
  }
}
