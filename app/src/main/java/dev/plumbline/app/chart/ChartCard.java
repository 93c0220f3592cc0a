package dev.plumbline.app.chart;

import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.figure.Figure;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** A figure on a card: its title, what it is in a few words, room for buttons, and the chart. */
public final class ChartCard extends VBox {
  private final Label title = Ui.label("", "card-title");
  private final Label subtitle = Ui.label("", "subtle", "small-text");
  private final HBox head = Ui.row(8, title, subtitle, Ui.spring());
  private final FigureView view = new FigureView();
  private final StackPane plot = new StackPane(view);
  private final Button info = Ui.info(title::getText);
  private final Tooltip tip = Ui.tip(head, "");

  public ChartCard() {
    getStyleClass().addAll("card", "chart-card");
    title.setMinWidth(USE_PREF_SIZE);
    subtitle.setMinWidth(USE_PREF_SIZE);
    head.setMinWidth(0);
    info.setVisible(false);
    info.setManaged(false);
    head.getChildren().add(info);
    widthProperty().subscribe(this::arrange);
    plot.setMinSize(0, 0);
    VBox.setVgrow(plot, Priority.ALWAYS);
    getChildren().addAll(head, plot);
  }

  /** What stands beside the title goes below it where the card is narrow, so that it is whole. */
  private void arrange() {
    double room = getWidth() - snappedLeftInset() - snappedRightInset();
    if (room <= 0) {
      return;
    }
    double needed = subtitle.prefWidth(-1);
    for (Node node : head.getChildren()) {
      needed +=
          node.equals(subtitle) || !node.isManaged() ? 0 : node.prefWidth(-1) + head.getSpacing();
    }
    boolean beside = needed <= room;
    if (beside != head.getChildren().contains(subtitle)) {
      if (beside) {
        getChildren().remove(subtitle);
        head.getChildren().add(1, subtitle);
      } else {
        head.getChildren().remove(subtitle);
        getChildren().add(1, subtitle);
      }
    }
  }

  /** Shows a figure; {@code definition} says what is measured, for the tooltip. */
  public void show(Figure figure, String definition) {
    title.setText(FigureView.plain(figure.title()));
    subtitle.setText(FigureView.plain(figure.subtitle()));
    tip.setText(definition.isEmpty() ? FigureView.plain(figure.caption()) : definition);
    info.setVisible(!definition.isEmpty());
    info.setManaged(!definition.isEmpty());
    view.show(figure);
    arrange();
  }

  /** Lays something over the chart, such as a line to drag. */
  public void cover(Node node) {
    plot.getChildren().add(node);
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
