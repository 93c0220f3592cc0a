package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The legend of the token colours, and the numbers of the token that was chosen last. */
final class HeatStrip extends VBox {
  private final Label name = Ui.whole("", "strong", "small-text");
  private final Label low = Ui.whole("", "muted", "small-text");
  private final Label high = Ui.whole("", "muted", "small-text");
  private final HBox swatches = new HBox();
  private final Label facts = Ui.label("", "small-text");

  HeatStrip() {
    getStyleClass().add("heat-strip");
    swatches.getStyleClass().add("heat-swatches");
    facts.setWrapText(true);
    facts.setMinHeight(Region.USE_PREF_SIZE);
    facts.setId("samples-token-facts");
    facts.setText(Strings.text("samples.token.hint"));
    HBox legend = Ui.row(8, name, low, swatches, high);
    getChildren().addAll(legend, facts);
    managedProperty().bind(visibleProperty());
  }

  void show(HeatScale heat) {
    setVisible(heat.quantity() != TokenQuantity.NONE);
    name.setText(heat.quantity().words());
    Ui.tip(name, heat.quantity().meaning());
    int decimals = heat.limit() < 0.1 ? 3 : heat.limit() < 10 ? 2 : 0;
    boolean signed = heat.quantity().scale() == TokenQuantity.Scale.SIGNED;
    low.setText(signed ? "\u2264 " + Numbers.fixed(-heat.limit(), decimals) : "0");
    high.setText(
        "\u2265 "
            + (signed
                ? Numbers.signed(heat.limit(), decimals)
                : Numbers.fixed(heat.limit(), decimals))
            + " nats");
    swatches.getChildren().clear();
    for (int i = 0; i < HeatScale.STEPS; i++) {
      Region swatch = new Region();
      swatch.getStyleClass().addAll("heat-swatch", (signed ? "tilt-" : "heat-") + i);
      Ui.tip(swatch, Numbers.signed(heat.middle(i), decimals) + " nats");
      swatches.getChildren().add(swatch);
    }
    setAccessibleText(heat.quantity().words() + ", " + low.getText() + " \u2013 " + high.getText());
  }

  /** Shows the numbers of a token. */
  void read(TokenText.Shown shown) {
    facts.setText(TokenText.facts(shown));
  }
}
