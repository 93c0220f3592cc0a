package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.TokenTrace;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** What one model wrote to one prompt. It stays while the run goes on and changes what changed. */
final class SampleCard extends VBox {
  /**
   * How a response is shown.
   *
   * @param trace what is known of its tokens
   * @param heat how they are coloured
   * @param against the text that it is compared with, or null
   */
  record Look(TokenTrace trace, HeatScale heat, @Nullable String against) {
    /** The text alone. */
    static final Look PLAIN = new Look(TokenTrace.NONE, HeatScale.NONE, null);
  }

  private final Label text = Ui.label("");
  private final TokenFlow tokens;
  private final DiffFlow diff = new DiffFlow();
  private final Label missing = Ui.label(Strings.text("samples.missing"), "subtle");
  private final Label note = Ui.label("", "subtle", "small-text");
  private final FlowPane facts = new FlowPane(16, 2);
  private Optional<ResponseSample> shown = Optional.empty();
  private Look look = Look.PLAIN;
  private boolean first = true;

  /**
   * @param reader takes the token that a person looks at
   */
  SampleCard(Consumer<TokenText.Shown> reader) {
    tokens = new TokenFlow(reader);
    getStyleClass().addAll("card", "sample");
    setMaxHeight(Double.MAX_VALUE);
    setMinWidth(0);
    text.setWrapText(true);
    text.getStyleClass().add("reading");
    text.setMinHeight(USE_PREF_SIZE);
    missing.setWrapText(true);
    note.setWrapText(true);
    for (Node each : List.of(text, tokens, diff, missing, note, facts)) {
      each.managedProperty().bind(each.visibleProperty());
    }
    facts.setPrefWrapLength(0);
    facts.setMinHeight(USE_PREF_SIZE);
    Ui.tip(facts, Strings.text("samples.facts.tip"));
    getChildren().addAll(text, tokens, diff, missing, Ui.spring(), note, facts);
  }

  /** Shows a response, or that there is none. */
  void show(Optional<ResponseSample> response, Look how) {
    if (!first && response.equals(shown) && how.equals(look)) {
      return;
    }
    first = false;
    shown = response;
    look = how;
    boolean compared = response.isPresent() && how.against() != null;
    boolean coloured =
        response.isPresent()
            && !compared
            && how.heat().quantity() != TokenQuantity.NONE
            && !how.trace().isEmpty();
    text.setVisible(response.isPresent() && !compared && !coloured);
    tokens.setVisible(coloured);
    diff.setVisible(compared);
    facts.setVisible(response.isPresent());
    missing.setVisible(response.isEmpty());
    note.setVisible(
        response.isPresent()
            && !compared
            && !coloured
            && how.heat().quantity() != TokenQuantity.NONE);
    note.setText(Strings.text("samples.token.unkept"));
    response.ifPresent(sample -> fill(sample, how, compared, coloured));
  }

  private void fill(ResponseSample sample, Look how, boolean compared, boolean coloured) {
    String written = sample.response().strip();
    if (compared && how.against() != null) {
      diff.show(WordDiff.of(how.against().strip(), written));
    } else if (coloured) {
      tokens.show(
          TokenText.words(sample, how.trace()), TokenText.rest(sample, how.trace()), how.heat());
    } else {
      text.setText(written.isEmpty() ? Strings.text("samples.blank") : written);
    }
    List<Excerpt.Fact> values = Excerpts.facts(sample);
    while (facts.getChildren().size() > values.size()) {
      facts.getChildren().removeLast();
    }
    for (int i = 0; i < values.size(); i++) {
      if (i == facts.getChildren().size()) {
        facts.getChildren().add(new FactLine());
      }
      ((FactLine) facts.getChildren().get(i)).show(values.get(i));
    }
  }

  /** A number with its name and unit. */
  private static final class FactLine extends HBox {
    private final Label name = Ui.whole("", "muted", "small-text");
    private final Label value = Ui.whole("", "strong", "small-text");

    FactLine() {
      super(5);
      getChildren().addAll(name, value);
      getStyleClass().add("row");
      setAlignment(Pos.BASELINE_LEFT);
    }

    void show(Excerpt.Fact fact) {
      name.setText(fact.name());
      value.setText(fact.value());
    }
  }
}
