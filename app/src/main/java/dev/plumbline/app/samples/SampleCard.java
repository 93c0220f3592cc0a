package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.training.ResponseSample;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** What one model wrote to one prompt. It stays while the run goes on and changes what changed. */
final class SampleCard extends VBox {
  private final Label text = Ui.label("");
  private final Label missing = Ui.label(Strings.text("samples.missing"), "subtle");
  private final Fact score = new Fact(Strings.text("samples.score"));
  private final Fact kl = new Fact(Strings.text("samples.kl"));
  private final Fact logProbability = new Fact(Strings.text("samples.logprob"));
  private final Fact length = new Fact(Strings.text("samples.length"));
  private final GridPane facts = new GridPane();

  SampleCard(String question) {
    getStyleClass().addAll("card", "sample");
    setMaxHeight(Double.MAX_VALUE);
    Label asked = Ui.label(question, "muted", "small-text");
    asked.setWrapText(true);
    text.setWrapText(true);
    text.setMinHeight(USE_PREF_SIZE);
    text.managedProperty().bind(text.visibleProperty());
    missing.managedProperty().bind(missing.visibleProperty());
    facts.managedProperty().bind(facts.visibleProperty());
    facts.setHgap(18);
    facts.setVgap(2);
    facts.addRow(0, score, kl);
    facts.addRow(1, logProbability, length);
    Ui.tip(facts, Strings.text("samples.facts.tip"));
    getChildren().addAll(asked, text, missing, Ui.spring(), facts);
  }

  /** Shows a response, or that there is none. */
  void show(Optional<ResponseSample> response) {
    text.setVisible(response.isPresent());
    facts.setVisible(response.isPresent());
    missing.setVisible(response.isEmpty());
    response.ifPresent(
        sample -> {
          text.setText(sample.response().strip());
          score.show(Numbers.fixed(sample.pmScore(), 2), "nats");
          kl.show(
              Numbers.fixed(sample.logProbability() - sample.referenceLogProbability(), 2), "nats");
          logProbability.show(Numbers.fixed(sample.logProbability(), 1), "nats");
          length.show(
              Numbers.whole(sample.tokens()),
              sample.ended() ? Strings.text("samples.tokens") : Strings.text("samples.cut"));
        });
  }

  /** A number with its name and unit. */
  private static final class Fact extends HBox {
    private final Label value = Ui.whole("", "strong", "small-text");
    private final Label unit = Ui.whole("", "subtle", "small-text");

    Fact(String name) {
      super(5);
      Node title = Ui.whole(name, "muted", "small-text");
      getChildren().addAll(title, value, unit);
      getStyleClass().add("row");
      setAlignment(Pos.BASELINE_LEFT);
    }

    void show(String number, String measure) {
      value.setText(number);
      unit.setText(measure);
    }
  }
}
