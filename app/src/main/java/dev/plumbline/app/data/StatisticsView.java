package dev.plumbline.app.data;

import dev.plumbline.app.chart.ChartCard;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.data.DataKind;
import dev.plumbline.figure.DataCharts;
import dev.plumbline.workspace.DataFilter;
import dev.plumbline.workspace.DataStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** What the rows that are found are like; a bar leads to its rows. */
final class StatisticsView implements View {
  private static final int NAMES = 8;

  private final DataViewModel model;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final Label about = Ui.label("", "muted");
  private final Label rule = Ui.label("", "muted");
  private final Button clear;
  private final List<ChartCard> cards = new ArrayList<>();
  private final ChartCard tranches = card();
  private final ChartCard turns = card();
  private final ChartCard responses = card();
  private final ChartCard prompts = card();
  private final ChartCard sources = card();
  private final ChartCard margins = card();
  private final VBox root;

  StatisticsView(DataViewModel model) {
    this.model = model;
    clear =
        Ui.button(
            Strings.text("data.statistics.all"), Feather.X, () -> model.browse().filter().set(""));
    clear.getStyleClass().addAll("flat", "small");
    clear.managedProperty().bind(clear.visibleProperty());
    about.setId("data-statistics-about");
    rule.setId("data-statistics-rule");
    rule.setWrapText(true);
    rule.setMinHeight(Region.USE_PREF_SIZE);
    GridPane grid = new GridPane(10, 10);
    for (int i = 0; i < 3; i++) {
      ColumnConstraints column = new ColumnConstraints();
      column.setPercentWidth(100.0 / 3);
      grid.getColumnConstraints().add(column);
    }
    for (int i = 0; i < 2; i++) {
      RowConstraints row = new RowConstraints();
      row.setPercentHeight(50);
      row.setVgrow(Priority.ALWAYS);
      grid.getRowConstraints().add(row);
    }
    grid.addRow(0, tranches, turns, responses);
    grid.addRow(1, sources, margins, prompts);
    VBox.setVgrow(grid, Priority.ALWAYS);
    root = new VBox(8, Ui.card(Ui.row(8, about, Ui.spring(), clear), rule), grid);
    model.counts().statistics().subscribe(this::show);
  }

  private ChartCard card() {
    ChartCard card = new ChartCard();
    card.setMinSize(0, 0);
    cards.add(card);
    return card;
  }

  private void show(Optional<CountsViewModel.Counted> counted) {
    if (counted.isEmpty()) {
      about.setText(Strings.text("data.statistics.none"));
      rule.setText("");
      clear.setVisible(false);
      return;
    }
    DataStatistics found = counted.get().statistics();
    String filter = counted.get().filter().strip();
    boolean pairs = counted.get().file().mapping().kind() == DataKind.COMPARISONS;
    clear.setVisible(!filter.isEmpty());
    about.setText(
        filter.isEmpty()
            ? Strings.text("data.statistics.of", Numbers.whole(found.rows()))
            : Strings.text("data.statistics.some", Numbers.whole(found.rows()), filter));
    rule.setText(pairs && found.rows() > 0 ? lengthRule(found) : "");
    rule.setManaged(!rule.getText().isEmpty());
    named(tranches, Strings.text("data.statistics.tranches"), "tranche", found.tranches());
    named(sources, Strings.text("data.statistics.sources"), "source", found.sources());
    whole(
        turns,
        Strings.text("data.statistics.turns"),
        Strings.text("data.statistics.turns.unit"),
        "turns",
        List.of(new DataCharts.Counts("turns", "", found.turns())));
    List<DataCharts.Counts> lengths = new ArrayList<>();
    lengths.add(
        new DataCharts.Counts(
            "chosen_words", pairs ? Strings.text("data.field.chosen") : "", found.chosenWords()));
    if (pairs) {
      lengths.add(
          new DataCharts.Counts(
              "rejected_words", Strings.text("data.field.rejected"), found.rejectedWords()));
    }
    whole(
        responses,
        Strings.text("data.statistics.responses"),
        Strings.text("data.statistics.words"),
        "",
        lengths);
    whole(
        prompts,
        Strings.text("data.statistics.prompts"),
        Strings.text("data.statistics.words"),
        "prompt_words",
        List.of(new DataCharts.Counts("prompt_words", "", found.promptWords())));
    margins(found);
  }

  /**
   * The baseline that stands beside every accuracy, with a 95 % interval by the normal
   * approximation; ties count half, which makes the interval a little too wide.
   */
  private static String lengthRule(DataStatistics found) {
    long ties = found.rows() - found.chosenShorter() - found.chosenLonger();
    boolean shorter = found.chosenShorter() >= found.chosenLonger();
    long hits = shorter ? found.chosenShorter() : found.chosenLonger();
    double accuracy = (hits + ties / 2.0) / found.rows();
    double half = 1.96 * Math.sqrt(Math.max(0, accuracy * (1 - accuracy)) / found.rows());
    return Strings.text(
        "data.statistics.rule",
        shorter ? Strings.text("data.statistics.shorter") : Strings.text("data.statistics.longer"),
        Numbers.fixed(accuracy, 3),
        Numbers.fixed(half, 3),
        Numbers.whole(ties));
  }

  private void named(
      ChartCard card, String title, String column, List<DataStatistics.Count> counts) {
    List<DataStatistics.Count> most = counts.subList(0, Math.min(NAMES, counts.size()));
    boolean none = counts.size() == 1 && counts.getFirst().value().isEmpty();
    String more =
        counts.size() > NAMES ? Strings.text("data.statistics.names", NAMES, counts.size()) : "";
    card.show(
        DataCharts.named(
                title,
                more,
                none
                    ? List.of()
                    : most.stream()
                        .map(
                            each ->
                                each.value().isEmpty()
                                    ? Strings.text("data.statistics.without")
                                    : each.value())
                        .toList(),
                none ? new double[0] : most.stream().mapToDouble(each -> each.rows()).toArray())
            .withEmptyText(Strings.text("data.statistics.unnamed")),
        "");
    card.view()
        .onPick(
            hit -> {
              if (!none && hit.index() < most.size()) {
                model.showRows(with(DataFilter.text(column, most.get(hit.index()).value())));
              }
            });
  }

  private void whole(
      ChartCard card,
      String title,
      String unit,
      String column,
      List<DataCharts.Counts> distributions) {
    DataCharts.Histogram histogram = DataCharts.whole(title, unit, distributions);
    card.show(histogram.figure(), "");
    card.view()
        .onPick(
            hit ->
                model.showRows(
                    with(
                        range(
                            column.isEmpty() ? hit.series() : column,
                            histogram.least(hit.index()),
                            histogram.most(hit.index())))));
  }

  private static String range(String column, int least, int most) {
    return least == most ? column + ":" + least : column + ":" + least + ".." + most;
  }

  private void margins(DataStatistics found) {
    SortedMap<Double, Long> counts = found.margins();
    double width = found.marginWidth();
    margins.show(
        DataCharts.numbers(
                Strings.text("data.statistics.margins"),
                found.withMargin() == found.rows()
                    ? ""
                    : Strings.text(
                        "data.statistics.margins.some", Numbers.whole(found.withMargin())),
                Strings.text("data.column.margin"),
                counts,
                width)
            .withEmptyText(Strings.text("data.statistics.unknown")),
        "");
    List<Double> middles = List.copyOf(counts.keySet());
    margins
        .view()
        .onPick(
            hit -> {
              int place = hit.index() / 2;
              if (place < middles.size()) {
                double middle = middles.get(place);
                model.showRows(
                    with(
                        width == 0
                            ? "margin:" + number(middle)
                            : "margin>="
                                + number(middle - width / 2)
                                + " margin<"
                                + number(middle + width / 2)));
              }
            });
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6f", value)
        .replaceFirst("0+$", "")
        .replaceFirst("\\.$", "");
  }

  /** The filter with one term more. */
  private String with(String term) {
    String now = model.browse().filter().get().strip();
    return now.isEmpty() ? term : now + " " + term;
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  @Override
  public void shown() {
    model.counts().setCounting(true);
  }

  @Override
  public void hidden() {
    model.counts().setCounting(false);
  }

  @Override
  public void themed(Theme theme) {
    cards.forEach(card -> card.themed(theme));
  }
}
