package dev.plumbline.app.labelling;

import dev.plumbline.app.shell.Actions;
import dev.plumbline.app.shell.Page;
import java.util.Locale;
import org.kordamp.ikonli.feather.Feather;

/**
 * What can be done with one key while a pair is shown; digits choose a strength. The keys can be
 * changed on the settings page.
 */
enum LabelKey {
  TIE("T", Feather.PAUSE),
  BOTH_BAD("X", Feather.THUMBS_DOWN),
  CANNOT_JUDGE("J", Feather.HELP_CIRCLE),
  SKIP("S", Feather.SKIP_FORWARD),
  FLAG("F", Feather.FLAG),
  COMMENT("C", Feather.MESSAGE_CIRCLE),
  EDIT("E", Feather.EDIT_2),
  DIFFERENCE("D", Feather.COLUMNS),
  MARKDOWN("M", Feather.CODE),
  TURNS("H", Feather.CHEVRONS_DOWN),
  GO("G", Feather.HASH),
  OPEN("N", Feather.ARROW_RIGHT),
  UNDO("U", Feather.ROTATE_CCW),
  NEXT("Enter", Feather.CHECK);

  private final String standard;
  private final Feather icon;

  LabelKey(String standard, Feather icon) {
    this.standard = standard;
    this.icon = icon;
  }

  /** The name under which the key is declared. */
  String id() {
    return "labels." + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Makes the keys known, before there is a page. */
  static void declare(Actions keys) {
    for (LabelKey key : values()) {
      keys.declare(Page.LABELS, key.id(), LabelWords.key(key), key.standard);
    }
  }

  Feather icon() {
    return icon;
  }

  /** What stands on the button of a key; empty where it was taken away. */
  static String shown(String words) {
    return words.equals("Enter") ? "⏎" : words;
  }
}
