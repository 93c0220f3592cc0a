package dev.plumbline.app.home;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is new in a version: its part of the changelog.
 *
 * @param version the version
 * @param items what changed
 */
public record News(String version, List<Item> items) {
  private static final String CHANGELOG = "/dev/plumbline/ui/CHANGELOG.md";
  private static final Pattern HEAD =
      Pattern.compile("\\*\\*(.+?)\\*\\*:?\\s*(.*)", Pattern.DOTALL);

  /**
   * One change.
   *
   * @param head what it is about, or empty
   * @param text what changed
   */
  public record Item(String head, String text) {
    /** The first sentence. */
    public String first() {
      Matcher end = Pattern.compile("[.:](?=\\s|$)").matcher(text);
      return end.find() ? text.substring(0, end.start()) + "." : text;
    }
  }

  public News {
    items = List.copyOf(items);
  }

  /**
   * The news of a version from the changelog that the program carries; empty where it carries none
   * or the changelog does not speak of the version.
   */
  public static Optional<News> of(String version) {
    try (InputStream stream = News.class.getResourceAsStream(CHANGELOG)) {
      return stream == null
          ? Optional.empty()
          : parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8), version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The part of a changelog in Markdown that is about a version: the list below its heading.
   *
   * @param version such as 0.1.0; what stands behind a hyphen does not count
   */
  static Optional<News> parse(String changelog, String version) {
    String wanted = version.replaceFirst("-.*", "");
    List<String> bullets = new ArrayList<>();
    boolean inside = false;
    boolean open = false;
    for (String line : changelog.lines().toList()) {
      if (line.startsWith("## ")) {
        inside = line.substring(3).strip().split("\\s", -1)[0].equals(wanted);
        open = false;
      } else if (inside && line.startsWith("- ")) {
        bullets.add(line.substring(2).strip());
        open = true;
      } else if (inside && open && line.startsWith("  ")) {
        bullets.add(bullets.removeLast() + " " + line.strip());
      } else {
        open = false;
      }
    }
    List<Item> items = new ArrayList<>();
    for (String bullet : bullets) {
      Matcher head = HEAD.matcher(bullet);
      items.add(
          head.matches()
              ? new Item(bare(head.group(1)), bare(head.group(2)))
              : new Item("", bare(bullet)));
    }
    return items.isEmpty() ? Optional.empty() : Optional.of(new News(wanted, items));
  }

  private static String bare(String markdown) {
    String text = markdown.replace("**", "").replace("`", "").strip();
    return text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
