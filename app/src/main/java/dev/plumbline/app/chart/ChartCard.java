package dev.plumbline.app.chart;

import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.figure.Figure;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** A figure on a card: its title, what it is in a few words, room for buttons, and the chart. */
public final class ChartCard extends VBox {
  private final Label title = Ui.label("", "card-title");
  private final Label subtitle = Ui.label("", "subtle", "small-text");
  private final HBox head = Ui.row(10, title, subtitle, Ui.spring());
  private final FigureView view = new FigureView();
  private final Tooltip tip = Ui.tip(head, "");

  public ChartCard() {
    getStyleClass().addAll("card", "chart-card");
    title.setMinWidth(USE_PREF_SIZE);
    VBox.setVgrow(view, Priority.ALWAYS);
    getChildren().addAll(head, view);
  }

  /** Shows a figure; {@code definition} says what is measured, for the tooltip. */
  public void show(Figure figure, String definition) {
    title.setText(FigureView.plain(figure.title()));
    subtitle.setText(FigureView.plain(figure.subtitle()));
    tip.setText(definition.isEmpty() ? FigureView.plain(figure.caption()) : definition);
    view.show(figure);
  }

  public FigureView view() {
    return view;
  }

  /** The row of the title, for buttons. */
  public HBox head() {
    return head;
  }

  public void themed(Theme theme) {
    view.themed(theme);
  }
}
