package dev.plumbline.app.evaluation.ood;

import dev.plumbline.app.shell.Strings;

/** The two scores of an out-of-distribution measurement. */
enum Detector {
  /** The simplified relative Mahalanobis score. */
  RELATIVE("relative"),
  /** The squared Mahalanobis distance. */
  PLAIN("mahalanobis");

  private final String column;

  Detector(String column) {
    this.column = column;
  }

  /** What tables call it: a value of {@code method}, a column of {@code scores}. */
  String column() {
    return column;
  }

  /** Its name for people. */
  String title() {
    return switch (this) {
      case RELATIVE -> Strings.text("ood.relative");
      case PLAIN -> Strings.text("ood.plain");
    };
  }
}
