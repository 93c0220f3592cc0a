package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Strings;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javafx.scene.layout.Region;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

/** A response as what differs from another: what went is struck out, what came is underlined. */
final class DiffFlow extends TextFlow {
  DiffFlow() {
    setMinHeight(Region.USE_PREF_SIZE);
    getStyleClass().add("diff");
  }

  void show(List<WordDiff.Part> parts) {
    getChildren().clear();
    WordDiff.Change before = WordDiff.Change.SAME;
    for (WordDiff.Part part : parts) {
      if (before == WordDiff.Change.REMOVED && part.change() == WordDiff.Change.ADDED) {
        getChildren().add(new Text(" ")); // what went and what came for it are told apart
      }
      Text text = new Text(part.text());
      text.getStyleClass().add("diff-" + part.change().name().toLowerCase(Locale.ROOT));
      getChildren().add(text);
      before = part.change();
    }
    setAccessibleText(parts.stream().map(DiffFlow::said).collect(Collectors.joining()));
  }

  private static String said(WordDiff.Part part) {
    return switch (part.change()) {
      case SAME -> part.text();
      case REMOVED -> Strings.text("samples.diff.removed", part.text().strip());
      case ADDED -> Strings.text("samples.diff.added", part.text().strip());
    };
  }
}
