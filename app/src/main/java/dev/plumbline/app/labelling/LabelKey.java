package dev.plumbline.app.labelling;

import javafx.scene.input.KeyCode;
import org.kordamp.ikonli.feather.Feather;

/** What can be done with one key while a pair is shown; digits choose a strength. */
enum LabelKey {
  TIE(KeyCode.T, Feather.PAUSE),
  BOTH_BAD(KeyCode.X, Feather.THUMBS_DOWN),
  CANNOT_JUDGE(KeyCode.J, Feather.HELP_CIRCLE),
  SKIP(KeyCode.S, Feather.SKIP_FORWARD),
  FLAG(KeyCode.F, Feather.FLAG),
  COMMENT(KeyCode.C, Feather.MESSAGE_CIRCLE),
  EDIT(KeyCode.E, Feather.EDIT_2),
  DIFFERENCE(KeyCode.D, Feather.COLUMNS),
  TURNS(KeyCode.H, Feather.CHEVRONS_DOWN),
  GO(KeyCode.G, Feather.HASH),
  OPEN(KeyCode.N, Feather.ARROW_RIGHT),
  UNDO(KeyCode.U, Feather.ROTATE_CCW),
  NEXT(KeyCode.ENTER, Feather.CHECK);

  private final KeyCode code;
  private final Feather icon;

  LabelKey(KeyCode code, Feather icon) {
    this.code = code;
    this.icon = icon;
  }

  KeyCode code() {
    return code;
  }

  Feather icon() {
    return icon;
  }

  /** What stands on the button. */
  String shown() {
    return this == NEXT ? "⏎" : code.getName();
  }
}
