package dev.plumbline.app.labelling;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.labelling.LabelExport;
import dev.plumbline.labelling.LabelMode;
import dev.plumbline.labelling.LabelSet;

/** Words for what labelling knows by enums. */
final class LabelWords {
  private LabelWords() {}

  static String dropped(LabelSet.Dropped reason, int count) {
    return switch (reason) {
      case WEAKEST -> Strings.text("labels.dropped.weakest", count);
      case TIE -> Strings.text("labels.dropped.tie", count);
      case BOTH_BAD -> Strings.text("labels.dropped.both_bad", count);
      case CANNOT_JUDGE -> Strings.text("labels.dropped.cannot_judge", count);
      case SKIPPED -> Strings.text("labels.dropped.skipped", count);
      case UNRESOLVED -> Strings.text("labels.dropped.unresolved", count);
      case CONTROL -> Strings.text("labels.dropped.control", count);
    };
  }

  static String form(LabelExport.Form form) {
    return switch (form) {
      case HH -> Strings.text("labels.form.hh");
      case TRL -> Strings.text("labels.form.trl");
      case TRL_CONVERSATIONAL -> Strings.text("labels.form.trl-conversational");
      case OPENAI -> Strings.text("labels.form.openai");
      case ARENA -> Strings.text("labels.form.arena");
      case CSV -> Strings.text("labels.form.csv");
    };
  }

  static String mode(LabelMode mode) {
    return switch (mode) {
      case HELPFUL -> Strings.text("labels.mode.helpful");
      case RED_TEAM -> Strings.text("labels.mode.red-team");
    };
  }

  static String question(LabelMode mode) {
    return switch (mode) {
      case HELPFUL -> Strings.text("labels.question.helpful");
      case RED_TEAM -> Strings.text("labels.question.red-team");
    };
  }

  /** The paper's own instruction, where a batch has no guidelines. */
  static String instruction(LabelMode mode) {
    return switch (mode) {
      case HELPFUL -> Strings.text("labels.guidelines.paper.helpful");
      case RED_TEAM -> Strings.text("labels.guidelines.paper.red-team");
    };
  }

  /** The paper's four strengths, from 1, the weakest. */
  static String strength(int level, String side) {
    return switch (level) {
      case 1 -> Strings.text("labels.scale.1", side);
      case 2 -> Strings.text("labels.scale.2", side);
      case 3 -> Strings.text("labels.scale.3", side);
      default -> Strings.text("labels.scale.4", side);
    };
  }

  static String rule(String rule) {
    return switch (rule) {
      case "uncertainty" -> Strings.text("labels.by.uncertainty");
      case "disagreement" -> Strings.text("labels.by.disagreement");
      default -> Strings.text("labels.by.random");
    };
  }

  static String key(LabelKey key) {
    return switch (key) {
      case TIE -> Strings.text("labels.key.tie");
      case BOTH_BAD -> Strings.text("labels.key.both_bad");
      case CANNOT_JUDGE -> Strings.text("labels.key.cannot_judge");
      case SKIP -> Strings.text("labels.key.skip");
      case FLAG -> Strings.text("labels.key.flag");
      case COMMENT -> Strings.text("labels.key.comment");
      case EDIT -> Strings.text("labels.key.edit");
      case MARKDOWN -> Strings.text("labels.key.markdown");
      case DIFFERENCE -> Strings.text("labels.key.difference");
      case TURNS -> Strings.text("labels.key.turns");
      case GO -> Strings.text("labels.key.go");
      case OPEN -> Strings.text("labels.key.open");
      case UNDO -> Strings.text("labels.key.undo");
      case NEXT -> Strings.text("labels.key.next");
    };
  }
}
