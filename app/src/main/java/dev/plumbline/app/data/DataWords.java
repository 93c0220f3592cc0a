package dev.plumbline.app.data;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.DataField;
import dev.plumbline.data.DataForm;
import dev.plumbline.data.DataKind;

/** How things of data files are called. */
final class DataWords {
  private DataWords() {}

  static String kind(DataKind kind) {
    return switch (kind) {
      case COMPARISONS -> Strings.text("data.kind.comparisons");
      case DIALOGUES -> Strings.text("data.kind.dialogues");
      case PROMPTS -> Strings.text("data.kind.prompts");
    };
  }

  static String form(DataForm form) {
    return switch (form) {
      case HH -> Strings.text("data.form.hh");
      case EXPLICIT -> Strings.text("data.form.explicit");
      case CONVERSATIONS -> Strings.text("data.form.conversations");
      case OPENAI -> Strings.text("data.form.openai");
      case BATTLES -> Strings.text("data.form.battles");
      case LABEL_STUDIO -> Strings.text("data.form.labelstudio");
      case ARGILLA -> Strings.text("data.form.argilla");
      case UNPAIRED -> Strings.text("data.form.unpaired");
      case MESSAGES -> Strings.text("data.form.messages");
      case RED_TEAM -> Strings.text("data.form.redteam");
      case TEXTS -> Strings.text("data.form.texts");
      case PROMPTS -> Strings.text("data.form.prompts");
      case UNKNOWN -> Strings.text("data.form.unknown");
    };
  }

  static String field(DataField field, DataKind kind) {
    boolean pairs = kind == DataKind.COMPARISONS;
    return switch (field) {
      case PROMPT -> Strings.text("data.field.prompt");
      case CHOSEN -> Strings.text("data.field.chosen");
      case REJECTED -> Strings.text("data.field.rejected");
      case WINNER -> Strings.text("data.field.winner");
      case TEXT -> Strings.text("data.field.text");
      case RESPONSE -> Strings.text("data.field.response");
      case TRANCHE -> Strings.text("data.field.tranche");
      case SOURCE -> Strings.text("data.field.source");
      case MARGIN -> Strings.text("data.field.margin");
      case SCORE_CHOSEN ->
          pairs ? Strings.text("data.field.score.chosen") : Strings.text("data.field.score");
      case SCORE_REJECTED -> Strings.text("data.field.score.rejected");
    };
  }

  /** A share as per cent; a dash of nothing. */
  static String share(long part, long whole) {
    if (whole == 0) {
      return Numbers.NONE;
    }
    double percent = 100.0 * part / whole;
    // rounding makes neither none of some nor all of most
    return part > 0 && percent < 0.05
        ? "< 0.1 %"
        : part < whole && percent > 99.95 ? "> 99.9 %" : Numbers.fixed(percent, 1) + " %";
  }
}
